// SPDX-License-Identifier: GPL-3.0-or-later
//
// Upper and lower case as protocols have it: 26 letters, whatever the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace halley {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string in_lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace halley
