// SPDX-License-Identifier: GPL-3.0-or-later
//
// UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing past U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace halley {

bool is_utf8(std::string_view text);
// Invalid bytes become U+FFFD, one for each maximal invalid part (Unicode, table 3-8).
std::string repair_utf8(std::string_view text);
// The longest prefix of at most `limit` bytes that ends on a code point border.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);
// Length as JavaScript counts it; `text` must be valid.
std::size_t utf16_length(std::string_view text);
// One code point from valid text; advances `at`.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_utf8(std::string& out, char32_t code_point);
// XML 1.0, 2.2: Char.
bool is_xml_char(char32_t code_point);
// First position of a code point XML 1.0 forbids, or npos; `text` must be valid UTF-8.
std::size_t find_xml_illegal(std::string_view text);

}  // namespace halley
