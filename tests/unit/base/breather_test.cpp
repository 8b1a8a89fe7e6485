// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "gateway/base/breather.hpp"

using halley::breather;

namespace {

// Looks as often as there is something, `gap` microseconds after the last, and after each pause.
struct loop {
  void look(int events, std::int64_t gap) {
    now += gap + breath.pause_us();
    breath.on_look(now, events);
  }
  breather breath;
  std::int64_t now = 1'000'000'000;
};

}  // namespace

TEST_CASE("a loop that has little to do never waits", "[breather]") {
  loop quiet;
  for (int i = 0; i < 1000; ++i) {
    quiet.look(1, 1000);
    REQUIRE(quiet.breath.pause_us() == 0);
  }
}

TEST_CASE("events that come one by one are let come together", "[breather]") {
  loop busy;
  for (int i = 0; i < 20 && busy.breath.pause_us() == 0; ++i) busy.look(1, 100);
  REQUIRE(busy.breath.pause_us() == breather::shortest_us);
  SECTION("while it is worth it") {
    for (int i = 0; i < 100; ++i) busy.look(6, 10);
    CHECK(busy.breath.pause_us() == breather::shortest_us);
    busy.look(1, 10);
    CHECK(busy.breath.pause_us() == 0);
  }
  SECTION("longer where there are many") {
    for (int i = 0; i < 100; ++i) busy.look(200, 10);
    CHECK(busy.breath.pause_us() == breather::longest_us);
    busy.look(0, 10);
    CHECK(busy.breath.pause_us() == 0);
  }
}

TEST_CASE("looks that bring many need no pause", "[breather]") {
  loop busy;
  for (int i = 0; i < 100; ++i) busy.look(20, 100);
  CHECK(busy.breath.pause_us() == 0);
}

TEST_CASE("who asks after each answer hardly waits", "[breather]") {
  loop asked;
  std::int64_t waited = 0;
  for (int i = 0; i < 10'000; ++i) {
    waited += asked.breath.pause_us();
    asked.look(1, 100);
  }
  CHECK(waited < 10'000 * 100 / 10);  // less than a tenth of the time that it takes by itself
}
