// SPDX-License-Identifier: GPL-3.0-or-later
//
// Getting one's name back: after a network loss the own ghost may still hold it, so that the session
// comes in under another. Told by the server when it is free (MONITOR, or its QUIT in a common
// room), otherwise asked for at a slow pace (ISON). Exists only until the name is back or the
// attempts are used up. Pure: time is an argument.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridges/irc/message.hpp"
#include "gateway/base/time.hpp"

namespace halley::irc {

class nick_recovery {
 public:
  static constexpr steady_ms first_pause = 15 * 1000;
  static constexpr steady_ms longest_pause = 5 * 60 * 1000;
  static constexpr int most_turns = 16;  // a little more than an hour

  explicit nick_recovery(std::string wished) : wished_(std::move(wished)) {}

  const std::string& wished() const { return wished_; }
  // `monitors`: the server speaks MONITOR. `random` decides the jitter here and below.
  void begin(bool monitors, steady_ms now, std::uint64_t random, std::string& out);
  // Somebody of this name has gone or goes by another name now.
  void on_free(steady_ms now, std::string& out);
  // 303 (ISON), 730 and 731 (MONITOR), and refusals of the name. True: the line was ours.
  bool take(int numeric, const message& line, steady_ms now, std::string& out);
  steady_ms next_turn() const { return next_; }  // INT64_MAX: nothing to do but wait
  void on_turn(steady_ms now, std::uint64_t random, std::string& out);
  // The name is ours again or no longer wanted.
  void end(std::string& out) const;

 private:
  void ask_for_it(steady_ms now, std::string& out);

  std::string wished_;
  steady_ms next_ = INT64_MAX;
  steady_ms pause_ = first_pause;
  steady_ms asked_at_ = -first_pause;  // when NICK was sent last
  int turns_ = 0;
  bool monitors_ = false;
  bool asked_ = false;  // a NICK of ours is under way
};

}  // namespace halley::irc
