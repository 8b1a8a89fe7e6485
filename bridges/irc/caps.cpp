// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/caps.hpp"

namespace halley::irc {

cap find_cap(std::string_view name) {
  // COMPAT(inspircd 3): standard replies have a vendor name there.
  if (name == "inspircd.org/standard-replies") return cap::standard_replies;
  for (std::size_t i = 0; i < cap_names.size(); ++i)
    if (cap_names[i] == name) return static_cast<cap>(i);
  return cap::count;
}

}  // namespace halley::irc
