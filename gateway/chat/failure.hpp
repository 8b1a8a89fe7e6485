// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a browser is told when something it asked for cannot be done: a code for programs, the field
// at fault if there is one, and a sentence for people. One table maps each code to its wire name and
// its HTTP status.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halley {

enum class failure_code : unsigned char {
  // What was asked is wrong in itself.
  bad_request,        // not understood as a whole: not JSON, too deep, not an object
  bad_field,          // a field is missing, of the wrong type, too long or has a forbidden character
  unknown_command,    // "do" names nothing we know
  unknown_network,    // no such entry in the configuration (also: a host where a name belongs)
  unknown_session,    // no such session here, or it has ended
  too_large,          // body, frame or text past its limit
  too_many,           // sessions, commands or connections past a limit
  too_fast,           // rate limit
  not_allowed,        // policy of this gateway: origin, guest access, raw lines
  repeated_outside,   // a command number older than the window of kept results
  // What the network says.
  not_supported,      // this network cannot do it
  not_online,         // the network is not connected now
  nick_in_use,
  bad_nick,
  bad_password,       // SASL or account credentials refused
  account_needed,     // registered or identified users only
  not_in_room,        // a command for a room this session has not joined
  no_such_room,
  no_such_nick,
  bad_room,           // room name the network does not allow
  room_full,
  invite_only,
  room_key,           // a key (password) is needed or wrong
  banned,
  cannot_speak,       // moderated, muted, or messages from outside refused
  no_privilege,       // needs operator, moderator or owner
  too_many_rooms,
  refused,            // anything else the network said no to; text has its words
  timed_out,          // no answer within the time allowed
  lost,               // the connection went away before the answer came
  internal
};

// Wire name, for example "nick_in_use".
std::string_view failure_name(failure_code code);
int failure_status(failure_code code);

struct failure {
  failure_code code = failure_code::internal;
  std::string text;   // a sentence; plain words, no numerics
  std::string field;  // the command or body field at fault; empty if none
  std::int64_t retry_after = 0;  // ms until it may be asked again; 0: not known
};

}  // namespace halley
