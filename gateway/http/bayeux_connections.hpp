// SPDX-License-Identifier: GPL-3.0-or-later
//
// How Bayeux clients are connected: requests that wait for their replies, WebSockets, and the
// Server-Sent Events of Faye. Each joins a carrier that knows no dialect to the desk that knows no
// carrier.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/carriers/text_carrier.hpp"
#include "gateway/dialects/bayeux_desk.hpp"
#include "gateway/http/exchange.hpp"

namespace halley {

// The replies as the body of an answer.
http_response bayeux_response(int status, std::string replies);

// A POST, or the GET of a script: until its replies are all there, and then until they have arrived.
class bayeux_waiting final : public waiting_answer, private bayeux_batch::reader {
 public:
  bayeux_waiting(exchange& with, std::shared_ptr<bayeux_batch> batch);
  ~bayeux_waiting() override;
  // Sends the replies if they are complete.
  void on_reply() override;

 private:
  void on_answer_lost() override;
  bool is_underway() const override { return with_.is_answer_underway(); }

  exchange& with_;
  std::shared_ptr<bayeux_batch> batch_;
};

// A WebSocket: any number of texts and their replies, and what is delivered. It moves to the shard
// of its client with the first text that names one.
class bayeux_socket final : public text_carrier::user,
                            private bayeux_stream,
                            private bayeux_batch::reader {
 public:
  // `asked`: the upgrade, which is asked again where the socket moves to.
  bayeux_socket(http_parts& parts, text_socket& carrier, bayeux_arrival how, http_request asked,
                socket_peer peer);
  ~bayeux_socket() override;

 private:
  static constexpr std::size_t most_batches = 64;  // texts with replies still to come
  static constexpr int most_senseless = 20;

  bool on_text(std::string_view text) override;
  void on_stopped() override;
  void on_free() override;
  void bind(const std::shared_ptr<bayeux_client>& who) override { client_ = who; }
  void deliver(std::string_view messages) override { carrier_.send_text(messages); }
  bool is_full() const override { return carrier_.is_full() || !carrier_.is_open(); }
  void on_unbound() override { client_.reset(); }
  void on_reply() override;

  http_parts& parts_;
  text_socket& carrier_;
  bayeux_arrival how_;
  http_request asked_;
  socket_peer peer_;
  std::weak_ptr<bayeux_client> client_;
  std::vector<std::shared_ptr<bayeux_batch>> batches_;
  std::string moving_;  // the text that has to be taken elsewhere
  std::size_t move_to_ = 0;
  int senseless_ = 0;
};

// GET /cometd/<clientId> for an event stream.
class bayeux_event_reader final : public text_carrier::user, private bayeux_stream {
 public:
  explicit bayeux_event_reader(text_event_stream& carrier) : carrier_(carrier) {}
  ~bayeux_event_reader() override;
  void begin(bayeux_client& of) { of.read_on(*this); }

 private:
  bool on_text(std::string_view) override { return true; }
  void on_free() override;
  void bind(const std::shared_ptr<bayeux_client>& who) override { client_ = who; }
  void deliver(std::string_view messages) override { carrier_.send_text(messages); }
  bool is_full() const override { return carrier_.is_full() || !carrier_.is_open(); }
  void on_unbound() override;

  text_event_stream& carrier_;
  std::weak_ptr<bayeux_client> client_;
};

// The shard on which the first client that is named lives. All clients of one browser begin on one
// shard, where its connections can be counted.
std::size_t shard_of(const http_parts& parts, const std::vector<bayeux_request>& asked,
                     std::uint64_t browser);

}  // namespace halley
