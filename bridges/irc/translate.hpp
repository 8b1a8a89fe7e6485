// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line of a server to one event, as somebody sees it who did not cause it. Pure: a function of
// the line and of what its server says of itself, so that the sessions of one server can share the
// outcome. What is personal (my own line, the room my name is in) is added by the bridge.
#pragma once

#include <cstdint>
#include <optional>

#include "bridges/irc/isupport.hpp"
#include "bridges/irc/message.hpp"
#include "gateway/base/time.hpp"
#include "gateway/chat/event.hpp"

namespace halley::irc {

// Data for programs: TAGMSG with the type, a space and the JSON value.
inline constexpr std::string_view data_tag = "+halley/data";

enum class word : std::uint8_t {
  unknown,
  privmsg,
  notice,
  tagmsg,
  join,
  part,
  quit,
  nick,
  kick,
  mode,
  topic,
  invite,
  away,
  account,
  chghost,
  setname,
  redact,
  ping,
  pong,
  error,
  batch,
  cap,
  fail,
  warn,
  note,
  ack,
  authenticate,
  wallops,
  register_,
  verify,
  markread
};
word word_of(std::string_view command);
// Whether a line has what its command cannot be without; the others are dropped unread.
bool is_complete(word what, const message& line);

// The event, or nothing where the line has none (a bare PING, a mode of mine). `arrived` is the
// time of a line that brings none. For a private conversation `place::name` is the sender.
std::optional<event> translate(word what, const message& line, const isupport& names,
                               unix_ms arrived);

// Whether the same bytes go to everybody who sits in a room or shares one with the sender.
bool goes_to_many(word what, const message& line, const isupport& names);

unix_ms time_of(const message& line, unix_ms arrived);
// The mode changes in `line` from parameter `from` on ("+ov-b", "alice", ...).
std::vector<mode_change> read_modes(const message& line, std::size_t from, const isupport& names);
// "@+alice!a@host" of a NAMES reply; `mask` becomes what stands behind the nick.
member read_names_entry(std::string_view entry, const isupport& names, std::string_view& mask);

}  // namespace halley::irc
