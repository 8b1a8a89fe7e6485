// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "gateway/session/command_window.hpp"

using namespace halley;
using verdict = command_window::verdict;

namespace {

result_event answer(std::uint64_t n, bool ok = true) {
  result_event e;
  e.n = n;
  e.ok = ok;
  if (!ok) e.why = {failure_code::not_in_room, "no", "room"};
  return e;
}

}  // namespace

TEST_CASE("a repeated command is not fresh, and gets its first answer", "[command_window]") {
  command_window window;
  CHECK(window.take(1) == verdict::fresh);
  CHECK(window.take(1) == verdict::pending);
  CHECK(window.settle(answer(1, false)));
  CHECK(window.take(1) == verdict::answered);
  REQUIRE(window.answer(1));
  CHECK(window.answer(1)->why.code == failure_code::not_in_room);
  CHECK_FALSE(window.settle(answer(1)));  // a second answer is not told
  CHECK_FALSE(window.answer(1)->ok);
}

TEST_CASE("numbers may come out of order", "[command_window]") {
  command_window window;
  CHECK(window.take(5) == verdict::fresh);
  CHECK(window.take(3) == verdict::fresh);
  CHECK(window.settle(answer(5)));
  CHECK(window.take(3) == verdict::pending);
  CHECK(window.take(5) == verdict::answered);
}

TEST_CASE("what is older than the window is refused, not carried out again",
          "[command_window]") {
  command_window window;
  for (std::uint64_t n = 1; n <= 200; ++n) {
    REQUIRE(window.take(n) == verdict::fresh);
    REQUIRE(window.settle(answer(n)));
  }
  CHECK(window.take(200) == verdict::answered);
  CHECK(window.take(200 - command_window::kept + 1) == verdict::answered);
  CHECK(window.take(1) == verdict::outside);
  CHECK(window.take(200 - command_window::kept) == verdict::outside);
  CHECK(window.take(201) == verdict::fresh);
}

TEST_CASE("what is pending is never forgotten", "[command_window]") {
  command_window window;
  REQUIRE(window.take(1) == verdict::fresh);  // a slow whois
  for (std::uint64_t n = 2; n <= 300; ++n) {
    window.take(n);
    window.settle(answer(n));
  }
  CHECK(window.take(1) == verdict::pending);
  CHECK(window.settle(answer(1)));
}

TEST_CASE("too many commands under way are refused", "[command_window]") {
  command_window window;
  for (std::uint64_t n = 1; n <= command_window::most_pending; ++n)
    REQUIRE(window.take(n) == verdict::fresh);
  CHECK(window.take(9999) == verdict::full);
  window.settle(answer(1));
  CHECK(window.take(9999) == verdict::fresh);
}
