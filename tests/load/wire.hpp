// SPDX-License-Identifier: GPL-3.0-or-later
//
// One client connection of the load generator: a non-blocking socket that speaks RFC 6455 (text
// frames, client side), bare lines, or one HTTP request after the other. Shares no code with the gateway, so that a mistake there is not
// repeated here. Owned by the crowd; the read buffer is the crowd's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace load {

enum class framing : std::uint8_t { websocket, lines, http };

struct target {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  framing how = framing::websocket;
  std::string path = "/";
  std::string subprotocol;  // Sec-WebSocket-Protocol; empty: none
};

class wire {
 public:
  // Connects; `source` is the last byte of the local 127.0.0.x, 0: the kernel chooses.
  wire(const target& to, int source);
  ~wire();
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;

  int fd() const { return fd_; }
  bool is_open() const { return open_; }  // frames or lines may be sent
  bool has_failed() const { return failed_; }

  // After epoll said so. `on_message` gets each text frame, line or body of an answer, `on_open` the
  // moment of the upgrade.
  void on_writable();
  template <class OnOpen, class OnMessage>
  void on_readable(OnOpen&& on_open, OnMessage&& on_message);

  void send(std::string_view message);

 private:
  bool upgrade_answered(std::string_view& bytes);
  bool next_body(std::string_view& bytes, std::string_view& message);
  // Takes one frame or line off `bytes`; false if it is not complete yet.
  bool next_message(std::string_view& bytes, std::string_view& message, bool& is_text);
  void put(std::string_view bytes);
  void put_frame(unsigned opcode, std::string_view payload);
  long read_some(char* into, std::size_t room);

  const target* to_;
  int fd_ = -1;
  bool connected_ = false;
  bool open_ = false;
  bool failed_ = false;
  std::string unread_;  // the incomplete end of what came
  std::string unsent_;
};

// Shared by all: a message is looked at before the next read.
inline constexpr std::size_t buffer_size = 256 * 1024;
char* read_buffer();

template <class OnOpen, class OnMessage>
void wire::on_readable(OnOpen&& on_open, OnMessage&& on_message) {
  for (;;) {
    const long got = read_some(read_buffer(), buffer_size);
    if (got <= 0) return;
    std::string joined;
    std::string_view bytes(read_buffer(), static_cast<std::size_t>(got));
    if (!unread_.empty()) {
      joined = std::move(unread_);
      joined.append(bytes);
      bytes = joined;
      unread_.clear();
    }
    if (!open_ && to_->how == framing::websocket) {
      if (!upgrade_answered(bytes)) {
        unread_.assign(bytes);
        continue;
      }
      open_ = true;
      on_open();
    }
    std::string_view message;
    bool is_text = false;
    while (!failed_ && next_message(bytes, message, is_text))
      if (is_text) on_message(message);
    unread_.assign(bytes);
    if (unread_.empty()) unread_.shrink_to_fit();
    if (static_cast<std::size_t>(got) < buffer_size) return;
  }
}

}  // namespace load
