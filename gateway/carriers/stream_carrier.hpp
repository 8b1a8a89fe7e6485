// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the streaming carriers have in common: a socket of their own on which a session's events
// leave as they come, all that are ready in one write. Holds no buffer while the socket takes
// everything: an idle one is the 150 bytes of this object. One kind differs from another in how an
// event, a heartbeat and the end look on the wire, and in what the browser may send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/byte_stream.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/carriers/carrier_kind.hpp"
#include "gateway/carriers/roster.hpp"
#include "gateway/session/carrier.hpp"
#include "gateway/session/dialect.hpp"
#include "gateway/session/session.hpp"

namespace halley {

// What all carriers of a shard share; outlives them.
struct carrier_context {
  reactor& loop;
  const dialect& speech;
  const session_limits& limits;
  roster& open;
  carrier_counts& counts;
  std::size_t text_limit;  // of one message from a browser
};

class stream_carrier : public resident, public carrier, protected watcher {
 public:
  ~stream_carrier() override;
  stream_carrier(const stream_carrier&) = delete;
  stream_carrier& operator=(const stream_carrier&) = delete;

  // How often something is sent at least; before the carrier has a session. A browser behind a proxy
  // that cuts silent connections asks for less than the configured time.
  void set_heartbeat(steady_ms every) { heartbeat_ms_ = static_cast<std::uint32_t>(every); }

  void on_log_grown() override { pump(); }
  std::uint64_t reached() const override { return cursor_; }
  void on_session_over(const failure* why) override;

 protected:
  stream_carrier(const carrier_context& context, byte_stream stream);

  // --- what a kind of carrier says ---------------------------------------------------------------
  virtual void append_hello(std::string& out, std::string_view hello) const = 0;
  virtual void append_event(std::string& out, std::uint64_t number,
                            std::string_view text) const = 0;
  virtual void append_heartbeat(std::string& out) const = 0;
  // The last words: `why` is null when the log has said it all.
  virtual void append_end(std::string& out, const failure* why) = 0;
  // The reader was too slow; it may come back and resume.
  virtual void append_fell_behind(std::string& out) = 0;
  // Asked with each piece of events that is about to leave: true when this connection has carried
  // enough and ends after it. Its last words are then in `gathered`.
  virtual bool ends_after(std::string& /*gathered*/) { return false; }
  virtual void on_bytes(std::span<char> bytes) = 0;
  // No sign that what was sent so far has arrived. Asked at each heartbeat; any byte from the peer
  // is a sign by itself.
  virtual bool seems_silent() const = 0;
  // The time set by wait_until() is over, outside of a session.
  virtual void on_deadline() { drop(); }
  // The socket has taken everything that waited, outside of a session.
  virtual void on_free() {}

  // --- what they share ---------------------------------------------------------------------------
  // Watches the socket; `preface` goes out with the hello and the first events, in one write.
  void begin(std::string_view preface, session& of, const session::start_point& start);
  void begin_waiting(std::string_view preface, steady_ms deadline);
  // From begin_waiting() to a session.
  void join(std::string_view preface, session& of, const session::start_point& start);
  // Sends at once, or after what waits already. False when the carrier is gone.
  bool send(std::string_view bytes);
  // No events any more; ends when what waits has left (or, with `linger`, when the peer has
  // closed), and after a few seconds in any case.
  void finish(bool linger);
  // From begin_waiting() on: on_deadline() is called then.
  void wait_until(steady_ms deadline) { timer_.arm(context_.loop.timers(), deadline); }
  // Ends without closing the socket, which goes on elsewhere.
  byte_stream hand_out();
  // Ends now, without a word; the session goes into its grace time.
  void drop();

  bool is_open() const { return stream_.is_open(); }
  bool is_finishing() const { return finishing_; }
  // The socket has not taken everything yet.
  bool is_full() const { return unsent_ != nullptr; }
  session* current_session() const { return session_; }
  const carrier_context& context() const { return context_; }
  const byte_stream& stream() const { return stream_; }
  steady_ms heartbeat() const { return heartbeat_ms_; }

 private:
  void on_ready(readiness what) override;
  void on_timer();
  void pump();
  void gather(std::string& out, std::size_t limit);
  bool write(std::string_view bytes);
  void write_unsent();
  void read_all(bool hang_up);
  void let_go();

  const carrier_context& context_;
  byte_stream stream_;
  session* session_ = nullptr;           // none: not entered yet, or over
  std::uint64_t cursor_ = 0;             // last event that was given to the socket or to unsent_
  std::unique_ptr<std::string> unsent_;  // only while the socket is full
  wheel_timer timer_;
  std::uint32_t heartbeat_ms_;  // small on purpose: there is one carrier for each idle browser
  bool finishing_ = false;
  bool lingering_ = false;
  std::uint8_t silent_ = 0;  // heartbeats without a sign of life
};

}  // namespace halley
