// SPDX-License-Identifier: GPL-3.0-or-later
//
// One browser connection while it speaks HTTP/1.1: TLS handshake, requests one after the other
// (pipelined ones wait their turn), answers in order. Parser and buffers exist only from the first
// byte of a request to the last of its answer. Ends by giving its socket to a carrier or to another
// shard, or by closing it. Owned by the roster.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gateway/http/exchange.hpp"

namespace halley {

class http_connection final : public resident, private exchange {
 public:
  http_connection(http_parts& parts, byte_stream stream, socket_peer peer);
  ~http_connection() override;
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  // A fresh connection.
  void start();
  // One that another shard has read from.
  void resume(std::optional<http_request> request, std::string leftover);
  bool is_idle() const override { return stage_ == stage::reading && !active_; }

 private:
  enum class stage : std::uint8_t {
    handshaking,
    reading,    // a request, or waiting for one
    answering,  // the route has the request, or waits for its session
    sending,    // the socket has not taken the whole answer yet
    lingering   // everything is said; the peer has a moment to read it
  };
  struct active;  // everything a request needs
  struct parked;  // what is kept of it while its answer waits

  void on_ready(readiness what) override;
  void on_answer(int status, std::string json) override;
  void respond(http_response answer) override;
  void answer_as_script(std::string callback) override;
  void let_anybody_read() override;
  void hold(std::unique_ptr<held_answer> waiting) override;
  void hold(std::unique_ptr<waiting_answer> waiting) override;
  bool is_answer_underway() const override;
  void answer(http_response late) override { respond(std::move(late)); }
  void hang_up() override { close(); }
  handed_connection give_away() override;
  const client_address& client() const override;
  address_tag tag() const override { return resident::tag(); }
  const socket_peer& peer() const override { return peer_; }
  std::string print_head(const http_response& answer) const override;

  void on_timer();
  void shake_hands();
  void read_some(bool hang_up);
  bool read_requests(bool hang_up);
  void ask_again();
  void take_bytes(std::string_view bytes);
  void begin_answer(http_request&& request);
  void park();
  void unpark();
  void refuse_request(int status, const char* text);
  void send_more();
  void on_sent();
  void linger();
  void expect(steady_ms within);
  void let_go();
  void close();

  http_parts& parts_;
  byte_stream stream_;
  socket_peer peer_;
  stage stage_ = stage::reading;
  bool unread_ : 1 = false;  // the socket was readable while we were answering
  bool in_read_ : 1 = false;
  bool head_only_ : 1 = false;
  bool keep_alive_ : 1 = false;
  std::unique_ptr<active> active_;
  std::unique_ptr<parked> parked_;  // seldom
  std::unique_ptr<waiting_answer> waiting_;  // for its answer, then for that to arrive
  wheel_timer timer_;
};

}  // namespace halley
