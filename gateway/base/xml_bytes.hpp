// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a byte means to a splitter of XML, and how far runs of ordinary ones go. For stanza_reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halley::xmpp {

// What a byte is, and which runs of ordinary bytes it ends: most of a stanza lies in such runs.
enum byte_kind : std::uint8_t {
  ends_content = 1,
  ends_single = 2,  // an attribute value
  ends_double = 4,
  ends_name = 8,
  forbidden = 16,
  begins_name = 32,
  space = 64
};

constexpr std::array<std::uint8_t, 256> make_kinds() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    const bool name = letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    const bool control = c < 0x20 && !blank;
    const bool stops = control || c == '<' || c == '&';
    table[c] = static_cast<std::uint8_t>(
        (stops ? ends_content | ends_single | ends_double : 0) |
        (c == '\'' || c == '"' ? ends_single : 0) | (c == '"' ? ends_double : 0) |
        (name ? 0 : ends_name) | (control ? forbidden : 0) | (letter ? begins_name : 0) |
        (blank ? space : 0));
  }
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kinds = make_kinds();

inline bool is(char c, byte_kind what) {
  return (kinds[static_cast<std::uint8_t>(c)] & what) != 0;
}
inline bool is_space(char c) { return is(c, space); }
inline bool is_name_start(char c) { return is(c, begins_name); }
inline bool is_name_char(char c) { return !is(c, ends_name); }

// Where the run that begins at `at` ends; its bytes are or-ed into `bits`.
inline std::size_t run_end(std::string_view text, std::size_t at, std::uint8_t ends,
                           std::uint8_t& bits) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t size = text.size();
  std::uint8_t seen = bits;
  while (at < size && (kinds[bytes[at]] & ends) == 0) seen |= bytes[at++];
  bits = seen;
  return at;
}

}  // namespace halley::xmpp
