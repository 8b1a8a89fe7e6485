// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request being answered, as a route sees it, and what the routes and connections of one shard
// share. A route does exactly one of: respond(), hold(), give_away(), hang_up().
#pragma once

#include <memory>
#include <string>

#include "gateway/carriers/held_answer.hpp"
#include "gateway/carriers/roster.hpp"
#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/carriers/websocket.hpp"
#include "gateway/http/http_context.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/watch_desk.hpp"
#include "gateway/http/raw_parts.hpp"

namespace halley {

class bayeux_desk;
class bosh_hall;
class sockjs_hall;

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
  watch_desk watched;
  raw_parts raw;
  std::unique_ptr<bosh_hall> bosh;
  std::unique_ptr<sockjs_hall> sockjs;
  std::unique_ptr<bayeux_desk> bayeux;
  roster open;  // its connections and carriers refer to all the others

  // Opens a session here for who asks in `text`, over HTTP or WebSocket.
  result<session*, failure> enter(std::string_view text, const visitor& from) override;
  // The same in two steps, for who has to look at what was asked in between.
  result<entering, failure> read_entering(std::string_view text) const;
  result<session*, failure> enter(entering&& asked, const visitor& from);
  reception& desk() { return *this; }
  // For the Date field (RFC 9110, 6.6.1); made once a second at most.
  const std::string& date();

 protected:
  ~http_parts();

 private:
  std::string date_;
  std::int64_t date_second_ = 0;
};

// A request whose answer comes later, from somebody who answers in his own form. Owned by its
// connection: destroyed unanswered when the browser goes away.
class waiting_answer {
 public:
  virtual ~waiting_answer() = default;
  // After the answer: the connection broke before the browser's side had acknowledged all of it.
  virtual void on_answer_lost() {}
};

class exchange : public answer_sink {
 public:
  virtual void respond(http_response answer) = 0;
  // Whatever answers from now on is a call of this function (carriers/script.hpp), with status 200.
  virtual void answer_as_script(std::string callback) = 0;
  // Pages of every site may read the answer.
  virtual void let_anybody_read() = 0;
  // From then on nobody asks for client().
  virtual void hold(std::unique_ptr<waiting_answer> waiting) = 0;
  // What `waiting` gets; it lives on until the answer has arrived or is lost.
  virtual void answer(http_response late) = 0;
  // While `waiting` lives: its answer has left and the browser's side has not all of it.
  virtual bool is_answer_underway() const = 0;
  // In place of an answer: the connection ends.
  virtual void hang_up() = 0;
  // The answer comes later, through this as a sink; `waiting` is destroyed when the browser goes.
  virtual void hold(std::unique_ptr<held_answer> waiting) = 0;
  // The socket and what was read after the request; this exchange ends.
  virtual handed_connection give_away() = 0;

  virtual const client_address& client() const = 0;
  virtual address_tag tag() const = 0;
  virtual const socket_peer& peer() const = 0;
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
