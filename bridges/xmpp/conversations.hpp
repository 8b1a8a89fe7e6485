// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages that are not a room's: from person to person, private ones inside a room, copies from
// our other devices (XEP-0280), invitations (XEP-0045, 7.8; XEP-0249).
#pragma once

#include <cstdint>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/healing.hpp"
#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "gateway/base/stanza_reader.hpp"

namespace halley::xmpp {

class conversations {
 public:
  conversations(leg& session, rooms& around) : leg_(session), rooms_(around) {}

  void on_message(pugi::xml_node message, const stanza_head& head);
  // The stream is lost; the account was last heard at this time.
  void on_lost(unix_ms heard_at);
  // Where the account's archive has to be asked from; null if nothing was lost.
  const history_mark* lost_from() const { return lost_.get(); }
  // A message of the account's archive. False if it has been told already, or is none to tell.
  bool replay(const archive_item& item);
  void on_healed() { lost_.reset(); }

 private:
  void note_archived(pugi::xml_node message);
  bool on_carbon(pugi::xml_node message);
  bool on_invitation(pugi::xml_node message);
  // `replayed_at`: the time an archive gives it; 0: it comes live. False if nothing was told.
  bool tell(pugi::xml_node message, std::string_view other, bool self, unix_ms replayed_at = 0);
  // False if a message with this id has come lately.
  bool is_new(std::string_view id);

  static constexpr std::size_t kept_ids = 64;

  leg& leg_;
  rooms& rooms_;
  std::string last_archived_;         // the archive's id of the last message that had one
  std::unique_ptr<history_mark> lost_;
  std::vector<std::uint32_t> ids_;    // hashes of the last ones
  std::size_t next_id_ = 0;
};

}  // namespace halley::xmpp
