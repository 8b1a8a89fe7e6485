// SPDX-License-Identifier: GPL-3.0-or-later
//
// RFC 6455 frames, server side, pure: bytes <-> messages. Works in place on the caller's buffer;
// the reader owns memory only while a frame or a fragmented message is incomplete. No extensions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace halley {

enum class ws_opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

// RFC 6455, 7.4.1; `none`: do not close.
enum class ws_close : std::uint16_t {
  none = 0,
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported = 1003,
  no_status = 1005,  // never on the wire
  bad_payload = 1007,
  policy = 1008,
  too_big = 1009,
  internal = 1011,
  try_again = 1013
};

// --- what a server sends -------------------------------------------------------------------------
void append_frame(std::string& out, ws_opcode opcode, std::string_view payload);
// The reason is cut to what a control frame holds.
void append_close(std::string& out, ws_close code, std::string_view reason);

// --- what a server receives ----------------------------------------------------------------------
struct ws_frame {
  bool final = true;
  ws_opcode opcode = ws_opcode::text;
  std::span<char> payload;  // unmasked in place
  std::size_t size = 0;     // of the whole frame
};

enum class ws_parse : std::uint8_t { complete, incomplete, broken };

// Parses the frame at the start of `bytes`. Incomplete: nothing was changed, call again with more.
// Broken: `why` is the code to close with.
ws_parse parse_frame(std::span<char> bytes, std::size_t limit, ws_frame& frame, ws_close& why);

// The code a peer's close frame carries (no_status if it has none), or protocol_error or
// bad_payload for a payload the RFC forbids.
ws_close read_close_code(std::string_view payload);

struct ws_message {
  ws_opcode opcode = ws_opcode::text;  // text, binary, close, ping or pong
  std::span<char> payload;             // valid until the next message
};

// Puts frames together to messages across reads.
class ws_reader {
 public:
  // Calls `take(const ws_message&)` for each complete message; it returns false to stop (the rest
  // of `bytes` is then in take_rest()). The result is the code to close with, or none. `limit` bounds a
  // message.
  template <class Take>
  ws_close feed(std::span<char> bytes, std::size_t limit, Take&& take);

  // What came after the message at which `take` stopped.
  std::string take_rest() { return kept_ ? std::exchange(kept_->partial, {}) : std::string(); }
  bool holds_memory() const { return kept_ != nullptr; }

 private:
  struct kept {
    std::string partial;                         // the start of a frame whose end has not come
    std::string fragments;                       // of a message whose final frame has not come
    ws_opcode opcode = ws_opcode::continuation;  // of that message; continuation: none is open
  };
  enum class step : std::uint8_t { message, fragment, wait, broken };
  // Takes one frame off the front of `bytes`.
  step next(std::span<char>& bytes, std::size_t limit, ws_message& out, ws_close& why);
  step join(const ws_frame& frame, std::size_t limit, ws_message& out, ws_close& why);
  std::span<char> begin(std::span<char> bytes);
  void end(std::span<char> rest);
  void end_message(const ws_message& message);

  std::unique_ptr<kept> kept_;
};

template <class Take>
ws_close ws_reader::feed(std::span<char> bytes, std::size_t limit, Take&& take) {
  std::span<char> rest = begin(bytes);
  for (;;) {
    ws_message message;
    ws_close why = ws_close::none;
    const step now = next(rest, limit, message, why);
    if (now == step::wait) {
      end(rest);
      return ws_close::none;
    }
    if (now == step::broken) {
      kept_.reset();
      return why;
    }
    if (now == step::fragment) continue;
    const bool more = take(message);
    end_message(message);
    if (more) continue;
    end(rest);
    return ws_close::none;
  }
}

}  // namespace halley
