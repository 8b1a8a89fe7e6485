// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Bayeux clients of one shard, by clientId; owns them, and takes the messages that come over
// whatever carrier. A clientId is made as a session id is, so that its shard can be read from it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/dialects/bayeux_client.hpp"

namespace halley {

class bayeux_desk {
 public:
  // `offer_script`: whether callback-polling may be used.
  bayeux_desk(const bayeux_surroundings& around, const session_key& key, std::size_t shard,
              bool offer_script);
  ~bayeux_desk();
  bayeux_desk(const bayeux_desk&) = delete;
  bayeux_desk& operator=(const bayeux_desk&) = delete;

  // Answers each of the requests in its slot of `batch`, now or later.
  void take(const std::shared_ptr<bayeux_batch>& batch, const std::vector<bayeux_request>& asked,
            const bayeux_arrival& how);
  std::shared_ptr<bayeux_client> find(std::string_view id) const;
  void forget(bayeux_client& gone);
  // Nobody comes in any more.
  void close() { closing_ = true; }
  std::size_t size() const { return clients_.size(); }

  // One more held connect of this browser; false if it has as many as it may.
  bool take_poll(std::uint64_t browser);
  void leave_poll(std::uint64_t browser);

 private:
  void take_one(const bayeux_request& asked, const bayeux_arrival& how, const bayeux_place& to);
  void take_meta(const bayeux_request& asked, const bayeux_arrival& how, const bayeux_place& to);
  void shake_hands(const bayeux_request& asked, const bayeux_arrival& how, const bayeux_place& to);
  void publish_without_client(const bayeux_request& asked, const bayeux_arrival& how,
                              const bayeux_place& to);
  std::optional<std::string> refuse_handshake(const bayeux_request& asked,
                                              const bayeux_arrival& how) const;
  void refuse(const bayeux_request& asked, const bayeux_place& to, int code,
              std::string_view argument, std::string_view words, const char* reconnect = nullptr);
  std::string types() const;
  bool offers(std::string_view type) const;

  bayeux_surroundings around_;
  const session_key& key_;
  std::size_t shard_;
  bool offer_script_;
  bool closing_ = false;
  std::unordered_map<std::string, std::shared_ptr<bayeux_client>> clients_;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::unordered_map<std::uint64_t, std::size_t> polls_;  // held connects by browser
  std::weak_ptr<bayeux_client> announcer_;
};

}  // namespace halley
