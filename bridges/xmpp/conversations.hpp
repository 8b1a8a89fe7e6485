// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages that are not a room's: from person to person, private ones inside a room, copies from
// our other devices (XEP-0280), invitations (XEP-0045, 7.8; XEP-0249).
#pragma once

#include <pugixml.hpp>
#include <string_view>

#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "bridges/xmpp/stanza_reader.hpp"

namespace halley::xmpp {

class conversations {
 public:
  conversations(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void on_message(pugi::xml_node message, const stanza_head& head);

 private:
  bool on_carbon(pugi::xml_node message);
  bool on_invitation(pugi::xml_node message);
  void tell(pugi::xml_node message, std::string_view other, bool self);

  leg& leg_;
  rooms& rooms_;
};

}  // namespace halley::xmpp
