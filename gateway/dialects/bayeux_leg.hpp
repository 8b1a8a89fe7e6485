// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Bayeux client on one network: its session there, how far the client has come in its log, and
// the commands whose results are awaited. Owned by the client. Reads the log as the nameless
// reader.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/dialects/bayeux_batch.hpp"
#include "gateway/dialects/bayeux_messages.hpp"
#include "gateway/session/session.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {

// A reply that waits for the results of commands.
struct bayeux_task {
  std::weak_ptr<bayeux_batch> batch;
  std::size_t slot = 0;
  bayeux_reply reply;
  steady_ms deadline = 0;
  std::size_t missing = 0;  // results
  bool told = false;        // also when told provisionally

  void finish();
  // One result has come; `why` is null for a good one.
  void settle(const failure* why, std::string_view argument);
};

// A command under way.
struct bayeux_call {
  enum class kind : std::uint8_t {
    plain,   // its reply waits for it
    late,    // its reply was provisional: the result is a message on /net
    service  // its result is a message on its channel, with its id
  };
  std::uint64_t n = 0;
  kind what = kind::plain;
  std::string channel;                // of the request; the one subscribed to for a join
  bool subscribes = false;            // the subscription ends if it fails
  std::string id;                     // as JSON
  std::shared_ptr<bayeux_task> task;  // for plain and late
  std::optional<command> then;        // after a good result: what the task really waits for
  std::uint64_t history = 0;          // number of the history event that came before the result
  std::uint64_t told = 0;             // number of the result event once it was given
};

class bayeux_leg final : public carrier {
 public:
  class owner {
   public:
    virtual void on_log_grown(bayeux_leg& of) = 0;
    virtual void on_result(bayeux_leg& of, bayeux_call&& done, const result_event& answer) = 0;
    // The session has ended; its log is still there during the call.
    virtual void on_leg_over(bayeux_leg& of) = 0;

   protected:
    ~owner() = default;
  };

  bayeux_leg(owner& whose, session_table& sessions, session& made);
  ~bayeux_leg();

  const network& config() const { return config_; }
  // Null when it has ended.
  session* find() const { return sessions_.find(session_id_); }
  bool is_over() const { return over_ || find() == nullptr; }
  steady_ms entered_at() const { return entered_at_; }

  // Tells the session whether somebody is there to read.
  void set_present(bool present);
  // Carries a command out, as soon as the network is there. False: too many wait already.
  bool submit(command what, bayeux_call call);
  std::uint64_t last_n() const { return next_n_ - 1; }
  // The same command again: its first answer comes.
  void repeat(std::uint64_t n, command what, bayeux_call call);
  // Looks at what the log has got: results, rooms, whether the network is there.
  void scan();
  // What follows `given` is gone: a gap is told, and the present state.
  void skip_gap();
  void forget_told(std::uint64_t up_to);

  std::vector<bayeux_call>& calls() { return calls_; }
  bayeux_call* find_call(std::uint64_t n);
  const std::vector<std::string>& joined() const { return joined_; }  // as segments
  bool has_joined(std::string_view segment) const;
  // The last online or offline event, for who asks late; null before the first.
  const event_ptr& state() const { return state_; }

  std::uint64_t given = 0;    // last event given to the client
  std::uint64_t offered = 0;  // the same when the batch that awaits its acknowledgement left
  std::uint64_t safe = 0;     // last event known to have arrived

 private:
  static constexpr std::size_t most_waiting = 64;
  static constexpr std::size_t most_calls = 256;

  std::uint64_t reached() const override { return given; }
  void on_log_grown() override;
  void on_session_over(const failure* why) override;
  void look_at(const event_ptr& what, std::uint64_t number);
  void on_online();
  void on_hopeless(const failure& why);
  void settle(const result_event& answer);

  owner& owner_;
  session_table& sessions_;
  const network& config_;
  std::string session_id_;
  session* attached_ = nullptr;
  steady_ms entered_at_;
  std::uint64_t seen_ = 0;
  std::uint64_t next_n_ = 1;
  bool online_ = false;
  bool over_ = false;
  std::vector<numbered_command> waiting_;  // for the network
  std::vector<bayeux_call> calls_;
  std::vector<std::string> joined_;
  event_ptr state_;
};

}  // namespace halley
