// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/json_text.hpp"

#include <array>

namespace halley {
namespace {

// Bytes that cannot stand as they are. 0xE2 begins U+2028 and U+2029, which need a closer look.
constexpr std::array<bool, 256> make_special() {
  std::array<bool, 256> special{};
  for (std::size_t i = 0; i < 0x20; ++i) special[i] = true;
  special['"'] = special['\\'] = special['<'] = special[0x7F] = special[0xE2] = true;
  return special;
}
constexpr auto special = make_special();

void append_u_escape(std::string& out, unsigned value) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (!special[byte]) continue;
    if (byte == 0xE2) {
      const std::string_view three = text.substr(at, 3);
      if (three != "\xE2\x80\xA8" && three != "\xE2\x80\xA9") continue;
      out.append(text, begin, at - begin);
      append_u_escape(out, three[2] == '\xA8' ? 0x2028 : 0x2029);
      begin = at + 3;
      at += 2;
      continue;
    }
    out.append(text, begin, at - begin);
    begin = at + 1;
    switch (byte) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      default: append_u_escape(out, byte);
    }
  }
  out.append(text, begin, text.size() - begin);
  out += '"';
}

void append_json_value(std::string& out, std::string_view value) {
  bool in_string = false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (!in_string) {
      in_string = c == '"';
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') out += c;
      continue;
    }
    const std::string_view three = value.substr(at, 3);
    const bool separator = three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9";
    if (c == '<' || c == 0x7F || separator) {
      append_u_escape(out, separator ? three[2] == '\xA8' ? 0x2028 : 0x2029
                                     : static_cast<unsigned char>(c));
      if (separator) at += 2;
      continue;
    }
    out += c;
    if (c == '\\') out += value[++at];
    else if (c == '"') in_string = false;
  }
}

}  // namespace halley
