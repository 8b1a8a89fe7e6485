// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session over a WebSocket (RFC 6455): one text frame for each event, commands and {"ack":N} in
// text frames the other way, pings from our side. The HTTP upgrade has been read; its answer is the
// `preface`. Either for a session that exists, or for one that is entered by the first frame.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/carriers/websocket_frames.hpp"

namespace halley {

// Opens a session for somebody who says who he is.
class reception {
 public:
  // `from` has the visitor's address; the rest stands in `text`.
  virtual result<session*, failure> enter(std::string_view text, const visitor& from) = 0;

 protected:
  ~reception() = default;
};

class websocket_carrier final : public stream_carrier {
 public:
  static constexpr steady_ms enter_within = 10 * 1000;

  websocket_carrier(const carrier_context& context, byte_stream stream);
  ~websocket_carrier() override;

  // `early`: bytes that came together with the upgrade request.
  void open(std::string_view preface, session& of, const session::start_point& start,
            std::span<char> early);
  // Waits for the first frame; `desk` outlives the carrier.
  void open_at(std::string_view preface, reception& desk, visitor from, std::span<char> early);

 private:
  struct entrance;  // exists until the session does
  void append_hello(std::string& out, std::string_view hello) const override;
  void append_event(std::string& out, std::uint64_t number, std::string_view text) const override;
  void append_heartbeat(std::string& out) override;
  void append_end(std::string& out, const failure* why) override;
  void append_fell_behind(std::string& out) override;
  void on_bytes(std::span<char> bytes) override;
  void on_time() override;

  bool on_message(const ws_message& message);
  void on_text(std::string_view text);
  void enter(std::string_view text);
  void complain(const failure& why);
  void close(ws_close code, std::string_view reason);
  void on_close_frame(std::string_view payload);

  std::uint8_t senseless_ = 0;  // texts that could not be used; here, it takes no room of its own
  ws_reader reader_;
  std::unique_ptr<entrance> entrance_;
};

}  // namespace halley
