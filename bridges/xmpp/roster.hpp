// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contacts of an account (RFC 6121): the list, its changes, who may see whom, and whether they
// are there. Contacts are told as presence events. A guest has none. Exists only for accounts.
#pragma once

#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "bridges/xmpp/leg.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class roster {
 public:
  explicit roster(leg& session) : leg_(session) {}

  // Asks for the list; nothing is told before begin_telling().
  void fetch();
  void begin_telling();
  void submit(std::uint64_t n, const contacts_command& what);
  void on_presence(pugi::xml_node presence);
  // An iq set that pushes a change; false if it is not genuine.
  bool on_push(pugi::xml_node iq);
  void describe(std::vector<event_ptr>& into) const;
  void on_lost();

 private:
  struct contact {
    std::string name;
    std::string subscription;        // none, to, from, both, ask
    std::vector<std::string> there;  // resources that are available
    bool away = false;
    std::string status;
    bool asks = false;  // wants to see us
  };
  void apply(pugi::xml_node item);
  void tell(presence_event what);
  presence_event event_of(const std::string& jid, const contact& who) const;
  void send_subscription(const std::string& to, const char* type);

  static constexpr std::size_t most = 5000;

  leg& leg_;
  bool telling_ = false;
  std::map<std::string, contact, std::less<>> contacts_;
};

}  // namespace halley::xmpp
