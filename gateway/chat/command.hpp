// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands: what a browser asks. Values only. Every string has been checked when it stands in one
// of these (gateway/chat/check.hpp): valid UTF-8, no NUL, no CR; LF only in say and edit texts;
// no code point XML 1.0 forbids; within the length limits of `field_limits`.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/chat/event.hpp"

namespace halley {

struct join_command {
  std::string room;
  std::string key;
};
struct part_command {
  std::string room;
  std::string text;
};
// `to` is a room or a person, as place::name has them.
struct say_command {
  std::string to;
  std::string text;  // may have several lines
  said_kind kind = said_kind::message;
  std::string reply_to;
};
struct nick_command {
  std::string nick;
};
// Without `set` the topic is asked for.
struct topic_command {
  std::string room;
  std::string text;
  bool set = false;
};
struct names_command {
  std::string room;
};
struct list_command {
  std::string filter;  // substring; empty: all
};
struct whois_command {
  std::string nick;
  std::string room;  // XMPP: where the nick is known; may be empty
};
struct away_command {
  std::string text;  // empty: back
};
struct typing_command {
  std::string to;
  typing_state state = typing_state::active;
};
// Something for programs, of which the network knows nothing but who gets it: not kept, not healed.
struct data_command {
  std::string to;
  std::string type;   // what `value` is: 1 to 64 printable ASCII characters without space
  std::string value;  // one JSON value, printed
};
struct react_command {
  std::string to;
  std::string id;
  std::vector<std::string> reactions;  // all of mine on that message
};
struct edit_command {
  std::string to;
  std::string id;
  std::string text;
};
struct retract_command {
  std::string to;
  std::string id;
  std::string text;
};
// Everything up to this message has been read: its time, and its id where it has one.
struct mark_read_command {
  std::string to;
  std::string id;
  unix_ms at = 0;
};
// At most one of the bounds; none: the latest.
struct history_command {
  std::string to;
  std::string before;  // message id
  std::string after;
  unix_ms before_at = 0;
  unix_ms after_at = 0;
  std::uint32_t limit = 50;
};
enum class mode_verb : std::uint8_t {
  raw,   // `changes` in the network's own names
  role,  // give (`set`) or take `as_role` to or from `who`
  ban,   // `who`: a nick or a mask; the bridge makes the mask
  mute,
  list,  // answered by a result with data; with `who`: whom in the room an entry for him meets
  slow,  // one line of each person in `every_s`; 0: as many as he likes
  entry  // put `who` on the list (`set`) or take him off it: a nick, a mask or what the list says
};
// Whom a room keeps out, whom it lets in all the same, whom it lets in that is open to few.
enum class list_kind : std::uint8_t { bans, exceptions, invites };
struct mode_command {
  std::string room;
  mode_verb verb = mode_verb::raw;
  bool set = true;
  role as_role = role::op;
  std::string who;
  std::string text;          // reason
  list_kind list = list_kind::bans;
  bool by_account = false;    // a ban: `who` is an account, on whatever connection it comes
  std::int64_t lasts_ms = 0;  // a ban: lifted by the network after so long; 0: not by itself
  std::uint32_t every_s = 0;
  std::vector<mode_change> changes;
};
// Answered with all settings of the room as they are then; `changes` are made before.
struct setting_change {
  std::string name;
  std::vector<std::string> values;  // as in room_setting
};
struct settings_command {
  std::string room;
  std::vector<setting_change> changes;
};
struct kick_command {
  std::string room;
  std::string nick;
  std::string text;
};
struct invite_command {
  std::string room;
  std::string nick;
  std::string text;
};
// IRC: draft/account-registration; XMPP: XEP-0077.
struct register_command {
  std::string account;
  std::string password;
  std::string email;
};
struct login_command {
  std::string account;
  std::string password;
};
enum class contact_verb : std::uint8_t { list, add, remove, accept, refuse };
struct contacts_command {
  contact_verb verb = contact_verb::list;
  std::string who;
};
struct raw_command {
  std::string line;
};
struct ping_command {};

using command = std::variant<join_command, part_command, say_command, nick_command, topic_command,
                             names_command, list_command, whois_command, away_command,
                             typing_command, react_command, edit_command, retract_command,
                             history_command, mode_command, kick_command, invite_command,
                             register_command, login_command, contacts_command, raw_command,
                             ping_command, data_command, mark_read_command,
                             settings_command>;

// Wire name: "join", "say", ...
std::string_view command_name(const command& what);

// A command with the number its sender gave it: positive and increasing within a session.
struct numbered_command {
  std::uint64_t n = 0;
  command what;
};

}  // namespace halley
