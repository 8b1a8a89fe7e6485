// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/echo.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;

namespace {

own_line line(const std::string& text, std::uint64_t n = 0, const std::string& id = {},
              std::uint32_t piece = 0) {
  said_event said;
  said.where = {"#cxx", true};
  said.body.text = text;
  said.id = id;
  return own_line_of(said, n, piece);
}

}  // namespace

TEST_CASE("an echo is known again by its label or its id", "[irc]") {
  told_lines told;
  told.add(line("one", 7, "m1"), false, 0);
  CHECK(told.has(line("one", 7)));
  CHECK(told.has(line("one", 0, "m1")));
  CHECK_FALSE(told.has(line("one", 7, "", 1)));
  CHECK_FALSE(told.has(line("one", 8)));
  CHECK_FALSE(told.has(line("one", 7, "m2")));
  CHECK_FALSE(told.has(line("one")));
}

TEST_CASE("the late echo of a line that was made up counts once", "[irc]") {
  told_lines told;
  told.add(line("one", 7), true, 0);
  CHECK(told.has(line("one", 7, "m1")));
  CHECK_FALSE(told.take_late(line("two")));
  CHECK(told.take_late(line("one", 0, "m1")));
  CHECK_FALSE(told.take_late(line("one")));
  CHECK(told.has(line("one", 0, "m1")));
}

TEST_CASE("without labels and ids the same text within a moment is a copy", "[irc]") {
  told_lines told;
  told.add(line("one", 7), false, 1000);
  CHECK(told.has_text(line("one"), 2000));
  CHECK_FALSE(told.has_text(line("one"), 20000));
  CHECK_FALSE(told.has_text(line("two"), 2000));
}

TEST_CASE("what was told is remembered in bounded number and for a bounded time", "[irc]") {
  told_lines told;
  for (std::uint64_t n = 1; n <= told_lines::most + 1; ++n)
    told.add(line("x", n), false, static_cast<steady_ms>(n));
  CHECK_FALSE(told.has(line("x", 1)));
  CHECK(told.has(line("x", 2)));
  told.forget_old(told_lines::remembered_ms + 40);
  CHECK(told.empty());
}
