// SPDX-License-Identifier: GPL-3.0-or-later
//
// SockJS without WebSocket: a leg made of requests that come and go. One POST waits for what the
// server has to say, others bring what the client says. What was answered has arrived when the client
// asks again; what was answered into a connection that broke is answered once more. On one shard; the
// route hands over requests that came to another.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "gateway/dialects/sockjs.hpp"
#include "gateway/http/exchange.hpp"
#include "gateway/session/raw_leg.hpp"

namespace halley {

class sockjs_hall {
 public:
  // Both outlive it.
  sockjs_hall(const raw_context& context, const host_directory& hosts);
  ~sockjs_hall();
  sockjs_hall(const sockjs_hall&) = delete;
  sockjs_hall& operator=(const sockjs_hall&) = delete;

  // A request that waits for messages; opens the session of this id if there is none.
  void receive(exchange& with, const std::string& id, sockjs_form form);
  // A request that brings some; `taken` is what it gets then.
  void send(exchange& with, const std::string& id, std::string_view body, http_response taken);
  std::size_t size() const { return all_.size(); }

 private:
  class session;
  class receiver;
  session* find(const std::string& id) const;
  void bury(session& over);

  const raw_context& context_;
  const host_directory& hosts_;
  std::unordered_map<std::string, std::unique_ptr<session>> all_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace halley
