// SPDX-License-Identifier: GPL-3.0-or-later
//
// Power in a room (XEP-0045, 8 to 10): roles and affiliations, kick, ban, mute, the list of bans,
// invitations, and the settings of a room.
#pragma once

#include <cstdint>
#include <functional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class moderation {
 public:
  moderation(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void submit(std::uint64_t n, const mode_command& what);
  void submit(std::uint64_t n, const settings_command& what);
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
  // room_settings.cpp; `then` gets the form as it is after the changes.
  using form_handler = std::function<void(pugi::xml_node form)>;
  void change_modes(std::uint64_t n, const joined_room& room, const mode_command& what);
  void change_settings(std::uint64_t n, const std::string& room,
                       std::vector<setting_change> changes, form_handler then);
  void ask_form(std::uint64_t n, const std::string& room, leg::handler then);
  void send_form(std::uint64_t n, const std::string& room, pugi::xml_node form,
                 const std::vector<setting_change>& changes, std::function<void()> then);
  void on_changed(std::uint64_t n, const std::string& room,
                  const std::vector<setting_change>& changes,
                  const std::vector<room_setting>& before, pugi::xml_node form,
                  const form_handler& then);
  leg::handler plain_answer(std::uint64_t n);

  leg& leg_;
  rooms& rooms_;
};

}  // namespace halley::xmpp
