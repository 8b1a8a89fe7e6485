// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/mark_pacing.hpp"

#include <catch2/catch.hpp>
#include <cstdint>

using halley::mark_pacing;

namespace {

std::string id_of(const std::optional<mark_pacing::mark>& one) { return one ? one->id : "-"; }

}  // namespace

TEST_CASE("the first mark is told at once, the last of the others when its turn comes", "[link]") {
  mark_pacing pace;
  CHECK(pace.next_turn() == INT64_MAX);
  CHECK(id_of(pace.take({"#a", "1", 100}, 1000)) == "1");
  CHECK(id_of(pace.take({"#a", "2", 200}, 1100)) == "-");
  CHECK(id_of(pace.take({"#a", "3", 300}, 1200)) == "-");
  CHECK(id_of(pace.take({"#b", "9", 100}, 1200)) == "9");
  CHECK(pace.next_turn() == 1000 + mark_pacing::every_ms);
  CHECK(id_of(pace.due(5999)) == "-");
  CHECK(id_of(pace.due(6000)) == "3");
  CHECK(id_of(pace.due(6000)) == "-");
  // Told just now: the next waits again.
  CHECK(id_of(pace.take({"#a", "4", 400}, 6100)) == "-");
}

TEST_CASE("an earlier mark never replaces a later one", "[link]") {
  mark_pacing pace;
  CHECK(id_of(pace.take({"#a", "2", 200}, 1000)) == "2");
  CHECK(id_of(pace.take({"#a", "1", 100}, 1000)) == "-");
  CHECK(id_of(pace.take({"#a", "3", 300}, 1000)) == "-");
  CHECK(id_of(pace.take({"#a", "2", 200}, 1000)) == "-");
  CHECK(id_of(pace.due(6000)) == "3");
}

TEST_CASE("where nothing waits nothing is remembered after a while", "[link]") {
  mark_pacing pace;
  CHECK(pace.take({"#a", "1", 100}, 1000));
  CHECK_FALSE(pace.due(6000));
  CHECK(pace.next_turn() == INT64_MAX);
}

TEST_CASE("at the end what waits is told, and nothing twice", "[link]") {
  mark_pacing pace;
  CHECK(pace.take({"#a", "1", 100}, 1000));
  CHECK_FALSE(pace.take({"#a", "2", 200}, 1000));
  CHECK(pace.take({"#b", "1", 100}, 1000));
  CHECK(id_of(pace.take_any()) == "2");
  CHECK(id_of(pace.take_any()) == "-");
}
