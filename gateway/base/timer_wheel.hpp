// SPDX-License-Identifier: GPL-3.0-or-later
//
// One timer wheel for a whole shard: arming and cancelling are a few pointer writes and no
// allocation, an armed timer costs the 40 bytes inside its owner, an unarmed wheel no wake-up.
// Pure: time is an argument, so that tests move it by hand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gateway/base/time.hpp"

namespace halley {

class timer_wheel;

// A deadline inside its owner. Cancels itself when destroyed. Not copyable, not movable.
class wheel_timer {
 public:
  using callback = void (*)(void* owner);

  // `expired(owner)` is called from timer_wheel::advance, after the timer was taken out: it may arm
  // the timer again or destroy the owner.
  wheel_timer(callback expired, void* owner) : expired_(expired), owner_(owner) {}
  ~wheel_timer() { cancel(); }
  wheel_timer(const wheel_timer&) = delete;
  wheel_timer& operator=(const wheel_timer&) = delete;

  // Replaces an earlier deadline. A deadline that has passed fires at the next tick.
  void arm(timer_wheel& wheel, steady_ms deadline);
  void cancel();
  bool armed() const { return previous_ != nullptr; }
  steady_ms deadline() const { return deadline_; }

 private:
  friend class timer_wheel;
  callback expired_;
  void* owner_;
  timer_wheel* wheel_ = nullptr;
  wheel_timer* next_ = nullptr;
  wheel_timer** previous_ = nullptr;
  steady_ms deadline_ = 0;
};

// Makes a callback of a member function: wheel_timer t{on_expiry<&session::on_grace_over>, this}.
template <auto Member>
struct expiry;
template <class Owner, void (Owner::*Member)()>
struct expiry<Member> {
  static void call(void* owner) { (static_cast<Owner*>(owner)->*Member)(); }
};
template <auto Member>
inline constexpr wheel_timer::callback on_expiry = &expiry<Member>::call;

class timer_wheel {
 public:
  static constexpr steady_ms tick = 50;  // ms: finer than anything a person waits for

  explicit timer_wheel(steady_ms now) : next_tick_(now / tick) {}
  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  // Fires everything whose deadline is at or before `now`.
  void advance(steady_ms now);
  std::size_t armed() const { return armed_; }
  // The first moment at which advance() may have something to fire; meaningful if armed() > 0.
  // Never later than the earliest deadline rounded up to a tick.
  steady_ms next_due() const;

 private:
  friend class wheel_timer;
  static constexpr std::size_t slots = 2048;  // one turn is 102 s; later deadlines wait for theirs

  std::array<wheel_timer*, slots> heads_{};
  std::int64_t next_tick_;  // first tick not yet fired
  mutable std::int64_t hint_ = INT64_MAX;  // no occupied slot before this tick; may be too early
  std::size_t armed_ = 0;
};

}  // namespace halley
