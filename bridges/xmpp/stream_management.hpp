// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stream management (XEP-0198, version 3): what both sides have counted, and what we sent that the
// server has not acknowledged. Pure: no link, no clock. Outlives the connection, so that the next
// one can take the stream up again; owned by the stream.
//
// Stanzas we send get numbers that go on over all connections of a session, so that whoever waits
// for an acknowledgement needs to know nothing of counters that begin anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halley::xmpp {

class stream_management {
 public:
  // Of what is kept until the server acknowledges it. A server that lets more pile up cannot be
  // resumed, because something would be missing.
  static constexpr std::size_t most_kept = 1000;
  static constexpr std::size_t most_kept_bytes = 256 * 1024;
  // With so many unacknowledged, or received and not reported, it is time to talk about it.
  static constexpr std::uint32_t many = 50;

  struct unacked {
    std::uint64_t number;
    std::string stanza;
  };

  // <enable/> is sent now: counters begin at zero. What the last stream left is lost here; take it
  // with take_unacked() first.
  void begin();
  // <enabled/> came. `id` empty: this stream cannot be resumed.
  void on_enabled(std::string_view id, std::string_view location);
  // The server will not: everything sent counts as acknowledged from here on.
  void on_refused();
  bool is_counting() const { return counting_; }
  bool can_resume() const { return !id_.empty() && !overflowed_; }
  const std::string& id() const { return id_; }
  // Where the server would like the stream to be resumed ("host:port"); empty: anywhere.
  const std::string& location() const { return location_; }

  // A stanza leaves; the answer is its number.
  std::uint64_t on_sent(std::string_view stanza);
  void on_received() { ++received_; }
  // What the server is told: modulo 2^32, as the XEP says.
  std::uint32_t received() const { return received_; }
  void on_reported() { reported_ = received_; }
  bool should_report() const { return received_ - reported_ >= many; }

  // The server has `h`. False: more than we sent, which ends the stream.
  bool acknowledge(std::uint32_t h);
  // The last number the server has.
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t last_sent() const { return sent_; }
  bool should_request() const { return !requested_ && sent_ - acknowledged_ >= many; }
  bool has_unacked() const { return sent_ != acknowledged_; }
  void on_requested() { requested_ = true; }
  bool is_requested() const { return requested_; }

  const std::vector<unacked>& kept() const { return kept_; }
  // After a stream that could not be resumed: its fate is unknown.
  std::vector<unacked> take_unacked();

 private:
  std::string id_;
  std::string location_;
  std::vector<unacked> kept_;
  std::size_t kept_bytes_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint32_t received_ = 0;
  std::uint32_t reported_ = 0;
  std::uint32_t h_ = 0;  // the server's last
  bool counting_ = false;
  bool requested_ = false;
  bool overflowed_ = false;
};

// A number as XEP-0198 writes it; nothing if it is none.
std::optional<std::uint32_t> read_count(std::string_view text);

}  // namespace halley::xmpp
