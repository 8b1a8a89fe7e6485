// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions: which rooms there are, who is in one, who somebody is, whether the server answers; the
// room service of a domain; and the questions others ask us.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class queries {
 public:
  queries(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void submit(std::uint64_t n, const list_command& what);
  void submit(std::uint64_t n, const names_command& what);
  void submit(std::uint64_t n, const whois_command& what);
  void submit(std::uint64_t n, const ping_command& what);

  // Looks for the network's room service; `done` is called once, whether it was found or not.
  void find_room_service(std::function<void()> done);
  // What our account keeps for us.
  struct account_offers {
    bool archive = false;
    bool own_nodes = false;  // that it makes as they are asked for (XEP-0163, XEP-0060 7.1.5)
  };
  void look_at_account(std::function<void(account_offers)> done);
  // A question for us (iq get or set): answered here.
  void answer(pugi::xml_node iq);

 private:
  struct service_search;
  struct room_list;
  void look_at_item(const std::shared_ptr<service_search>& search);
  void ask_room_details(const std::shared_ptr<room_list>& list);
  void on_card(std::uint64_t n, person known, const reply& answer);

  leg& leg_;
  rooms& rooms_;
};

}  // namespace halley::xmpp
