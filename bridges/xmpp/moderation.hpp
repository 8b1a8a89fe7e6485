// SPDX-License-Identifier: GPL-3.0-or-later
//
// Power in a room (XEP-0045, 8 to 10): roles and affiliations, kick, ban, mute, the list of bans,
// invitations, and the settings of a room under short names ("members_only", "moderated").
#pragma once

#include <cstdint>
#include <string>

#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class moderation {
 public:
  moderation(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void submit(std::uint64_t n, const mode_command& what);
  void submit(std::uint64_t n, const kick_command& what);
  void submit(std::uint64_t n, const invite_command& what);
  // What somebody else said in a room, which only the room can take away (XEP-0425). False: it is
  // for its author to retract.
  bool take_away(std::uint64_t n, const retract_command& what);

 private:
  void set_power(std::uint64_t n, const joined_room& room, const char* kind, const char* value,
                 const std::string& who, const std::string& reason);
  void give_role(std::uint64_t n, const joined_room& room, const mode_command& what);
  void ask_list(std::uint64_t n, const joined_room& room, const char* affiliation);
  void change_settings(std::uint64_t n, const joined_room& room, const mode_command& what);
  void on_settings(std::uint64_t n, const std::string& room, const mode_command& what,
                   const reply& answer);
  leg::handler plain_answer(std::uint64_t n);

  leg& leg_;
  rooms& rooms_;
};

}  // namespace halley::xmpp
