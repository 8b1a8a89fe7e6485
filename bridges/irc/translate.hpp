// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of a server to one event, as somebody sees it who did not cause it. Pure: a function of
// the line and of what its server says of itself, so that the sessions of one server can share the
// outcome. What is personal (my own line, the room my name is in) is added by the bridge.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "bridges/irc/isupport.hpp"
#include "bridges/irc/message.hpp"
#include "bridges/irc/words.hpp"
#include "gateway/base/time.hpp"
#include "gateway/chat/event.hpp"

namespace halley::irc {

// Data for programs: TAGMSG with the type, a space and the JSON value.
inline constexpr std::string_view data_tag = "+halley/data";

// The event, or nothing where the line has none (a bare PING, a mode of mine). `arrived` is the
// time of a line that brings none. For a private conversation `place::name` is the sender.
std::optional<event> translate(word what, const message& line, const isupport& names,
                               unix_ms arrived);

unix_ms time_of(const message& line, unix_ms arrived);
// The mode changes in `line` from parameter `from` on ("+ov-b", "alice", ...).
std::vector<mode_change> read_modes(const message& line, std::size_t from, const isupport& names);
// "@+alice!a@host" of a NAMES reply; `mask` becomes what stands behind the nick.
member read_names_entry(std::string_view entry, const isupport& names, std::string_view& mask);

}  // namespace halley::irc
