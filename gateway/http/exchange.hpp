// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request being answered, as a route sees it, and what the routes and connections of one shard
// share. A route does exactly one of: respond(), hold(), give_away().
#pragma once

#include <memory>
#include <string>

#include "gateway/carriers/held_answer.hpp"
#include "gateway/carriers/roster.hpp"
#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/carriers/websocket.hpp"
#include "gateway/http/http_context.hpp"
#include "gateway/http/origin.hpp"

namespace halley {

// Owned by the http_server; everything refers to it.
struct http_parts : private reception {
  explicit http_parts(http_context given);

  http_context context;
  http_counters counters;
  carrier_counts carried;
  origin_policy origins;
  proxy_trust proxies;
  carrier_context carriers;
  bool closing = false;  // no request after the present one
  roster open;

  // Opens a session here for who asks in `text`, over HTTP or WebSocket.
  result<session*, failure> enter(std::string_view text, const visitor& from) override;
  reception& desk() { return *this; }
  // For the Date field (RFC 9110, 6.6.1); made once a second at most.
  const std::string& date();

 protected:
  ~http_parts() = default;

 private:
  std::string date_;
  std::int64_t date_second_ = 0;
};

class exchange : public answer_sink {
 public:
  virtual void respond(http_response answer) = 0;
  // The answer comes later, through this as a sink; `waiting` is destroyed when the browser goes.
  virtual void hold(std::unique_ptr<held_answer> waiting) = 0;
  // The socket and what was read after the request; this exchange ends.
  virtual handed_connection give_away() = 0;

  virtual const client_address& client() const = 0;
  virtual address_tag tag() const = 0;
  // Head of an answer that the caller continues itself: status line and fields up to the empty
  // line.
  virtual std::string print_head(const http_response& answer) const = 0;

 protected:
  ~exchange() = default;
};

// What a visitor said about himself by connecting.
visitor visitor_of(const client_address& client);

// {"error":{...}} with the status that goes with it.
http_response failure_response(const dialect& speech, const failure& why);

}  // namespace halley
