// SPDX-License-Identifier: GPL-3.0-or-later
//
// The BOSH sessions of one shard: each with its tunnel, its place and its timer. Joins the requests
// that carry them (exchanges of any connection) to the pure session. A session lives on one shard;
// the route hands a request over that came to another.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

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
  bosh_reply(bosh_hall& hall, exchange& with, const bosh_form& form, std::string sid,
             std::uint64_t rid)
      : hall_(hall), with_(with), form_(form), sid_(std::move(sid)), rid_(rid) {}
  ~bosh_reply() override;
  void on_answer_lost() override;
  void answer(int status, const std::string& content_type, std::string body);

 private:
  bosh_hall& hall_;
  exchange& with_;
  bosh_form form_;
  std::string sid_;
  std::uint64_t rid_;
  bool answered_ = false;
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
  bool is_home_of(const std::string& sid) const { return find(sid) != nullptr; }
  const bosh_counts& counts() const { return counts_; }

 private:
  friend class bosh_reply;
  friend class bosh_conversation;
  bosh_conversation* find(const std::string& sid) const;
  void bury(bosh_conversation& over);

  const raw_context& context_;
  const session_key& key_;
  std::size_t shard_;
  bosh_terms terms_;
  bosh_counts counts_;
  std::unordered_map<std::string_view, std::unique_ptr<bosh_conversation>> all_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace halley
