// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/pacing.hpp"

#include <catch2/catch.hpp>

#include "bridges/backoff.hpp"
#include "bridges/irc/pending.hpp"

using namespace halley;
using namespace halley::irc;

namespace {

std::string released(pacing& from, steady_ms now) {
  std::string out;
  from.release(now, out);
  return out;
}

pending_command waits(std::uint64_t n, waiting_for what, std::string target,
                      std::string other = {}) {
  pending_command made;
  made.n = n;
  made.what = what;
  made.target = std::move(target);
  made.other = std::move(other);
  made.deadline = static_cast<steady_ms>(n) * 100;
  return made;
}

std::uint64_t refused_by(pending_commands& from, const std::string& line) {
  message parsed;
  REQUIRE(parse_message(line, parsed));
  const pending_command* found = from.find_refused(parsed, {});
  return found ? found->n : 0;
}

}  // namespace

TEST_CASE("a burst leaves at once, the rest at the rate", "[irc]") {
  pacing pace(2, 3);
  for (const char* line : {"1", "2", "3", "4", "5"}) pace.push(line);
  CHECK(released(pace, 10000) == "123");
  CHECK(pace.waiting() == 2);
  CHECK(pace.next_release(10000) == 10500);
  CHECK(released(pace, 10400).empty());
  CHECK(released(pace, 10500) == "4");
  CHECK(released(pace, 11000) == "5");
  CHECK(pace.waiting() == 0);
}

TEST_CASE("idle time fills the bucket, never past the burst", "[irc]") {
  pacing pace(1, 2);
  pace.push("a");
  CHECK(released(pace, 1000) == "a");
  for (const char* line : {"b", "c", "d"}) pace.push(line);
  CHECK(released(pace, 1000000) == "bc");
}

TEST_CASE("a free line keeps its place and costs nothing", "[irc]") {
  pacing pace(1, 1);
  pace.push("a");
  pace.push("free", true);
  pace.push("b");
  pace.push("free2", true);
  CHECK(released(pace, 1000) == "afree");
  CHECK(released(pace, 2000) == "bfree2");
}

TEST_CASE("how long a line waits is known when it is asked for", "[irc]") {
  pacing pace(2, 3);
  std::uint32_t marks[6]{};
  for (int i = 0; i < 6; ++i) {
    pace.push("x");
    if (i == 3) pace.push("free", true);
    marks[i] = pace.mark();
  }
  CHECK(released(pace, 10000) == "xxx");
  CHECK(pace.leaves_in(marks[2]) == 0);
  CHECK(pace.leaves_in(marks[3]) == 500);
  CHECK(pace.leaves_in(marks[5]) == 1500);
  // What a second line in time has saved counts.
  CHECK(released(pace, 10600) == "xfree");
  CHECK(pace.leaves_in(marks[5]) == 900);
  pace.push("behind");
  CHECK(pace.leaves_in(marks[5]) == 900);
}

TEST_CASE("when a full queue has room again is known", "[irc]") {
  pacing pace(2, 1);
  for (std::size_t i = 0; i <= pacing::most_queued; ++i) pace.push("x");
  CHECK(released(pace, 1000) == "x");
  CHECK(pace.has_room_in(1) == 500);
  CHECK(pace.has_room_in(4) == 2000);
  CHECK(released(pace, 1500) == "x");
  CHECK(pace.has_room_in(1) == 0);
}

TEST_CASE("the queue is bounded", "[irc]") {
  pacing pace(1, 1);
  CHECK(pace.has_room(pacing::most_queued));
  CHECK_FALSE(pace.has_room(pacing::most_queued + 1));
  for (std::size_t i = 0; i < pacing::most_queued; ++i) pace.push("x");
  CHECK_FALSE(pace.has_room(1));
  pace.clear();
  CHECK(pace.has_room(1));
}

TEST_CASE("rooms are joined together, those with keys first, within the targets allowed", "[irc]") {
  CHECK(join_lines({{"#a", ""}, {"#b", "k"}, {"#c", ""}}, 0) ==
        std::vector<std::string>{"JOIN #b,#a,#c k\r\n"});
  CHECK(join_lines({{"#a", ""}, {"#b", ""}, {"#c", ""}}, 2) ==
        std::vector<std::string>{"JOIN #a,#b\r\n", "JOIN #c\r\n"});
  CHECK(join_lines({}, 0).empty());
  std::vector<room_and_key> many;
  for (int i = 0; i < 200; ++i) many.push_back({"#room-number-" + std::to_string(i), "key"});
  std::size_t rooms = 0;
  for (const std::string& line : join_lines(many, 0)) {
    CHECK(line.size() <= 512);
    rooms += static_cast<std::size_t>(std::count(line.begin(), line.end(), '#'));
  }
  CHECK(rooms == 200);
}

TEST_CASE("labels carry the number of their command", "[irc]") {
  CHECK(parse_label(print_label(7, 0)) == 7);
  CHECK(parse_label(print_label(7, 3)) == 7);
  CHECK(parse_label("x7") == 0);
  CHECK(parse_label("h") == 0);
  CHECK(parse_label("") == 0);
}

TEST_CASE("a refusal finds the oldest command it can be about", "[irc]") {
  pending_commands pending;
  pending.add(waits(1, waiting_for::said, "bob"));
  pending.add(waits(2, waiting_for::join, "#Room"));
  pending.add(waits(3, waiting_for::said, "bob"));
  pending.add(waits(4, waiting_for::nick, "rob"));
  pending.add(waits(5, waiting_for::kick, "#x", "carol"));
  CHECK(refused_by(pending, ":s 401 me bob :No such nick") == 1);
  CHECK(refused_by(pending, ":s 473 me #room :Invite only") == 2);
  CHECK(refused_by(pending, ":s 433 me other :In use") == 4);
  CHECK(refused_by(pending, ":s 441 me carol #x :Not there") == 5);
  CHECK(refused_by(pending, ":s 461 me KICK :Not enough parameters") == 5);
  CHECK(refused_by(pending, ":s 412 me :No text") == 1);
  CHECK(refused_by(pending, ":s 401 me nobody :No such nick") == 0);
  REQUIRE(pending.take(1));
  CHECK(refused_by(pending, ":s 401 me bob :No such nick") == 3);
}

TEST_CASE("a command that nobody answers is late at its deadline", "[irc]") {
  pending_commands pending;
  CHECK(pending.next_deadline() == INT64_MAX);
  pending.add(waits(2, waiting_for::ping, ""));
  pending.add(waits(1, waiting_for::ping, ""));
  CHECK(pending.next_deadline() == 100);
  CHECK(pending.find_late(99) == nullptr);
  CHECK(pending.find_late(150)->n == 1);
  pending.take(1);
  CHECK(pending.find_late(200)->n == 2);
  pending.take(2);
  CHECK(pending.empty());
}

TEST_CASE("waiting between attempts doubles up to a minute, and no two wait alike", "[irc]") {
  backoff waits_for;
  for (steady_ms full = 1000; full <= 32000; full *= 2) {
    backoff same = waits_for;
    CHECK(same.next(0) == full / 2);
    const steady_ms waited = waits_for.next(UINT64_MAX);
    CHECK(waited >= full / 2);
    CHECK(waited <= full);
  }
  for (int i = 0; i < 5; ++i) CHECK(waits_for.next(12345) <= 60000);
  CHECK(waits_for.next(0) == 30000);
  waits_for.reset();
  CHECK(waits_for.next(0) == 500);
}
