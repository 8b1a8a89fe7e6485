// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to a raw dialect: what turns the frames of a browser into the byte stream of a server and
// back, and does not interpret the conversation. One object for each connection; pure: bytes in,
// calls of the sink out. A carrier owns it with its tunnel and plays the sink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/chat/failure.hpp"

namespace halley {

// How a conversation ended; carriers have close codes for it.
enum class farewell : std::uint8_t {
  finished,    // both sides had their say
  malformed,   // the browser broke a rule of the protocol
  too_large,   // a frame or an element past its limit
  lost         // the network side is gone
};

// What a browser has not received that comes back to its conversation.
struct missed_frames {
  std::vector<std::string> frames;  // in order; told after on_resumed()
  bool some_lost = false;           // there were more than are kept: the oldest are missing
};

class framing_sink {
 public:
  // Asks for a tunnel to the network this name chooses: a domain, or "" where the address of the
  // gateway has chosen already. False: there is none.
  virtual bool connect(std::string_view name) = 0;
  // One whole frame; valid during the call.
  virtual void to_browser(std::string_view frame) = 0;
  virtual void to_server(std::string_view bytes) = 0;
  virtual void start_tls() = 0;
  // The server does not do TLS as it should. True: on_open() follows for another one.
  virtual bool try_other_server() { return false; }
  // Nothing more will be said or taken; `text` is for people and may be empty.
  virtual void end(farewell how, std::string_view text) = 0;

  // From now on this conversation survives its browser's leg for the grace time. Returns the token
  // that brings the browser back, another one after each return; empty where there is no such thing. Not
  // before connect(). The token it came with holds, too: this one may never be read.
  virtual std::string offer_resumption() { return {}; }
  // The browser has read the newest token: the one before is void.
  virtual void on_token_read() {}
  // A frame that on_resumed() would say anew: not kept for a browser that comes back.
  virtual void to_this_leg(std::string_view frame) { to_browser(frame); }
  // The browser wants to go on with another conversation. True: its leg has left this one, which
  // then is over, or on_resume_refused() follows; the rest of what it said waits for that. First the
  // token, then what the other one's on_resumed() should know.
  virtual bool resume_other(std::string_view, std::string_view) { return false; }
  // How long such a conversation waits, and the end of this leg, which will be followed by another.
  virtual std::int64_t grace_seconds() const { return 0; }
  virtual void let_browser_go(std::string_view) {}

 protected:
  ~framing_sink() = default;
};

class framing {
 public:
  virtual ~framing() = default;

  // --- from the browser
  // The browser's leg stands.
  virtual void on_browser(framing_sink&) {}
  // One frame, at most frame_limit() bytes.
  virtual void from_browser(std::string_view frame, framing_sink& out) = 0;
  virtual std::size_t frame_limit() const = 0;

  // --- from the server
  virtual void on_open(bool secure, framing_sink& out) = 0;
  virtual void on_secure(framing_sink&) {}
  // What one read brought, cut anywhere.
  virtual void from_server(std::string_view bytes, framing_sink& out) = 0;
  // The tunnel is gone, or never came; ends with framing_sink::end().
  virtual void on_lost(const failure& why, framing_sink& out) = 0;
  // This gateway is going away; ends with framing_sink::end().
  virtual void on_shut_down(framing_sink& out) = 0;

  // The server has said nothing for a while: to_server() something it must answer. `asked` is how
  // often since it last said anything. Nothing, if the protocol has no such thing at this point.
  virtual void on_quiet(unsigned asked, framing_sink& out) = 0;
  // --- of a conversation that offered resumption
  // The browser's leg is gone; what is told to it is kept. The server must be answered as if it were
  // there.
  virtual void on_away(framing_sink&) {}
  // True: the framing itself keeps what its browser may lack, counted by the browser, and nobody else has to;
  // on_resumed() gets nothing then.
  virtual bool keeps_missed() const { return false; }
  // A new leg. First what is said here, then `missed`, of which it may take some out.
  virtual void on_resumed(missed_frames&, std::string_view, framing_sink&) {}
  // --- of one that asked for another
  virtual void on_resume_refused(framing_sink&) {}

  // What the server should hear when the browser's leg is gone; empty if it has heard it.
  virtual std::string_view last_words() const = 0;
};

}  // namespace halley
