// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose turn it is to connect to a server: a few at a time from the whole process, in the order they
// asked. Shared by all shards, so it has a lock, which is held for a moment when a connection is
// made and never while one lives. Owned by link_commons.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/base/reactor.hpp"

namespace halley {

class connect_turns {
 public:
  // One link's turn: waited for, had, given back. Belongs to its shard; its loop outlives it.
  class turn {
   public:
    // `on_turn(owner)` is called from the loop when the turn comes, never from inside take().
    turn(connect_turns& all, reactor& loop, void (*on_turn)(void*), void* owner);
    ~turn() { give_back(); }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    // Asks for a turn with this server ("192.0.2.1:6667"). True: it has come already.
    bool take(const std::string& server);
    // The turn is over, or not wanted any more.
    void give_back();

   private:
    friend class connect_turns;
    enum class state : std::uint8_t { none, waiting, taken };
    connect_turns& all_;
    reactor& loop_;
    void (*on_turn_)(void*);
    void* owner_;
    std::string server_;
    std::shared_ptr<bool> wanted_;  // a turn that comes after it was given up finds nobody
    state state_ = state::none;     // under the lock of all_
  };

  explicit connect_turns(std::size_t at_once) : at_once_(at_once) {}

 private:
  struct line {
    std::size_t taken = 0;
    std::deque<turn*> waiting;
  };
  bool take(turn& one);
  void give_back(turn& one);

  const std::size_t at_once_;
  std::mutex lock_;
  std::map<std::string, line> lines_;  // of the servers that somebody connects to just now
};

}  // namespace halley
