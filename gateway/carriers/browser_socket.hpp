// SPDX-License-Identifier: GPL-3.0-or-later
//
// A browser's socket in its shard's event loop, as every carrier that owns one reads and writes it: it
// is read until it is empty, in turns; what it does not take is kept and leaves when it does; nothing is
// read while nobody wants to; heartbeats, and the end of a peer that gives no sign of life; last words.
// Knows nothing of what the bytes mean. No buffer while the socket takes everything. Owned by the roster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/byte_stream.hpp"
#include "gateway/base/counter.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/carriers/roster.hpp"

namespace halley {

// What all such sockets of a shard share; outlives them.
struct socket_home {
  reactor& loop;
  roster& open;
  counter& dead_peers;
};

class browser_socket : public resident {
 public:
  ~browser_socket() override;
  browser_socket(const browser_socket&) = delete;
  browser_socket& operator=(const browser_socket&) = delete;

  // How often something is sent at least; before the first. A browser behind a proxy that cuts silent
  // connections asks for less than the configured time.
  void set_heartbeat(steady_ms every) { heartbeat_ms_ = static_cast<std::uint32_t>(every); }

 protected:
  browser_socket(const socket_home& home, byte_stream stream, steady_ms heartbeat);

  // --- what a kind of carrier does -----------------------------------------------------------------
  // What one read has brought.
  virtual void on_bytes(std::span<char> bytes) = 0;
  // Everything that waited has left.
  virtual void on_room() {}
  // Nothing that is said from now on leaves: the last words are said, or the socket is lost and will be
  // closed after this. May be called more than once.
  virtual void on_over() {}
  // The time of the heartbeat, or of wait_until(), has come.
  virtual void on_time();
  // From on_time(), when the peer is thought to be alive.
  virtual void on_heartbeat() {}
  virtual void append_heartbeat(std::string& out) = 0;
  // No sign that what was sent so far has arrived. Asked at each heartbeat; any byte from the peer
  // is a sign by itself.
  virtual bool seems_silent() const { return true; }

  // --- what they share -----------------------------------------------------------------------------
  // Watches the socket and begins the heartbeats.
  void begin();
  // Sends at once, or after what waits already, however much that is: who has more to say looks at
  // unsent(). False when the socket is lost.
  bool write(std::string_view bytes);
  std::size_t unsent() const { return unsent_ ? unsent_->size() : 0; }
  // The same for what the peer asks for as often as it likes (answers to pings, complaints): one that does
  // not read them is dropped.
  bool reply(std::string_view bytes);
  // While not wanted, nothing is read: the peer is slowed down by its own socket.
  void read(bool wanted);
  // Nothing more is written; ends when what waits has left (or, with `linger`, when the peer has
  // closed), and after a few seconds in any case.
  void finish(bool linger);
  // on_time() is called then, and not before.
  void wait_until(steady_ms deadline) { timer_.arm(loop().timers(), deadline); }
  // Ends now, without a word. Whoever calls may be in the middle of something: this lives until the end of
  // the batch.
  void drop();
  // Ends without closing the socket, which goes on elsewhere, with what it has not taken.
  struct handed_out {
    byte_stream stream;
    std::string unsent;
  };
  handed_out hand_out();

  bool is_open() const { return stream_.is_open(); }
  bool is_finishing() const { return finishing_; }
  // The socket has not taken everything yet.
  bool is_full() const { return unsent_ != nullptr; }
  const socket_home& home() const { return home_; }
  reactor& loop() const { return home_.loop; }
  const byte_stream& stream() const { return stream_; }
  steady_ms heartbeat() const { return heartbeat_ms_; }

 private:
  void on_ready(readiness what) override;
  void on_timer();
  void write_unsent();
  void read_all(bool to_the_end);
  void let_go();

  const socket_home& home_;
  byte_stream stream_;
  std::unique_ptr<std::string> unsent_;  // only while the socket is full
  wheel_timer timer_;
  std::uint32_t heartbeat_ms_;  // small on purpose: there is one of these for each idle browser
  bool finishing_ : 1 = false;
  bool lingering_ : 1 = false;
  bool unwanted_ : 1 = false;  // nobody wants to read now
  bool unread_ : 1 = false;    // there was something to read meanwhile
  std::uint8_t silent_ = 0;    // heartbeats without a sign of life
};

}  // namespace halley
