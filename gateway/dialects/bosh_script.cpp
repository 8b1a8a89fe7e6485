// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_script.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "gateway/base/utf8.hpp"

namespace halley {
namespace {

// Unicode 15, general category Cf, and the two line separators.
constexpr std::pair<char32_t, char32_t> escaped_ranges[] = {
    {0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},     {0x6DD, 0x6DD},
    {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},     {0x180E, 0x180E},
    {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x2064},   {0x2066, 0x206F},
    {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001},
    {0xE0020, 0xE007F}};

bool must_escape(char32_t c) {
  if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == 0x7F) return true;
  return std::any_of(std::begin(escaped_ranges), std::end(escaped_ranges),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

void append_unit(std::string& to, std::uint32_t unit) {
  constexpr char digits[] = "0123456789abcdef";
  to += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) to += digits[(unit >> shift) & 15];
}

void append_escape(std::string& to, char32_t c) {
  if (c < 0x10000) return append_unit(to, c);
  const std::uint32_t rest = c - 0x10000;
  append_unit(to, 0xD800 + (rest >> 10));
  append_unit(to, 0xDC00 + (rest & 0x3FF));
}

}  // namespace

std::string print_bosh_script(std::string_view body) {
  std::string out = "_BOSH_(\"";
  out.reserve(body.size() + body.size() / 8 + 12);
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(body, at);
    if (must_escape(c))
      append_escape(out, c);
    else
      out.append(body.substr(from, at - from));
  }
  return out += "\")";
}

bool bosh_octets::take(std::string_view octets, std::vector<std::string>& into) {
  using piece = xmpp::stanza_reader::piece;
  if (!std::exchange(begun_, true)) reader_.skip_header();
  reader_.feed(octets);
  for (;;) {
    switch (reader_.next()) {
      case piece::more:
        return true;
      case piece::stanza:
        into.emplace_back(reader_.text());
        break;
      default:
        return false;
    }
  }
}

}  // namespace halley
