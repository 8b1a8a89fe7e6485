// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast a session may speak: a token bucket over lines, with a bounded queue behind it, so that
// no server takes a visitor for a flood. Starts to count after registration. Pure: time is an
// argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"

namespace halley::irc {

class pacing {
 public:
  static constexpr std::size_t most_queued = 128;  // a 16,000-byte paste is 40 lines

  pacing(double rate, std::uint32_t burst)
      : rate_(rate > 0 ? rate : 1), burst_(burst > 0 ? burst : 1), tokens_(burst_) {}

  // Whether `lines` more have a place.
  bool has_room(std::size_t lines) const { return waiting() + lines <= most_queued; }
  // Takes one line with its CRLF. One that is `free` waits behind the others but costs nothing.
  void push(std::string line, bool is_free = false);
  // Moves what may leave now to `out`.
  void release(steady_ms now, std::string& out);
  std::size_t waiting() const { return queue_.size() - head_; }
  // A mark behind the lines pushed so far, and whether all before it have left.
  std::uint32_t mark() const { return pushed_; }
  bool has_left(std::uint32_t mark) const {
    return static_cast<std::int32_t>(pushed_ - static_cast<std::uint32_t>(waiting()) - mark) >= 0;
  }
  // When release() will have something; meaningful if waiting() > 0.
  steady_ms next_release(steady_ms now) const;
  // How long it takes after a release() until all lines before the mark have left.
  steady_ms leaves_in(std::uint32_t mark) const;
  // And until `lines` more have a place; 0: they have.
  steady_ms has_room_in(std::size_t lines) const;
  // How long the last of the waiting lines has to wait.
  steady_ms delay() const;
  void clear();

 private:
  struct entry {
    std::string line;
    bool is_free = false;
  };
  void refill(steady_ms now);
  // For so many of the waiting lines to leave.
  steady_ms time_for(std::size_t lines) const;

  std::uint32_t pushed_ = 0;  // in all; counts round
  double rate_;
  double burst_;
  double tokens_;
  steady_ms at_ = 0;
  std::vector<entry> queue_;  // no memory while nothing waits
  std::size_t head_ = 0;
};

// Joins for many rooms in few lines: rooms with a key first, `targets` a line (0: as many as fit).
struct room_and_key {
  std::string name;
  std::string key;
};
std::vector<std::string> join_lines(std::vector<room_and_key> rooms, std::uint32_t targets);

}  // namespace halley::irc
