// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far somebody with an account has read in his rooms, as his server keeps it for all his devices
// (XEP-0490, Message Displayed Synchronization). Owned by the bridge, which makes one only where the
// server of the account can keep it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bridges/mark_pacing.hpp"
#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class displayed {
 public:
  displayed(leg& session, rooms& around);

  // Asks for what there is, on a new stream.
  void fetch();
  // The stream goes on: what waits may be told.
  void go_on() { arm(); }
  void submit(std::uint64_t n, const mark_read_command& what);
  // True: the stanza told what another device has read, or what we have.
  bool on_message(pugi::xml_node message);
  // A room has been entered: what is known of it.
  void on_entered(const std::string& room);
  void describe(std::vector<event_ptr>& into) const;
  // Before the session leaves: what still waited for its turn.
  void tell_last();

 private:
  void take(pugi::xml_node item);
  void tell(const std::string& room, const std::string& id);
  void publish(const mark_pacing::mark& what);
  void on_turn();
  void arm();

  static constexpr std::size_t most_known = 500;  // rooms; those of a busy account

  leg& leg_;
  rooms& rooms_;
  mark_pacing pacing_;
  std::map<std::string, std::string, std::less<>> known_;  // room -> id of the last line read
  wheel_timer timer_;
};

}  // namespace halley::xmpp
