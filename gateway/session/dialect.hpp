// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to a language browsers speak: text <-> values, no I/O. Carriers bring texts to and fro
// and ask a dialect what they mean. Stateless and shared by all carriers of a shard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/base/errors.hpp"
#include "gateway/session/session.hpp"

namespace halley {

// A command that could be numbered but not understood.
struct refused_command {
  std::uint64_t n = 0;
  failure why;
};

// What one text from a browser asks, in its order.
struct inbound {
  std::vector<std::variant<numbered_command, refused_command>> commands;
  std::optional<std::uint64_t> acknowledged;
};

// What somebody says to come in.
struct entering {
  std::string network;  // its name, as said; not looked up yet
  std::string key;      // names this entering, so that it may be asked twice; empty: it may not
  visitor who;          // nick, account, password, rooms; the rest is added by whoever knows it
};

// All it prints is UTF-8 that may stand in a script element as it is: no "<", no U+2028 or U+2029.
class dialect {
 public:
  virtual ~dialect() = default;
  // Which of shared_event's encodings is this dialect's.
  virtual std::size_t slot() const = 0;
  virtual std::string encode(const event& what) const = 0;
  // What a carrier says first: the session, and the number of the event that comes next.
  virtual std::string hello(const session& of, const session::start_point& start) const = 0;
  // A failure means nothing in the text could be used.
  virtual result<inbound, failure> decode(std::string_view text) const = 0;
  // The body or first frame that opens a session; "do":"enter" may stand in it.
  virtual result<entering, failure> decode_enter(std::string_view text) const = 0;
  // What a visitor may choose from, in this order.
  virtual std::string print_networks(const std::vector<offered_network>& offered) const = 0;
  // An error that belongs to no session or command.
  virtual std::string print_failure(const failure& why) const = 0;

  const std::string& encoded(const event_ptr& what) const {
    return what->encoded(slot(), [this](const event& value) { return encode(value); });
  }
};

// Hands what was decoded to its session; what it acknowledges has arrived at `from`.
void submit_all(session& to, reader_tag from, inbound&& what);

}  // namespace halley
