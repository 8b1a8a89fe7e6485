// SPDX-License-Identifier: GPL-3.0-or-later
//
// Streams for a dialect whose clients are not one session each (Bayeux): texts to and fro, and what
// they mean is their user's affair. Owned by the roster; owns its user.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/carriers/websocket_frames.hpp"

namespace halley {

class text_carrier : public browser_socket {
 public:
  class user {
   public:
    virtual ~user() = default;
    // False: the user has taken the socket, or nothing more is to be read.
    virtual bool on_text(std::string_view text) = 0;
    // After on_text() was false.
    virtual void on_stopped() {}
    // The socket takes more again.
    virtual void on_free() = 0;
  };

  // Before open(). Destroyed with the carrier, at the end of the batch in which its socket is lost.
  void set_user(std::unique_ptr<user> whose) { user_ = std::move(whose); }
  void open(std::string_view preface, std::span<char> early);

  void send_text(std::string_view text);
  bool is_full() const { return browser_socket::is_full(); }
  bool is_open() const { return browser_socket::is_open() && !is_finishing(); }
  virtual void end() = 0;

 protected:
  text_carrier(const carrier_context& context, byte_stream stream, carrier_kind kind);

  virtual void append_text(std::string& out, std::string_view text) const = 0;
  user* current_user() const { return user_.get(); }
  const carrier_context& context() const { return static_cast<const carrier_context&>(home()); }

 private:
  void on_room() override;

  std::unique_ptr<user> user_;
};

// A WebSocket with text frames.
class text_socket final : public text_carrier {
 public:
  text_socket(const carrier_context& context, byte_stream stream);

  void end() override { close(ws_close::normal, {}); }
  void close(ws_close code, std::string_view reason);
  // In user::on_stopped(): what came after the last text, and the socket, without which this ends.
  std::string take_unread() { return reader_.take_rest(); }
  byte_stream give_away() { return hand_out().stream; }

 private:
  void append_text(std::string& out, std::string_view text) const override;
  void append_heartbeat(std::string& out) override;
  void on_bytes(std::span<char> bytes) override;
  bool on_message(const ws_message& message);

  ws_reader reader_;
};

// Server-Sent Events.
class text_event_stream final : public text_carrier {
 public:
  text_event_stream(const carrier_context& context, byte_stream stream);
  void end() override { finish(true); }

 private:
  // The browser says nothing here, but its TCP takes what is sent.
  bool seems_silent() const override { return stream().unacknowledged() != 0; }
  void append_text(std::string& out, std::string_view text) const override;
  void append_heartbeat(std::string& out) override;
  void on_bytes(std::span<char>) override {}  // nothing may follow on this connection
};

}  // namespace halley
