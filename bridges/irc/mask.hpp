// SPDX-License-Identifier: GPL-3.0-or-later
//
// Masks of people, nick!user@host with * and ?, as a room's lists hold them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "bridges/irc/isupport.hpp"

namespace halley::irc {

// Not just a nick.
bool is_mask(std::string_view who);

// Not a mask but a ban of another kind: "R:account", "$a:account", "m:*!*@*".
bool is_extended_ban(std::string_view who);

// As servers complete what stands for a part of a mask: a nick, or a host if it has dots.
std::string whole_mask(std::string_view part);

// Whether `text` (nick!user@host) fits a whole mask, in the server's case mapping.
bool fits_mask(std::string_view mask, std::string_view text, const isupport& names);

}  // namespace halley::irc
