// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/nick_recovery.hpp"

#include <algorithm>
#include <utility>

namespace halley::irc {

void nick_recovery::begin(bool monitors, steady_ms now, std::uint64_t random, std::string& out) {
  monitors_ = monitors;
  // The server answers at once who is there: 730 or 731.
  if (monitors_) out += outgoing("MONITOR").with("+").with(wished_).line();
  if (!monitors_) next_ = now + pause_ / 2 + static_cast<steady_ms>(random % (first_pause / 2));
}

// However often it is free and taken again: servers punish changes of name that follow each other.
void nick_recovery::ask_for_it(steady_ms now, std::string& out) {
  if (asked_ || now - asked_at_ < first_pause / 3) return;
  asked_ = true;
  asked_at_ = now;
  out += outgoing("NICK").with(wished_).line();
}

void nick_recovery::on_free(steady_ms now, std::string& out) {
  ask_for_it(now, out);
}

bool nick_recovery::take(int numeric, const message& line, steady_ms now, std::string& out) {
  switch (numeric) {
    case 303:
      if (line.last().find_first_not_of(' ') == std::string_view::npos) ask_for_it(now, out);
      return true;
    case 730:
      return true;
    case 731:
      ask_for_it(now, out);
      return true;
    case 734:  // the list is full
      monitors_ = false;
      next_ = now + pause_;
      return true;
    case 432:  // held for its owner by services
    case 433:
    case 436:
    case 437:
    case 438:
    case 447:
      if (next_ == INT64_MAX) next_ = now + pause_;
      return std::exchange(asked_, false);
    default:
      return false;
  }
}

void nick_recovery::on_turn(steady_ms now, std::uint64_t random, std::string& out) {
  asked_ = false;  // an answer that has not come by now is none
  if (++turns_ >= most_turns) {
    next_ = INT64_MAX;  // what the server tells unasked still counts
    return;
  }
  out += outgoing("ISON").with(wished_).line();
  pause_ = std::min(pause_ * 2, longest_pause);
  const steady_ms half = pause_ / 2;
  next_ = now + half + static_cast<steady_ms>(random % static_cast<std::uint64_t>(half));
}

void nick_recovery::end(std::string& out) const {
  if (monitors_) out += outgoing("MONITOR").with("-").with(wished_).line();
}

}  // namespace halley::irc
