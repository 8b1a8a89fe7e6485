// SPDX-License-Identifier: GPL-3.0-or-later
//
// When an event loop should take a breath before it looks again. A busy server wakes us for every
// line of every visitor, and each time costs more than the line itself: where events come one by one,
// faster than anybody could tell, a pause of two to four milliseconds lets them come together, and what
// one socket is sent meanwhile leaves in one write. A loop that is not busy never waits, and one whose
// events wait for us (a question for each answer) soon stops. Pure: time is an argument.
#pragma once

#include <cstdint>

namespace halley {

class breather {
 public:
  static constexpr std::int64_t shortest_us = 2000;
  static constexpr std::int64_t longest_us = 4000;

  // How long to wait before the next look; 0: not at all.
  std::int64_t pause_us() const { return pause_us_; }
  // What a look has brought.
  void on_look(std::int64_t now_us, int events);

 private:
  // So many looks that bring few within this time begin it, ...
  static constexpr int many = 4;
  static constexpr std::int64_t window_us = 2000;
  // ... and one pause that brings fewer than this ends it.
  static constexpr int worth_it = 3;
  // After that it is not tried for a while.
  static constexpr std::int64_t doubt_us = 30'000;

  std::int64_t pause_us_ = 0;
  std::int64_t window_begin_us_ = 0;
  std::int64_t doubt_until_us_ = 0;
  int looks_ = 0;  // in the present window
};

}  // namespace halley
