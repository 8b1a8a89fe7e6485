// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbered log of one session: events from 1 on, kept until acknowledged, bounded in bytes,
// count and age. Carriers are views on it. Pure: time is an argument.
//
// A cursor is the number of the last event somebody has; 0 and last() are always valid, also when
// the log is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley {

struct outbox_limits {
  // A backlog of thousands of lines at once, or some minutes of a busy room for a sleeping phone. What
  // a room's members keep of one line is shared between them.
  std::size_t bytes = 2 * 1024 * 1024;
  std::size_t count = 4000;
  steady_ms age = 10 * 60 * 1000;
};

class outbox {
 public:
  explicit outbox(const outbox_limits& limits) : limits_(&limits) {}

  // Returns the number given. Drops the oldest events past the bounds.
  std::uint64_t append(event_ptr what, steady_ms now);

  // Number of the newest event, and of the oldest that is still kept (last() + 1 if none is).
  std::uint64_t last() const { return last_; }
  std::uint64_t first() const { return last_ + 1 - size_; }
  // Whether everything after `cursor` is still here.
  bool can_resume(std::uint64_t cursor) const { return cursor <= last_ && cursor + 1 >= first(); }

  // first() <= number <= last().
  const event_ptr& at(std::uint64_t number) const;

  // Everything up to `number` is safe on the other side and leaves.
  void acknowledge(std::uint64_t number);
  void drop_older_than(steady_ms moment);

  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return size_; }
  std::uint64_t dropped() const { return dropped_; }  // unacknowledged events lost to the bounds
  // When what follows `cursor` began to be lost to the bounds, early by a second at most; nothing if
  // all that is missing behind it was acknowledged.
  std::optional<steady_ms> lost_since(std::uint64_t cursor) const;

 private:
  struct entry {
    event_ptr what;
    steady_ms at = 0;
  };
  void pop_oldest();
  void lose_oldest();
  void release();
  void grow();

  const outbox_limits* limits_;
  std::vector<entry> ring_;  // capacity a power of two; none while nothing is kept
  std::size_t head_ = 0;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t dropped_ = 0;
  // The numbers and times of events that were lost, one for each second at most, oldest first: a
  // reader that never acknowledged may have got some of them. None while nothing is lost.
  static constexpr std::size_t most_marks = 32;
  struct mark {
    std::uint64_t number = 0;
    steady_ms at = 0;
  };
  void note_loss(std::uint64_t number, steady_ms at);
  std::vector<mark> lost_;
  std::uint64_t last_lost_ = 0;
};

}  // namespace halley
