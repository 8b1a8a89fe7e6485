// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of IRC by name, and what is known of a line from its command alone. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "bridges/irc/isupport.hpp"
#include "bridges/irc/message.hpp"

namespace halley::irc {

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

// Whether the same bytes go to everybody who sits in a room or shares one with the sender.
bool goes_to_many(word what, const message& line, const isupport& names);

}  // namespace halley::irc
