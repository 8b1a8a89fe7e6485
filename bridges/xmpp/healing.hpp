// SPDX-License-Identifier: GPL-3.0-or-later
//
// After a loss: what a room said meanwhile is fetched from its archive (XEP-0313) and told in order,
// each line once, before anything that comes live; what this session itself said last finds its true
// fate there. The same for what the browser's own log has lost, and for an account's conversations.
// Bounded in lines, in lines held back and in time; past a bound people are told of a loss.
//
// A room that was left without knowing what came last has a `room_healing` from then on, until its
// history has been told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "bridges/xmpp/archive_query.hpp"
#include "bridges/xmpp/decode.hpp"
#include "bridges/xmpp/leg.hpp"

namespace halley::xmpp {

class rooms;
class conversations;
struct joined_room;

// Where what is known ends.
struct history_mark {
  std::string id;  // the archive's, of the last line told; empty: none was
  unix_ms at = 0;  // that line's time, or when the room was last heard
};

// Something the room said while its history was still coming.
struct held_line {
  event_ptr line;
  std::string id;  // its sender's, where we are the sender
  bool own = false;
};

struct room_healing {
  enum class state : std::uint8_t { out, asking };
  history_mark from;
  std::string nick;         // ours before the loss
  state at = state::out;    // not in the room yet; or the archive is being asked
  bool was_told = false;    // a gap was told, so its end must be
  bool is_log = false;      // the browser's log lost it: what was told before is told again
  bool by_time = false;     // the archive does not know the line we know
  std::string query;        // under way
  std::uint32_t count = 0;  // lines told
  std::unordered_set<std::string> told;
  std::vector<held_line> held;
};

// Marks words of our own, said by the command `n` (0: by none still waiting).
void mark_own(event& line, bool own, std::uint64_t n);

class healing final : public overdue_listener {
 public:
  healing(leg& session, rooms& around, conversations& talks)
      : leg_(session), rooms_(around), conversations_(talks) {}

  // In the room again: asks its archive. Where there is none, the history that the room sends on
  // entering has to do.
  void begin(joined_room& room);
  void use_history(joined_room& room, const std::vector<event_ptr>& lines);
  // The browser lost everything since then (bridge::heal). False if no room has an archive.
  bool heal_since(unix_ms since);
  // The account's archive, from where it was last heard.
  void heal_conversations(const history_mark& from);
  // False if the item belongs to nothing asked for here.
  bool on_item(const archive_item& item);
  // Holds a line back while the room's history is coming. False: tell it now.
  bool hold(joined_room& room, const event_ptr& line, std::string id, bool own);
  // The session is out of this room for good.
  void abandon(joined_room& room);
  void on_overdue(const std::string& room) override;

 private:
  // Asks for the next page of the room's archive.
  void ask(joined_room& room, std::string after);
  void on_page(const std::string& name, const std::string& query, const reply& answer);
  void replay(joined_room& room, const archive_item& item);
  bool is_known(const room_healing& heal, const archive_item& item) const;
  void finish(joined_room& room, bool complete);
  void settle_doubts(const std::string& to, bool complete, bool may_repeat);
  void ask_conversations(std::string after);
  void on_conversations_page(const reply& answer);
  void finish_conversations(bool complete);

  leg& leg_;
  rooms& rooms_;
  conversations& conversations_;
  std::unique_ptr<room_healing> talks_;  // the account's, while its archive is asked
};

}  // namespace halley::xmpp
