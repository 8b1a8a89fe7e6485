// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a session says: messages, corrections, retractions, reactions, typing, topics. To a room the
// answer is the room's own copy coming back. To a person the network sends none: the answer is given,
// with the line as the browser shall see it, when the server acknowledges the line, or at once where
// it acknowledges nothing.
#pragma once

#include <cstdint>
#include <string>

#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class speaking {
 public:
  speaking(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void submit(std::uint64_t n, const say_command& what);
  void submit(std::uint64_t n, const edit_command& what);
  void submit(std::uint64_t n, const retract_command& what);
  void submit(std::uint64_t n, const react_command& what);
  void submit(std::uint64_t n, const typing_command& what);
  void submit(std::uint64_t n, const data_command& what);
  void submit(std::uint64_t n, const topic_command& what);

 private:
  struct addressee {
    joined_room* room = nullptr;  // null: a person
    std::string jid;
    std::string own_name;  // as which we speak there
    bool valid = false;    // false: the command has been refused
  };
  addressee find(std::uint64_t n, const std::string& to);
  xml_writer begin(const addressee& to, const std::string& id) const;
  void send(std::uint64_t n, const addressee& to, const std::string& id, xml_writer&& stanza,
            event own_line);

  leg& leg_;
  rooms& rooms_;
};

}  // namespace halley::xmpp
