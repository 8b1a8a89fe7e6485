// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session: one visitor on one network, outliving every connection of his browser. The pure centre:
// values in, port calls out; no socket, no clock, no JSON. Owned by its session_table; refers to its
// bridge by ownership and to its carriers by reference. Everything on one shard.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/reactor.hpp"
#include "gateway/session/bridge.hpp"
#include "gateway/session/carrier.hpp"
#include "gateway/session/command_window.hpp"
#include "gateway/session/crowd.hpp"
#include "gateway/session/outbox.hpp"
#include "gateway/session/readers.hpp"

namespace halley {

// Options of a deployment; one object, shared by all sessions.
struct session_limits {
  outbox_limits outbox;
  std::int64_t grace_ms = 120 * 1000;  // how long a session waits for its browser to come back
  std::int64_t hold_ms = 25 * 1000;    // long poll: answered empty after this; below proxy cut-offs
  std::int64_t heartbeat_ms = 25 * 1000;    // streams and WebSocket: something is sent this often
  std::int64_t poll_ms = 3 * 1000;          // poll: an empty-handed reader asks again after this
  std::size_t stream_bytes = 1024 * 1024;   // xhr_stream, forever_frame: browsers keep all of it
  std::size_t per_address = 50;             // sessions of one visitor address
  std::size_t detached_per_address = 10;    // of these, without a browser
  std::size_t total = 9900;                 // sessions of this process
  double command_rate = 10;                 // commands a second and session, once burst is used up
  std::uint32_t command_burst = 40;
};

class session_table;

class session final : private bridge_listener {
 public:
  session(std::string id, const session_limits& limits, session_table& table, reactor& loop,
          bridge_network& network, visitor who);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  const std::string& id() const { return id_; }
  const std::string& epoch() const { return epoch_; }
  const network& network_config() const { return network_.config(); }
  const std::string& address() const { return address_; }
  const session_limits& limits() const { return *limits_; }
  const outbox& log() const { return log_; }
  reactor& loop() { return loop_; }

  // Connects to the network. Apart from the constructor so that the table knows the session first.
  void start();

  // --- carriers ---------------------------------------------------------------------------------
  // Adds a reader. It reads log().at(cursor + 1 ...) itself whenever on_log_grown() is called.
  void attach(carrier& reader);
  void detach(carrier& reader);
  bool is_attached() const { return !carriers_.empty(); }
  // Where a new reader may begin. With `since` of this epoch and still kept: there, and nothing is
  // lost. Otherwise the log gets a gap event if `since` was given, then the present state
  // (bridge::describe), and the reader begins before these.
  struct start_point {
    std::uint64_t cursor = 0;
    bool resumed = false;
    reader_tag reader = 0;
  };
  // `since` counts as acknowledged by that reader.
  start_point begin_reading(reader_tag who, std::optional<std::uint64_t> since,
                            std::string_view epoch);
  // Everything up to `number` has arrived at this reader. It leaves the log when every reader has it.
  void acknowledge(reader_tag who, std::uint64_t number);
  // A carrier that was slow has taken everything: what was kept back may be told now.
  void on_reader_caught_up();

  // --- commands ---------------------------------------------------------------------------------
  // Carries a command out, once for each n; the answer comes as a result event in the log. A repeat
  // of an answered command appends its first answer again.
  void submit(numbered_command what);
  // Answers n with an error without asking the bridge: the command could not be decoded.
  void refuse(std::uint64_t n, failure why);

  // Leaves the network and ends; the table drops the session when the bridge has ended.
  void leave(std::string_view reason);
  // The last tab of a browser goes, or reloads: leaves `within` ms from now, which is never later than
  // the grace time would be over, unless a reader attaches before or another one is attached then.
  void leave_unless_back(steady_ms within);
  // For a shut-down: the browser is told with a closing event, then as leave().
  void close(failure why, bool come_back);
  bool is_ending() const { return ending_; }

 private:
  void on_event(event_ptr what) override;
  void on_sent(std::uint64_t n) override;
  void on_waiting(std::uint64_t n, std::int64_t ms) override;
  void on_result(result_event answer) override;
  void on_ended(failure why) override;

  friend class session_table;
  void append(event_ptr what);
  void tell_gap(std::uint64_t since, bool same_log);
  void forget_what_all_have();
  bool fills(std::size_t part) const;
  bool keep_back(const event& what);
  void tell_crowd();
  void append_state();
  void wake();
  void on_grace();
  void await_return();
  bool take_token();
  std::int64_t next_token_in() const;
  void tell_over();

  std::string id_;
  std::string epoch_;
  std::string address_;
  const session_limits* limits_;
  session_table& table_;
  reactor& loop_;
  bridge_network& network_;
  std::unique_ptr<visitor> who_;  // until started
  std::unique_ptr<bridge> bridge_;
  outbox log_;
  readers readers_;
  std::unique_ptr<crowd> crowd_;  // while readers are behind
  command_window window_;
  std::vector<carrier*> carriers_;
  wheel_timer grace_;
  steady_ms leaves_at_ = 0;  // when nobody comes until then; 0 while a reader is attached and stays
  steady_ms tokens_at_ = 0;
  float tokens_;
  bool wake_scheduled_ = false;
  bool told_attached_ = false;  // what the bridge was told last
  bool parting_ = false;        // leaves_at_ comes from leave_unless_back()
  bool ending_ = false;         // leave() or close() was called
  bool ended_ = false;          // the bridge has gone; kept until somebody has read why
};

}  // namespace halley
