// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events: what a browser is told. One vocabulary for every kind of network. Values only; how they
// look on the wire is a dialect's business (gateway/dialects/README.md for ours).
//
// `place` names where something happens: a room ("#halley", "lobby@rooms.example.org") or, for
// private conversations, the other side. Names are the network's own; browsers treat them as opaque.
// All strings are valid UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/chat/failure.hpp"
#include "gateway/chat/text.hpp"

namespace halley {

enum class role : std::uint8_t { visitor, voice, halfop, op, admin, owner };
inline constexpr int role_count = 6;

// The roles somebody holds in a room at once (IRC: prefixes; XMPP: role and affiliation). The empty
// set is an ordinary member.
class role_set {
 public:
  constexpr role_set() = default;
  constexpr explicit role_set(role one) { add(one); }
  constexpr void add(role one) { bits_ = static_cast<std::uint8_t>(bits_ | bit(one)); }
  constexpr void remove(role one) { bits_ = static_cast<std::uint8_t>(bits_ & ~bit(one)); }
  constexpr bool has(role one) const { return (bits_ & bit(one)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const role_set&) const = default;

 private:
  static constexpr std::uint8_t bit(role one) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(one));
  }
  std::uint8_t bits_ = 0;
};

struct place {
  std::string name;
  bool is_room = true;
  bool operator==(const place&) const = default;
};

enum class said_kind : std::uint8_t { message, action, notice };
enum class typing_state : std::uint8_t { active, paused, done };

struct member {
  std::string nick;
  role_set roles;
  bool away = false;
  bool self = false;
  std::string account;  // empty: unknown or none
};

// The session is registered with its network and may send. `features` are wire names of what this
// network can do (gateway/dialects/README.md, "Features"); what is not listed is not to be had.
struct online_event {
  std::string nick;
  std::string account;
  std::vector<std::string> features;
  std::uint32_t nick_limit = 0;   // in bytes; 0: unknown
  std::uint32_t room_limit = 0;
  std::uint32_t topic_limit = 0;
  // One message: its text and the name of whom it is for. What is longer becomes several; 0: nothing does.
  std::uint32_t line_limit = 0;
  std::string room_prefixes;      // characters a room name may begin with; empty: any
  bool resumed = false;           // back after a network loss: rooms are being rejoined
};

// Not registered (any more). While `final` is false the bridge goes on trying.
enum class login_step : std::uint8_t { resolve, connect, tls, gateway_password, login, sasl, running };
std::string_view login_step_name(login_step step);
struct offline_event {
  login_step step = login_step::connect;
  failure why;
  std::int64_t retry_in = 0;  // ms; 0 with final
  bool final = false;
};

struct joined_event {
  std::string room;
  std::string from;
  bool self = false;
  role_set roles;
  std::string account;
  std::string real_name;
  unix_ms at = 0;
};

// `room` empty: left the network, and so every room shared with the reader.
struct left_event {
  std::string room;
  std::string from;
  std::string text;  // the reason given
  bool self = false;
  unix_ms at = 0;
  // `self`, where nobody in particular removed us: "closed": the room is no more, "members_only": it is
  // open to its members only now; empty: neither.
  std::string why{};
  std::string moved_to{};  // closed: the room it goes on in; empty: none
};

// `room` empty: in every room.
struct nick_event {
  std::string room;
  std::string from;
  std::string to;
  bool self = false;
  unix_ms at = 0;
};

struct topic_event {
  std::string room;
  formatted topic;   // empty text: no topic
  std::string from;  // empty: unknown
  unix_ms at = 0;    // when it was set; 0: unknown
  bool initial = false;  // told on joining, not a change
};

// The people in a room, in parts of at most `part_size`. A part with `first` replaces what the
// browser had.
struct members_event {
  static constexpr std::size_t part_size = 500;
  std::string room;
  std::vector<member> members;
  bool first = true;
  bool last = true;
};

// Something about a person changed; only what is set did. `room` empty: in every room. `contact` is
// set for an XMPP roster entry instead of a room member.
struct presence_event {
  std::string room;
  std::string from;
  int away = -1;           // 0, 1, or -1: not told
  std::string text;        // away or status message
  bool has_roles = false;  // `roles` replaces what was known
  role_set roles;
  bool has_account = false;
  std::string account;
  std::string real_name;
  bool contact = false;
  std::string subscription;  // contacts: none, to, from, both, ask (they want to see us), removed
};

struct said_event {
  place where;
  std::string from;
  formatted body;
  said_kind kind = said_kind::message;
  unix_ms at = 0;
  std::string id;         // msgid, stanza-id; empty: the network has none
  std::string origin_id;  // the sender's own id for it (XEP-0359); empty if none
  std::string account;
  std::string reply_to;   // id of the message this answers
  std::string audience;   // IRC STATUSMSG prefix: only those with that role got it
  bool self = false;
  std::uint64_t echo_of = 0;  // own line: the number of the command that said it; 0: none
  bool replayed = false;      // fetched from the network's history to heal a gap
};

struct typing_event {
  place where;
  std::string from;
  typing_state state = typing_state::active;
};

// What data_command carries, from whoever said it. `value` is as the network gave it, which need not
// be JSON.
struct data_event {
  place where;
  std::string from;
  std::string type;
  std::string value;
  unix_ms at = 0;
  bool self = false;
  std::uint64_t echo_of = 0;  // as in said_event
};

// So many data_events were not told, because too much waited for the reader.
struct data_lost_event {
  std::uint32_t count = 0;
};

// `complete`: `reactions` replaces all that `from` had on that message; otherwise they are added.
struct reacted_event {
  place where;
  std::string from;
  std::string id;
  std::vector<std::string> reactions;
  bool complete = false;
  bool self = false;
};

