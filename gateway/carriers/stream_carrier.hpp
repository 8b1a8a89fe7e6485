// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the streaming carriers of a session have in common: its events leave as they come, all that are
// ready in one write, while the socket takes them. One kind differs from another in how an event, a
// heartbeat and the end look on the wire, and in what the browser may send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/carriers/browser_socket.hpp"
#include "gateway/carriers/carrier_kind.hpp"
#include "gateway/session/carrier.hpp"
#include "gateway/session/dialect.hpp"
#include "gateway/session/session.hpp"

namespace halley {

// What all carriers of a shard share; outlives them.
struct carrier_context : socket_home {
  const dialect& speech;
  const session_limits& limits;
  carrier_counts& counts;
  std::size_t text_limit;  // of one message from a browser
};

class stream_carrier : public browser_socket, public carrier {
 public:
  ~stream_carrier() override { stream_carrier::on_over(); }

  void on_log_grown() override { pump(); }
  std::uint64_t reached() const override { return cursor_; }
  void on_session_over(const failure* why) override;

 protected:
  stream_carrier(const carrier_context& context, byte_stream stream);

  // --- what a kind of carrier says ---------------------------------------------------------------
  virtual void append_hello(std::string& out, std::string_view hello) const = 0;
  virtual void append_event(std::string& out, std::uint64_t number,
                            std::string_view text) const = 0;
  // The last words: `why` is null when the log has said it all.
  virtual void append_end(std::string& out, const failure* why) = 0;
  // The reader was too slow; it may come back and resume.
  virtual void append_fell_behind(std::string& out) = 0;
  // Asked with each piece of events that is about to leave: true when this connection has carried
  // enough and ends after it. Its last words are then in `gathered`.
  virtual bool ends_after(std::string& /*gathered*/) { return false; }

  // --- what they share ---------------------------------------------------------------------------
  // `preface` goes out with the hello and the first events, in one write. After begin().
  void join(std::string_view preface, session& of, const session::start_point& start);

  session* current_session() const { return session_; }
  const carrier_context& context() const { return static_cast<const carrier_context&>(home()); }

 private:
  void on_room() override;
  void on_over() final;
  void pump();
  void gather(std::string& out, std::size_t limit);

  session* session_ = nullptr;  // none: not entered yet, or over
  std::uint64_t cursor_ = 0;    // last event that was given to the socket
};

}  // namespace halley
