// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/mask.hpp"

namespace halley::irc {

bool is_mask(std::string_view who) {
  return who.find_first_of("!@*?:$~") != std::string_view::npos;
}

bool is_extended_ban(std::string_view who) {
  if (who.starts_with('$') || who.starts_with('~')) return true;
  const std::size_t colon = who.find(':');
  return colon != std::string_view::npos &&
         who.substr(0, colon).find_first_of("!@.*?") == who.npos &&
         who.find(':', colon + 1) == who.npos;  // two are of an IPv6 address
}

std::string whole_mask(std::string_view part) {
  const std::string text(part);
  const bool has_user = part.find('!') != std::string_view::npos;
  const bool has_host = part.find('@') != std::string_view::npos;
  if (has_user) return has_host ? text : text + "@*";
  if (has_host) return "*!" + text;
  return part.find_first_of(".:") != std::string_view::npos ? "*!*@" + text : text + "!*@*";
}

// The last star is the only one that has to be gone back to.
bool fits_mask(std::string_view mask, std::string_view text, const isupport& names) {
  std::size_t m = 0, t = 0;
  std::size_t star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (m < mask.size() && mask[m] == '*') {
      star = m++;
      from = t;
    } else if (m < mask.size() && (mask[m] == '?' || names.fold(mask[m]) == names.fold(text[t]))) {
      ++m;
      ++t;
    } else if (star != std::string_view::npos) {
      m = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  return mask.find_first_not_of('*', m) == std::string_view::npos;
}

}  // namespace halley::irc
