// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a browser can do on a server, in the words of the chat dialect: from its capabilities and
// its ISUPPORT. Pure.
#pragma once

#include <string>
#include <vector>

#include "bridges/irc/caps.hpp"
#include "bridges/irc/isupport.hpp"

namespace halley::irc {

std::vector<std::string> features_of(cap_set caps, const isupport& names, bool allow_raw);

// How this server silences somebody in a room: before the mask, and the mode it is set with; an
// empty mode where it cannot.
struct mute_form {
  std::string mode;
  std::string before_mask;
};
mute_form mute_form_of(const isupport& names);

}  // namespace halley::irc
