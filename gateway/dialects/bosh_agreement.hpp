// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a BOSH client and this gateway agree on when a session is created (XEP-0124, 7): the lower
// of what the client asks for and what the settings allow. Pure values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/dialects/bosh_body.hpp"
#include "gateway/dialects/xmpp_stream.hpp"

namespace halley {

struct bosh_terms {
  std::uint64_t wait_most = 25;    // s; below proxy cut-offs
  std::uint64_t inactivity = 120;  // s; a background tab's timers run once a minute
  std::uint64_t polling = 2;       // s
  std::uint64_t pause_most = 300;  // s
  // Of answers kept for a client that acknowledges; one that never does is stopped there (B-33).
  std::size_t unacknowledged_bytes = 256 * 1024;
  std::size_t unacknowledged_answers = 256;
  // Said by a server while nobody asks; past that the server is slowed down.
  std::size_t pending_bytes = 256 * 1024;
  // Streams of one session (XEP-0124, 16), each with a connection of its own.
  std::size_t streams = 4;
};

struct bosh_agreement {
  // A client has `hold` requests waiting and one more for what it wants to say (B-17, D-02, D-05).
  static constexpr std::uint64_t hold_most = 1;

  bosh_agreement();
  bosh_agreement(const bosh_request& first, const bosh_terms& terms);

  const std::string* content_type;  // of all answers (B-15); one text for all sessions
  std::uint16_t wait = 0;           // s
  bosh_version version;             // the lower of both; none: a client of before 1.6
  std::uint8_t hold = 0;
  bool acks = false;      // the client acknowledges
  bool restarts = false;  // XEP-0206 is spoken
  bool script = false;    // XEP-0252 is spoken

  std::uint64_t requests() const { return hold + 1; }
  bool polls() const { return wait == 0 || hold == 0; }
  // B-71: clients of before 1.6 get HTTP codes for some conditions, others 200.
  int status_of(std::string_view condition) const;
};

// The attributes of the creation response (B-17 to B-19, B-60, X-02, X-03).
struct bosh_creation {
  std::string_view sid;
  std::string_view from;    // as it stands in XML
  std::string_view stream;  // the first one's name
  const stream_header& server;
};
std::string print_creation(const bosh_creation& what, const bosh_agreement& agreed,
                           const bosh_terms& terms);

}  // namespace halley
