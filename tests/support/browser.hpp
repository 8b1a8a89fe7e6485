// SPDX-License-Identifier: GPL-3.0-or-later
//
// A browser as the stories need it: enters, reads events over one carrier, sends commands. Blocking,
// on the test's thread, with Boost.Beast's own client as an independent peer. A wait that gets
// nothing for ten seconds throws with all that was seen.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gateway/carriers/carrier_kind.hpp"

namespace halley {

struct http_answer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string header(const std::string& name) const;
  nlohmann::json json() const;
};

// One request on a connection of its own.
http_answer http_request_to(std::uint16_t port, const std::string& method,
                            const std::string& target, const std::string& body = "",
                            const std::vector<std::pair<std::string, std::string>>& headers = {});

class browser {
 public:
  using json = nlohmann::json;

  // `reader` names its cursor on the session's log.
  browser(std::uint16_t port, carrier_kind kind, std::string reader = {});
  ~browser();
  browser(const browser&) = delete;

  // Enters and begins to read. Throws if the gateway refuses.
  void enter(const std::string& network, const std::string& nick,
             const std::vector<std::string>& rooms = {});
  // The connection is gone, without a word; reconnect() goes on with another carrier or the same.
  void lose_connection();
  void reconnect(carrier_kind kind);
  // As a page that was reloaded without its memory: asks for the present state.
  void reload(carrier_kind kind);
  // As a tab of the same browser: reads the session of `other` on its own, from the present state.
  void share(const browser& other);
  // Goes back to an event it had, as if what came after never arrived.
  void forget_after(std::uint64_t cursor);
  // Leaves for good.
  unsigned leave();
  // As the last tab when it goes: leaves within this many ms unless it comes back.
  unsigned say_goodbye(const std::string& within);

  // Sends a command under the next number (or the one given) and returns that number.
  std::uint64_t command(json what, std::uint64_t n = 0);
  std::uint64_t say(const std::string& to, const std::string& text);

  // The next event for which `matches` holds; others before it are kept in seen().
  json wait_for(const std::function<bool(const json&)>& matches);
  json wait_for(const std::string& ev);
  json result_of(std::uint64_t n);
  // Enters and waits until it is in this room.
  void come_into(const std::string& network, const std::string& nick, const std::string& room);

  const std::vector<json>& seen() const { return seen_; }
  const std::string& session() const { return session_; }
  std::uint64_t cursor() const { return cursor_; }
  const std::string& epoch() const { return epoch_; }
  std::size_t recycled() const { return recycled_; }

 private:
  struct wire;
  std::string events_target(bool with_cursor) const;
  void open(bool with_cursor);
  void open_stream(const std::string& target);
  void read_some();
  void read_frame();
  void read_page(bool with_cursor);
  bool read_buffered_line();
  void take(json event);
  void take_numbered(std::uint64_t number, const std::string& text);

  std::uint16_t port_;
  carrier_kind kind_;
  std::string reader_;
  std::unique_ptr<wire> wire_;
  std::string session_;
  std::string epoch_;
  std::uint64_t cursor_ = 0;
  std::uint64_t next_n_ = 1;
  std::size_t recycled_ = 0;
  std::vector<json> seen_;
  std::size_t looked_at_ = 0;
};

}  // namespace halley
