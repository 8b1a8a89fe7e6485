// SPDX-License-Identifier: GPL-3.0-or-later
//
// Own lines that were told lately, so that each is told exactly once: a copy of an echo is dropped,
// and so is the real echo of a line that was told without it because the network seemed to have
// swallowed it. Bounded in number and age. Pure: time is an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/chat/event.hpp"

namespace halley::irc {

// How an own line that comes from the network can be recognised.
struct own_line {
  std::uint64_t n = 0;      // the command its label names; 0: no label of ours
  std::uint32_t piece = 0;  // of its text
  std::uint64_t id = 0;     // of its msgid; 0: none
  std::uint64_t text = 0;   // of where it was said and what
};
own_line own_line_of(const said_event& said, std::uint64_t n, std::uint32_t piece);

class told_lines {
 public:
  static constexpr std::size_t most = 32;
  static constexpr steady_ms remembered_ms = 120 * 1000;

  // `made_up`: without an echo.
  void add(const own_line& line, bool made_up, steady_ms now);
  // Whether this line was told, by its label or its id.
  bool has(const own_line& line) const;
  // Whether it can be the echo of a line that was made up; true once for each of these.
  bool take_late(const own_line& line);
  // Whether the same was told within a moment; for networks without labels and ids.
  bool has_text(const own_line& line, steady_ms now) const;
  void forget_old(steady_ms now);
  bool empty() const { return lines_.empty(); }

 private:
  struct entry {
    own_line line;
    steady_ms at = 0;
    bool made_up = false;
  };
  std::vector<entry> lines_;  // oldest first
};

}  // namespace halley::irc
