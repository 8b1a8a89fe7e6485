// SPDX-License-Identifier: GPL-3.0-or-later
//
// The raw conversations of one shard: owns them, and knows which of them a token means. A token is
// made like a session's id (session_key), so that any shard can tell whose it is, and changes with
// every use. The next one may be lost on its way, so the one before holds until it is known to have been read.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/base/counter.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/session/raw_leg.hpp"
#include "gateway/session/session_table.hpp"
#include "gateway/session/tunnel.hpp"

namespace halley {

// Which network a name in the conversation means.
class tunnel_directory {
 public:
  // Null if no network is open to raw dialects under this domain.
  virtual tunnel_network* by_domain(std::string_view domain) const = 0;

 protected:
  ~tunnel_directory() = default;
};

// Counted on one shard, since its start.
struct raw_counts {
  counter conversations;  // begun
  counter open;           // now, with a browser or without
  counter frames_from_browsers;
  counter frames_to_browsers;
  counter dead_peers;     // browsers silent for too long
  counter slow_readers;   // times a server was slowed down by a browser
  counter absent;         // now: waiting for their browser to come back
  counter resumed;        // came back in time
  counter grace_over;     // did not
  counter frames_lost;    // browsers that came back to less than they had missed
};

class raw_hall {
 public:
  // All of it outlives the hall.
  raw_hall(reactor& loop, const session_key& key, std::size_t shard, raw_counts& counts)
      : loop_(loop), key_(key), shard_(shard), counts_(counts) {}
  ~raw_hall();
  raw_hall(const raw_hall&) = delete;
  raw_hall& operator=(const raw_hall&) = delete;

  void add(std::unique_ptr<raw_talk> one);
  // Destroyed at the end of the batch.
  void retire(raw_talk& one);

  // A fresh token for this talk. Both sides of forget() are the owner's business.
  std::string give_token(raw_talk& to);
  // The same for a name its browser has chosen, as hard to guess as that: always the same on one shard.
  std::string give_token(raw_talk& to, std::string_view chosen);
  // What that token is on another shard.
  std::string token_of(std::string_view chosen, std::size_t shard) const {
    return key_.make_from(shard, chosen);
  }
  void forget(const std::string& token) { by_token_.erase(token); }
  raw_talk* find(std::string_view token) const;

  void shut_down();
  std::size_t size() const { return all_.size(); }

 private:
  reactor& loop_;
  const session_key& key_;
  std::size_t shard_;
  raw_counts& counts_;
  std::vector<std::unique_ptr<raw_talk>> all_;  // each knows its place
  std::unordered_map<std::string, raw_talk*> by_token_;
};

// What all raw conversations of a shard share; outlives them.
struct raw_context {
  reactor& loop;
  const session_limits& limits;
  session_table& sessions;
  raw_hall& hall;
  const tunnel_directory& networks;
  raw_counts& counts;
};

}  // namespace halley