struct edited_event {
  place where;
  std::string from;
  std::string id;  // of the message that is replaced
  formatted body;
  unix_ms at = 0;
  bool self = false;
};

struct retracted_event {
  place where;
  std::string from;  // who removed it: the author or a moderator
  std::string id;
  std::string text;  // reason
};

struct kicked_event {
  std::string room;
  std::string from;  // who did it; empty: the service
  std::string who;
  std::string text;
  bool ban = false;
  bool self = false;  // `who` is the reader
  unix_ms at = 0;
};

struct mode_change {
  bool set = true;
  std::string mode;   // the network's own name: "o", "m", "members_only"
  std::string value;  // parameter: a nick, a mask, a number; empty if none
  int as_role = -1;   // the `role` it grants or takes from the nick in `value`; -1: none
};
struct mode_event {
  std::string room;
  std::string from;
  std::vector<mode_change> changes;
  bool initial = false;  // told on joining, not a change
};

// How far the reader has read here, on this or another of his devices, as the network keeps it: the
// time of a message or its id, whichever the network knows.
struct read_marker_event {
  place where;
  std::string id;
  unix_ms at = 0;
};

// Older messages of a room or conversation, oldest first. Never mixed with live ones.
struct history_event {
  place where;
  std::vector<said_event> items;
  bool complete = false;   // there is nothing older (or, going forward, nothing newer)
  std::uint64_t n = 0;     // the history command it answers; 0: the network sent it on joining
};

// Events the reader will not get: the outbox bound was passed or the network lost some. With
// `healing` the network's history is being asked: lines that are `replayed` follow, then a
// healed_event for each room.
struct gap_event {
  std::string room;         // empty: any
  std::uint64_t from = 0;   // event numbers, both inclusive; 0 when the network lost them
  std::uint64_t to = 0;
  std::string reason;       // "ring", "network", "node"
  unix_ms from_at = 0;      // the time nothing is known of, where it is known; 0: not
  unix_ms to_at = 0;
  bool healing = false;
};

// What the network's history had for a gap of this room has been told. Not `complete`: some may be
// missing all the same.
struct healed_event {
  std::string room;
  bool complete = false;
  std::uint32_t count = 0;  // lines replayed
};

// What can be done in this room besides what `online` lists for the whole network; replaces what
// was told of it before. A room nothing is told of has nothing of its own.
struct room_features_event {
  std::string room;
  std::vector<std::string> features;
};

// The say command n has left for the network as a whole; its result follows.
// The line of a say command goes out so much later, as the network takes no more just now; `sent`
// follows then. Not told of less than a second.
struct waiting_event {
  std::uint64_t n = 0;
  std::int64_t ms = 0;
};
struct sent_event {
  std::uint64_t n = 0;
};

// What became of a room's members while nobody read quickly: one event instead of each joined, left
// and presence. Somebody who came and went is in neither list. `room` empty: left everywhere.
struct members_changed_event {
  std::string room;
  std::vector<member> joined;  // there now; replaces what was known of them
  std::vector<std::string> left;
};

struct person {  // answer to whois
  std::string nick;
  std::string user;
  std::string host;
  std::string real_name;
  std::string account;
  std::string server;
  std::string away;
  std::vector<std::string> rooms;
  std::vector<std::string> lines;  // what the network adds in its own words
  std::int64_t idle = -1;          // seconds; -1: unknown
  unix_ms signed_on = 0;
  bool secure = false;
  bool bot = false;
  bool operator_ = false;
};
struct room_entry {  // answer to list
  std::string room;
  std::string name;
  std::string topic;
  std::uint32_t members = 0;
};
struct list_entry {  // answer to mode with a list: bans, exceptions, invitations
  std::string mask;
  std::string by;
  unix_ms at = 0;
};
// One setting of a room, as a form shows it; answer to settings. `name` is one word for the same
// thing on every network (gateway/dialects/README.md, "Settings"), or the network's own.
enum class setting_type : std::uint8_t { flag, text, lines, secret, number, choice, choices };
struct room_setting {
  struct option {
    std::string value;
    std::string label;
  };
  std::string name;
  setting_type type = setting_type::flag;
  std::string label;                // the network's own words; empty: it has none
  std::vector<std::string> values;  // flag: "0" or "1"; lines, choices: any number; else one
  std::vector<option> options;      // choice, choices
};
using result_data = std::variant<std::monostate, person, std::vector<room_entry>,
                                 std::vector<list_entry>, std::vector<room_setting>>;

// The answer to one command: exactly one for each.
struct result_event {
  std::uint64_t n = 0;
  bool ok = true;
  failure why;       // when not ok
  result_data data;
  std::string id;    // say: the message's id where the network told it
};

// Something went wrong that answers no command.
struct error_event {
  std::string room;
  failure why;
};

// The network's own words to this session: MOTD, server notices, services.
struct notice_event {
  std::string from;  // empty: the server
  formatted body;
  std::string kind;  // "motd", "server", "service"
  unix_ms at = 0;
};

struct invited_event {
  std::string room;
  std::string from;
  std::string text;
  std::string key;
};

// The session is about to end; nothing follows.
struct closing_event {
  failure why;
  bool come_back = false;  // a new session may be asked for
};

using event = std::variant<online_event, offline_event, joined_event, left_event, nick_event,
                           topic_event, members_event, presence_event, said_event, typing_event,
                           reacted_event, edited_event, retracted_event, kicked_event, mode_event,
                           history_event, gap_event, result_event, error_event, notice_event,
                           invited_event, closing_event, healed_event, sent_event,
                           members_changed_event, data_event, data_lost_event, room_features_event,
                           waiting_event, read_marker_event>;

}  // namespace halley
