// SPDX-License-Identifier: GPL-3.0-or-later
//
// The modes of a room as settings every network has, and back. Modes that mean something else on
// every server, or nothing to who looks after a room, are left to the mode command. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridges/irc/isupport.hpp"
#include "gateway/chat/command.hpp"
#include "gateway/chat/event.hpp"

namespace halley::irc {

// What this server has of them, with the values in `present` (324).
std::vector<room_setting> settings_of(const std::vector<mode_change>& present,
                                      const isupport& names);

// What is wrong with a wish, whatever the room is like; the field is the setting. Otherwise no code
// but `internal` and no text.
failure fault_in_setting(const setting_change& wish, const isupport& names);

// What leads from `present` to what is wished; nothing where it is so already.
std::vector<mode_change> changes_for(const std::vector<setting_change>& wishes,
                                     const std::vector<mode_change>& present,
                                     const isupport& names);

// The setting that this letter is for; empty: none.
std::string setting_of_mode(std::string_view letter, const isupport& names);

}  // namespace halley::irc
