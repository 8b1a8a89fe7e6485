// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/xml_text.hpp"

#include "gateway/base/utf8.hpp"

namespace halley::xmpp {
namespace {

void append_valid(std::string& out, std::string_view value) {
  for (std::size_t at = 0; at < value.size();) {
    const char32_t code = next_code_point(value, at);
    append_escaped(out, is_xml_char(code) ? code : U'\uFFFD');
  }
}

}  // namespace

void append_escaped(std::string& out, char32_t c) {
  switch (c) {
    case U'<':
      out += "&lt;";
      break;
    case U'>':
      out += "&gt;";
      break;
    case U'&':
      out += "&amp;";
      break;
    case U'"':
      out += "&quot;";
      break;
    case U'\'':
      out += "&apos;";
      break;
    default:
      append_utf8(out, c);
  }
}

void append_escaped(std::string& out, std::string_view value) {
  if (is_utf8(value)) {
    append_valid(out, value);
  } else {
    append_valid(out, repair_utf8(value));
  }
}

}  // namespace halley::xmpp
