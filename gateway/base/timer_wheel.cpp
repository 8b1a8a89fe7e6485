// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/timer_wheel.hpp"

#include <algorithm>

namespace halley {

void wheel_timer::arm(timer_wheel& wheel, steady_ms deadline) {
  cancel();
  wheel_ = &wheel;
  deadline_ = deadline;
  const std::int64_t tick =
      std::max((deadline + timer_wheel::tick - 1) / timer_wheel::tick, wheel.next_tick_);
  wheel_timer*& head = wheel.heads_[static_cast<std::size_t>(tick) % timer_wheel::slots];
  next_ = head;
  previous_ = &head;
  if (head != nullptr) head->previous_ = &next_;
  head = this;
  ++wheel.armed_;
  wheel.hint_ = std::min(wheel.hint_, tick);
}

void wheel_timer::cancel() {
  if (previous_ == nullptr) return;
  *previous_ = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  next_ = nullptr;
  previous_ = nullptr;
  --wheel_->armed_;
}

void timer_wheel::advance(steady_ms now) {
  const std::int64_t last = now / tick;
  // After a long sleep one turn visits every slot; going round more often finds nothing new.
  if (last - next_tick_ >= static_cast<std::int64_t>(slots))
    next_tick_ = last - static_cast<std::int64_t>(slots) + 1;
  while (next_tick_ <= last) {
    wheel_timer*& head = heads_[static_cast<std::size_t>(next_tick_) % slots];
    ++next_tick_;  // a callback that arms for "now" lands in the next tick
    // Taken out as a whole: a callback may cancel, destroy or arm any other timer meanwhile.
    wheel_timer* due = head;
    head = nullptr;
    if (due != nullptr) due->previous_ = &due;
    wheel_timer* later = nullptr;  // belongs to another turn of the wheel
    while (due != nullptr) {
      wheel_timer* one = due;
      due = one->next_;
      if (due != nullptr) due->previous_ = &due;
      if (one->deadline_ > now) {
        one->next_ = later;
        one->previous_ = &later;
        if (later != nullptr) later->previous_ = &one->next_;
        later = one;
        continue;
      }
      one->next_ = nullptr;
      one->previous_ = nullptr;
      --armed_;
      one->expired_(one->owner_);
    }
    while (later != nullptr) {
      wheel_timer* one = later;
      later = one->next_;
      if (later != nullptr) later->previous_ = &later;
      one->next_ = head;
      one->previous_ = &head;
      if (head != nullptr) head->previous_ = &one->next_;
      head = one;
    }
  }
}

steady_ms timer_wheel::next_due() const {
  if (hint_ >= next_tick_ && hint_ != INT64_MAX) return hint_ * tick;
  for (std::size_t ahead = 0; ahead < slots; ++ahead) {
    hint_ = next_tick_ + static_cast<std::int64_t>(ahead);
    if (heads_[static_cast<std::size_t>(hint_) % slots] != nullptr) break;
  }
  return hint_ * tick;
}

}  // namespace halley
