// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a browser can do on a server, in the words of the chat dialect: from its capabilities and
// its ISUPPORT. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridges/irc/caps.hpp"
#include "bridges/irc/isupport.hpp"
#include "gateway/chat/command.hpp"

namespace halley::irc {

std::vector<std::string> features_of(cap_set caps, const isupport& names, bool allow_raw);

// How this server silences somebody in a room: before the mask, and the mode it is set with; an
// empty mode where it cannot.
struct mute_form {
  std::string mode;
  std::string before_mask;
};
mute_form mute_form_of(const isupport& names);

// What makes a ban of an account, before its name; empty where there is none.
std::string account_ban_of(const isupport& names);

// The mode letter of a list of this room; empty where the server has no such list.
std::string_view list_mode_of(const isupport& names, list_kind which);

// Whether the server holds each person in a room to a number of lines in a time, by +f
// lines:seconds. Who says more is removed.
bool has_line_limit(const isupport& names);

}  // namespace halley::irc
