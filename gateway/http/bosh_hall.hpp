// SPDX-License-Identifier: GPL-3.0-or-later
//
// The BOSH sessions of one shard: each with its tunnel, its place and its timer. Joins the requests
// that carry them (exchanges of any connection) to the pure session. A session lives on one shard;
// the route hands a request over that came to another.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "gateway/session/raw_hall.hpp"
#include "gateway/dialects/bosh_session.hpp"
#include "gateway/base/counter.hpp"
#include "gateway/http/coding.hpp"
#include "gateway/http/exchange.hpp"

namespace halley {

class bosh_conversation;
class bosh_hall;

// How a client wants its answer.
struct bosh_form {
  content_coding coding = content_coding::identity;
  bool script = false;  // XEP-0252
};

// Counted on one shard, since its start.
struct bosh_counts {
  counter sessions;
  counter open;      // sessions, now
  counter requests;
  counter streams;   // further ones of a session
  counter lost;      // answers that did not arrive
  counter refused;   // requests for a session that was not opened, or is not there
};

// One request that waits for its answer, and after it for the sign that the answer has arrived.
// Owned by its connection.
class bosh_reply final : public waiting_answer {
 public:
  bosh_reply(exchange& with, const bosh_form& form, std::uint64_t rid);
  ~bosh_reply() override;
  void on_answer_lost() override;
  void answer(int status, const std::string& content_type, std::string body);

 private:
  friend class bosh_conversation;
  exchange& with_;
  bosh_conversation* of_ = nullptr;  // null: it is over
  bosh_reply* next_ = nullptr;       // of the same
  std::uint64_t rid_ : 53;           // XEP-0124, 14.1
  std::uint64_t coding_ : 3;
  std::uint64_t script_ : 1;
  std::uint64_t answered_ : 1 = 0;
};

class bosh_hall {
 public:
  bosh_hall(const raw_context& context, const session_key& key, std::size_t shard);
  ~bosh_hall();
  bosh_hall(const bosh_hall&) = delete;
  bosh_hall& operator=(const bosh_hall&) = delete;

  // A request without sid: opens a session, or says in BOSH's words why not.
  void enter(exchange& with, bosh_request&& request, const bosh_form& form, visitor from);
  // One with the sid of a session that should be here.
  void take(exchange& with, bosh_request&& request, const bosh_form& form, bool secure);
  void refuse(exchange& with, const bosh_form& form, std::string_view condition);
  void shut_down();
  bool is_home_of(std::string_view sid) const { return find(sid) != nullptr; }
  const bosh_counts& counts() const { return counts_; }

 private:
  friend class bosh_conversation;
  using owned = std::unique_ptr<bosh_conversation>;
  // By their sid.
  struct by_sid {
    using is_transparent = void;
    static std::string_view sid(std::string_view one) { return one; }
    static std::string_view sid(const owned& one);
    template <class T>
    std::size_t operator()(const T& one) const {
      return std::hash<std::string_view>()(sid(one));
    }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return sid(a) == sid(b);
    }
  };
  bosh_conversation* find(std::string_view sid) const;
  void bury(bosh_conversation& over);

  const raw_context& context_;
  const session_key& key_;
  std::size_t shard_;
  bosh_terms terms_;
  bosh_counts counts_;
  std::unordered_set<owned, by_sid, by_sid> all_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace halley
