// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <string>

#include "gateway/chat/failure.hpp"
#include "gateway/chat/interner.hpp"

using namespace halley;

TEST_CASE("the second copy of a line finds the event of the first", "[interner]") {
  interner lines;
  int domain = 0;
  CHECK(lines.find(&domain, "one", 0) == nullptr);
  const event_ptr made = share(left_event{});
  lines.store(&domain, "one", {made, 5});
  const auto* found = lines.find(&domain, "one", 0);
  REQUIRE(found != nullptr);
  CHECK(found->what == made);
  CHECK(found->tag == 5);
}

TEST_CASE("the same bytes in another domain are another line", "[interner]") {
  interner lines;
  int one = 0;
  int two = 0;
  lines.store(&one, "line", {share(left_event{}), 0});
  CHECK(lines.find(&two, "line", 0) == nullptr);
}

TEST_CASE("where the cut was is part of the line", "[interner]") {
  interner lines;
  int domain = 0;
  lines.store(&domain, "<message to='", "'>hi", {share(left_event{}), 0});
  CHECK(lines.find(&domain, "<message to='", "'>hi", 0) != nullptr);
  CHECK(lines.find(&domain, "<message to=''", ">hi", 0) == nullptr);
  CHECK(lines.find(&domain, "<message to=''>hi", 0) == nullptr);
}

TEST_CASE("a line without a time of its own is found only until its moment has passed",
          "[interner]") {
  interner lines;
  int domain = 0;
  lines.store(&domain, "hi", {share(left_event{}), 0}, 1050);
  CHECK(lines.find(&domain, "hi", 1050) != nullptr);
  CHECK(lines.find(&domain, "hi", 1051) == nullptr);
}

TEST_CASE("a full table forgets, and never mixes lines up", "[interner]") {
  interner lines;
  int domain = 0;
  for (std::uint32_t i = 0; i < 5000; ++i)
    lines.store(&domain, "line " + std::to_string(i), {nullptr, i});
  int found = 0;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const auto* one = lines.find(&domain, "line " + std::to_string(i), 0);
    if (one == nullptr) continue;
    ++found;
    CHECK(one->tag == i);
  }
  CHECK(found > 0);
  CHECK(found <= 1024);
}

TEST_CASE("every failure has a wire name and an HTTP status that says error", "[failure]") {
  for (unsigned i = 0; i <= static_cast<unsigned>(failure_code::internal); ++i) {
    const auto code = static_cast<failure_code>(i);
    CHECK_FALSE(failure_name(code).empty());
    CHECK(failure_status(code) >= 400);
    CHECK(failure_status(code) < 600);
  }
}
