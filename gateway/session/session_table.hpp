// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sessions of one shard, by id; owns them. Ids are made and checked by session_key, so that any
// thread can tell from an id alone which shard (and node) it belongs to, and a made-up id is refused
// before anything is looked up.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/base/errors.hpp"
#include "gateway/session/session.hpp"
#include "gateway/session/session_counters.hpp"

namespace halley {

// "<node>-<shard>-<22 random characters>-<11 characters of HMAC-SHA-256>": the random part has 131
// bits, from getrandom or from the key a visitor entered with. Immutable, shared by all threads.
class session_key {
 public:
  // `secret` is the deployment's key; `node` is [a-z0-9]{1,16}.
  session_key(std::string node, std::string secret);
  std::string make(std::size_t shard) const;
  // Always the same for one `entering_key`, and as hard to guess as that is: a session's id remembers
  // its key, and nothing else has to.
  std::string make_from(std::size_t shard, std::string_view entering_key) const;
  // The shard of an id this node made; nothing for a forged one or another node's.
  std::optional<std::size_t> shard_of(std::string_view id) const;
  // The node part of a genuine id, whoever made it.
  std::optional<std::string_view> node_of(std::string_view id) const;

 private:
  std::string sealed(std::size_t shard, std::string_view random) const;
  std::string seal(std::string_view body) const;
  std::string node_;
  std::string secret_;
};

// Counts that span the shards of a process; the only thing sessions share between threads.
struct session_counts {
  std::atomic<std::size_t> open{0};
};

class session_table;

// One of the places that limits.total and limits.per_address grant, taken by a conversation that is
// no session (the raw dialects). Given back when destroyed. Movable only.
class session_place {
 public:
  // `address` is the table's own.
  session_place(session_table& from, const std::string& address)
      : from_(&from), address_(&address) {}
  session_place(session_place&& other) noexcept
      : from_(std::exchange(other.from_, nullptr)), address_(other.address_) {}
  session_place& operator=(session_place&&) = delete;
  ~session_place();
  // Whose it is.
  const std::string& address() const { return *address_; }

 private:
  session_table* from_;
  const std::string* address_;
};

class session_table {
 public:
  session_table(std::size_t shard, const session_key& key, const session_limits& limits,
                session_counts& counts, reactor& loop);
  ~session_table();

  // Makes and starts a session, or says why not (too_many; what the network's refuse() says).
  // With an `entering_key` that made a session which still lives: that session.
  result<session*, failure> open(bridge_network& network, visitor who,
                                 std::string_view entering_key = {});
  session* find(std::string_view id) const;
  // A place without a session, or too_many.
  result<session_place, failure> take_place(const std::string& address);

  const session_limits& limits() const { return limits_; }
  std::size_t size() const { return sessions_.size(); }
  // May be looked at from any thread.
  const session_counters& counters() const { return counters_; }
  void close_all(const failure& why);
  // Calls `done` when the last session has gone.
  void when_empty(std::function<void()> done);

 private:
  friend class session;
  friend class session_place;
  // What a visitor address has open here.
  struct address_entry {
    std::size_t open = 0;
    std::vector<session*> absent;  // without a browser for a while; oldest first
  };
  void wake_later(session& grown);
  void wake_grown();
  void destroy_later(session& gone);
  void destroy_gone();
  void on_absent(session& which);
  void on_back(session& which);
  std::optional<failure> refuse_place(const std::string& address) const;
  // Returns the address as the table keeps it while there is a place.
  const std::string& add_place(const std::string& address);
  void begin_wave();
  void drop_place(const std::string& address);
  void on_wave_over();

  std::size_t shard_;
  const session_key& key_;
  const session_limits& limits_;
  session_counts& counts_;
  reactor& loop_;
  std::unordered_map<std::string_view, std::unique_ptr<session>> sessions_;  // keyed by their own id
  std::unordered_map<std::string, address_entry> by_address_;
  std::vector<session*> grown_;
  std::vector<session*> gone_;
  std::function<void()> when_empty_;
  session_counters counters_;
  wheel_timer wave_;             // runs out when nobody has entered for a moment
  std::size_t entered_ = 0;      // since memory was given back last
};

}  // namespace halley
