// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/undelivered.hpp"

#include <catch2/catch.hpp>

using namespace halley;

namespace {
constexpr std::size_t plenty = 1 << 20;
}

TEST_CASE("what has arrived is forgotten, the rest is told in order", "[undelivered]") {
  undelivered kept;
  kept.add("one", 5, plenty);
  kept.add("two", 10, plenty);
  kept.add("three", 17, plenty);
  kept.add("away", UINT64_MAX, plenty);
  kept.forget(9);  // half of "two" is not "two"
  CHECK(kept.count() == 3);
  kept.forget(10);
  CHECK(kept.take() == std::vector<std::string>{"three", "away"});
  CHECK(kept.count() == 0);
  CHECK(kept.bytes() == 0);
  CHECK_FALSE(kept.take_lost());
}

TEST_CASE("past its bound the oldest go, and that is said once", "[undelivered]") {
  undelivered kept;
  for (int i = 0; i < 1000; ++i) {
    kept.add(std::to_string(i), static_cast<std::uint64_t>(i), 4096);
    CHECK(kept.bytes() <= 4096);
  }
  const auto left = kept.take();
  REQUIRE(left.size() > 20);
  CHECK(left.back() == "999");
  CHECK(left.front() == std::to_string(1000 - left.size()));
  CHECK(kept.take_lost());
  CHECK_FALSE(kept.take_lost());
}

TEST_CASE("a frame larger than the bound is lost, and nothing breaks", "[undelivered]") {
  undelivered kept;
  kept.add(std::string(5000, 'x'), 1, 4096);
  CHECK(kept.count() == 0);
  CHECK(kept.take_lost());
}
