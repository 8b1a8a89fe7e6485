// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands that wait for their answer: found by label where the server speaks labeled-response,
// otherwise by kind and target, oldest first. Bounded by the command window of the session. Pure;
// no memory while nothing waits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/irc/isupport.hpp"
#include "bridges/irc/message.hpp"
#include "gateway/base/time.hpp"
#include "gateway/chat/command.hpp"
#include "gateway/chat/event.hpp"

namespace halley::irc {

enum class waiting_for : std::uint8_t {
  join,
  part,
  said,
  nick,
  topic,
  topic_asked,
  names,
  list,
  whois,
  away,
  mode,
  timed_ban,
  bans,
  exceptions,
  invites,
  kick,
  invite,
  account,
  login,
  history,
  ping,
  redact,
  data,
  settings
};

// A line of a say, or the data of a data command, that has not come back yet.
struct said_piece {
  std::string text;
  std::uint32_t number = 0;  // in its label
};

// A settings command under way.
struct settings_work {
  std::vector<setting_change> wishes;
  std::vector<mode_change> modes;  // as told last
  std::vector<room_setting> before;
  failure refusal;    // the first the server had against the changes
  bool sent = false;  // the changes are on their way: the next answer tells what has become of them
};

struct pending_command {
  std::uint64_t n = 0;
  waiting_for what = waiting_for::ping;
  std::string target;               // room or nick as given
  std::string other;                // kick, invite, mode: the nick as well; login: the password
  result_event answer;              // collects what comes in several lines
  std::vector<said_piece> pieces;   // said, data: what has not come back yet, oldest first
  std::uint32_t begins_at = 0;      // said: marks of the pacing around its lines
  std::uint32_t ends_at = 0;
  bool sent = false;     // said: it was told that all of them have left
  bool barrier = false;  // said: a PING behind them is under way
  said_kind kind = said_kind::message;
  steady_ms deadline = 0;
  std::uint32_t limit = 0;  // history: how many were asked for
  std::unique_ptr<settings_work> settings;  // settings
  bool collecting = false;  // an answer in several lines has begun; timed_ban: it was set; settings: the modes were told
};

class pending_commands {
 public:
  pending_command& add(pending_command what);
  pending_command* find(std::uint64_t n);
  // The oldest of that kind for that target ("": any).
  pending_command* find(waiting_for what, std::string_view target, const isupport& names);
  // The oldest that `refusal`, an error numeric, can answer: one of its parameters is the target of
  // the command, or the IRC word it is sent as.
  pending_command* find_refused(const message& refusal, const isupport& names);
  std::optional<pending_command> take(std::uint64_t n);

  // The next one whose time is over.
  pending_command* find_late(steady_ms now);
  // Calls each(command) for all.
  template <class Each>
  void for_each(Each&& each) {
    for (pending_command& one : commands_) each(one);
  }
  std::optional<pending_command> take_any();
  steady_ms next_deadline() const;  // INT64_MAX if there is none
  bool empty() const { return commands_.empty(); }
  std::size_t size() const { return commands_.size(); }

 private:
  std::vector<pending_command> commands_;
};

// The word a command is sent as: "PRIVMSG", "JOIN".
std::string_view irc_word(waiting_for what);

// Labels carry the number of the command, so that nothing has to be remembered: "h7" or "h7.2".
std::string print_label(std::uint64_t n, std::size_t piece);
std::uint32_t piece_in_label(std::string_view label);
std::uint64_t parse_label(std::string_view label);  // 0: not ours
// Of a line that nobody waits for, whatever becomes of it.
constexpr std::string_view unheard_label = "u";

}  // namespace halley::irc
