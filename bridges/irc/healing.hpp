// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a session has missed in a room, put together from the network's history: which question to
// ask (CHATHISTORY AFTER, IRCv3 draft/chathistory), which of its answers the log lacks, and the live
// lines that wait meanwhile so that the room is told in order. Pure; exists only from the loss to the
// end of the answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "bridges/irc/pending.hpp"
#include "gateway/base/time.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley::irc {

// The PING behind the JOINs of who comes back; what the server sends to those unasked comes before.
inline constexpr const char* healing_token = "healing";

// What tells one line from all others: its id; without one its time, sender and text.
std::uint64_t key_of(const said_event& line);

class room_healing {
 public:
  enum class state : std::uint8_t {
    waiting,    // until we are in the room again
    asked,      // for a page of history
    listening,  // for what the server may send unasked to those who join (InspIRCd, +H)
  };
  static constexpr std::size_t most_lines = 1000;  // replayed
  static constexpr std::size_t most_held = 500;
  static constexpr int most_pages = 20;

  // `last` is the last line the log has of the room; null: none since `since`, when it was joined.
  room_healing(std::string room, event_ptr last, unix_ms since);

  const std::string& room() const { return room_; }
  unix_ms from_at() const { return from_at_; }

  // "msgid=..." or "timestamp=...": what the next page is to come after.
  std::string reference(bool takes_ids);
  // One page of at most `limit` lines, oldest first. What the log lacks is moved to `fresh`. True if
  // there may be another page that is worth asking for.
  bool take_page(std::vector<said_event> page, std::uint32_t limit, std::vector<said_event>& fresh);
  // The server knows no such id: true if the time has not been tried yet.
  bool fall_back_to_time();
  // All that a server sends to who joins.
  void take_replay(std::vector<said_event> lines, std::vector<said_event>& fresh);

  // This one is known already: it does not count, and a live copy of it is told.
  void skip(const said_event& line);

  // A live line that has to wait. False: no place for it, the healing must end.
  bool hold(event_ptr live);
  // What was held and has not been replayed, oldest first.
  std::vector<event_ptr> release();

  state now = state::waiting;
  bool told = false;      // the gap has been told as one that heals
  std::uint32_t count = 0;  // what was told of it
  std::uint32_t kept = 0;   // lines the server keeps for who joins; 0: not known
  bool complete = false;  // nothing is missing, as far as the network knows

 private:
  void sift(std::vector<said_event>& lines, bool in_time, std::vector<said_event>& fresh);

  std::string room_;
  std::string after_id_;
  unix_ms after_at_;
  unix_ms from_at_;
  event_ptr last_;  // until it was found in the history
  std::unordered_set<std::uint64_t> replayed_;
  std::vector<event_ptr> held_;
  std::uint32_t count_ = 0;
  int pages_ = 0;
  bool by_time_ = false;   // the server knew no such id
  bool by_id_ = false;     // the last question named one
  bool cut_ = false;       // there was more than may be replayed
  bool reached_ = false;  // the history went back to what the log has
};

// The rooms of one session that heal, and its own lines whose fate the history will tell.
struct healing {
  std::vector<std::string> nicks;  // mine when it was lost
  unix_ms lost_at = 0;  // 0: the connection is good, the browser missed something
  std::vector<room_healing> rooms;
  std::vector<pending_command> unsettled;
  steady_ms deadline = INT64_MAX;  // after that it is told as incomplete
};

}  // namespace halley::irc
