// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/piece_rewriter.hpp"

#include <charconv>

#include "gateway/base/stanza_reader.hpp"
#include "gateway/base/utf8.hpp"
#include "gateway/base/xml_text.hpp"

namespace halley::xmpp {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::optional<char32_t> decode_reference(std::string_view name) {
  if (name == "lt") return U'<';
  if (name == "gt") return U'>';
  if (name == "amp") return U'&';
  if (name == "quot") return U'"';
  if (name == "apos") return U'\'';
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  const int base = name[1] == 'x' ? 16 : 10;
  name.remove_prefix(base == 16 ? 2 : 1);
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), value, base);
  if (ec != std::errc() || end != name.data() + name.size() || name.empty()) return std::nullopt;
  if (value > 0x10FFFF || !is_xml_char(static_cast<char32_t>(value))) return std::nullopt;
  return static_cast<char32_t>(value);
}

void rewrite_piece(std::string_view piece, std::string& into) {
  constexpr std::string_view opening = "<![CDATA[";
  into.reserve(piece.size());
  char quote = 0;
  bool in_tag = false;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const char c = piece[i];
    if (c == '&') {
      const std::size_t end = piece.find(';', i);
      if (const auto code = decode_reference(piece.substr(i + 1, end - i - 1))) {
        append_escaped(into, *code);
      }
      i = end;
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
        into += c;
      } else if (c == '"') {
        into += "&quot;";
      } else {
        into += c;
      }
    } else if (in_tag) {
      if (c == '"' || c == '\'') quote = c;
      if (c == '>') in_tag = false;
      into += c;
    } else if (c == '<' && piece.compare(i, opening.size(), opening) == 0) {
      const std::size_t begin = i + opening.size();
      const std::size_t end = piece.find("]]>", begin);
      for (const char inner : piece.substr(begin, end - begin)) {
        if (inner == '<' || inner == '>' || inner == '&') {
          append_escaped(into, static_cast<char32_t>(inner));
        } else {
          into += inner;
        }
      }
      i = end + 2;
    } else {
      in_tag = c == '<';
      into += c;
    }
  }
}

stanza_head read_head(std::string_view stanza) {
  stanza_head head;
  std::size_t at = 1;
  while (at < stanza.size() && !is_space(stanza[at]) && stanza[at] != '>' && stanza[at] != '/')
    ++at;
  head.name = stanza.substr(1, at - 1);
  while (at < stanza.size()) {
    while (at < stanza.size() && is_space(stanza[at])) ++at;
    if (at >= stanza.size() || stanza[at] == '>' || stanza[at] == '/') break;
    const std::size_t begin = at;
    while (at < stanza.size() && !is_space(stanza[at]) && stanza[at] != '=') ++at;
    const std::string_view name = stanza.substr(begin, at - begin);
    while (at < stanza.size() && stanza[at] != '"' && stanza[at] != '\'') ++at;
    if (at >= stanza.size()) break;
    const std::size_t end = stanza.find(stanza[at], at + 1);
    if (end == std::string_view::npos) break;
    const std::string_view value = stanza.substr(at + 1, end - at - 1);
    if (name == "from") head.from = value;
    if (name == "type") head.type = value;
    if (name == "id") head.id = value;
    if (name == "xmlns") head.space = value;
    if (name == "to") {
      head.to_at = at + 1;
      head.to_size = value.size();
    }
    at = end + 1;
  }
  head.end = std::min(stanza.size(), stanza.find('>', at) + 1);
  return head;
}

std::string decode_references(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '&') {
      out += raw[i];
      continue;
    }
    const std::size_t end = raw.find(';', i);
    if (end == std::string_view::npos) break;
    if (const auto code = decode_reference(raw.substr(i + 1, end - i - 1))) append_utf8(out, *code);
    i = end;
  }
  return out;
}

}  // namespace halley::xmpp
