// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "gateway/base/timer_wheel.hpp"

using namespace halley;

namespace {

struct bell {
  explicit bell(std::vector<int>& fired, int name)
      : fired_(fired), name_(name), timer(on_expiry<&bell::ring>, this) {}
  void ring() { fired_.push_back(name_); }
  std::vector<int>& fired_;
  int name_;
  wheel_timer timer;
};

}  // namespace

TEST_CASE("a timer fires once, at or after its deadline and not before", "[timer_wheel]") {
  timer_wheel wheel(1000);
  std::vector<int> fired;
  bell one(fired, 1);
  one.timer.arm(wheel, 1500);
  wheel.advance(1499);
  CHECK(fired.empty());
  CHECK(one.timer.armed());
  wheel.advance(1500);
  CHECK(fired == std::vector{1});
  CHECK_FALSE(one.timer.armed());
  wheel.advance(100000);
  CHECK(fired.size() == 1);
}

TEST_CASE("a deadline further away than one turn of the wheel waits for its own turn",
          "[timer_wheel]") {
  timer_wheel wheel(0);
  std::vector<int> fired;
  bell near(fired, 1);
  bell far(fired, 2);
  const steady_ms turn = 2048 * timer_wheel::tick;
  near.timer.arm(wheel, 500);
  far.timer.arm(wheel, 500 + turn * 2);
  wheel.advance(500);
  CHECK(fired == std::vector{1});
  wheel.advance(500 + turn);
  CHECK(fired == std::vector{1});
  wheel.advance(499 + turn * 2);
  CHECK(fired == std::vector{1});
  wheel.advance(500 + turn * 2);
  CHECK(fired == std::vector{1, 2});
}

TEST_CASE("after a long sleep everything that is due fires", "[timer_wheel]") {
  timer_wheel wheel(0);
  std::vector<int> fired;
  std::vector<std::unique_ptr<bell>> all;
  for (int i = 0; i < 300; ++i) {
    all.push_back(std::make_unique<bell>(fired, i));
    all.back()->timer.arm(wheel, i * 977);
  }
  wheel.advance(10'000'000);
  CHECK(fired.size() == 300);
  CHECK(wheel.armed() == 0);
}

TEST_CASE("a timer may arm itself again, cancel or destroy others while it fires",
          "[timer_wheel]") {
  timer_wheel wheel(0);
  struct actor {
    timer_wheel& wheel;
    int rung = 0;
    wheel_timer timer{on_expiry<&actor::ring>, this};
    std::unique_ptr<actor>* victim = nullptr;
    explicit actor(timer_wheel& w) : wheel(w) {}
    void ring() {
      ++rung;
      timer.arm(wheel, 0);  // in the past: the next tick, not this one for ever
      if (victim != nullptr) victim->reset();
    }
  };
  actor first(wheel);
  auto second = std::make_unique<actor>(wheel);
  first.victim = &second;
  second->timer.arm(wheel, 100);
  first.timer.arm(wheel, 100);  // in front of the second in the same slot
  wheel.advance(100);
  CHECK(first.rung == 1);
  CHECK(second == nullptr);
  CHECK(wheel.armed() == 1);
  wheel.advance(150);
  CHECK(first.rung == 2);
}

TEST_CASE("the wheel says when it is due next, never too late", "[timer_wheel]") {
  timer_wheel wheel(0);
  std::vector<int> fired;
  bell a(fired, 1);
  bell b(fired, 2);
  a.timer.arm(wheel, 5000);
  CHECK(wheel.next_due() == 5000);
  b.timer.arm(wheel, 1001);
  CHECK(wheel.next_due() >= 1001);
  CHECK(wheel.next_due() < 1001 + timer_wheel::tick);
  wheel.advance(wheel.next_due());
  CHECK(fired == std::vector{2});
  CHECK(wheel.next_due() == 5000);
  a.timer.cancel();
  CHECK(wheel.armed() == 0);
}
