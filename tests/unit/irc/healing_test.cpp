// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/healing.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;

namespace {

constexpr unix_ms start = 1'700'000'000'000;

said_event line(int number, bool with_id = true, unix_ms at = 0) {
  said_event said;
  said.where = {"#cxx", true};
  said.from = "bob";
  said.body.text = "line " + std::to_string(number);
  said.at = at ? at : start + number * 1000;
  if (with_id) said.id = "m" + std::to_string(number);
  return said;
}
event_ptr live(int number, bool with_id = true) { return share(line(number, with_id)); }

std::vector<said_event> lines(int from, int to, bool with_id = true) {
  std::vector<said_event> out;
  for (int i = from; i <= to; ++i) out.push_back(line(i, with_id));
  return out;
}
std::string texts(const std::vector<said_event>& of) {
  std::string out;
  for (const said_event& one : of) out += one.body.text.substr(5) + ' ';
  return out;
}
std::string texts(const std::vector<event_ptr>& of) {
  std::string out;
  for (const event_ptr& one : of) out += std::get<said_event>(one->value()).body.text.substr(5) + ' ';
  return out;
}

}  // namespace

TEST_CASE("history is asked for from the last line on, by id where the server takes ids", "[irc]") {
  room_healing one("#cxx", live(5), start);
  CHECK(one.reference(true) == "msgid=m5");
  CHECK(one.reference(false) == "timestamp=2023-11-14T22:13:24.999Z");
  room_healing without("#cxx", live(5, false), start);
  CHECK(without.reference(true) == "timestamp=2023-11-14T22:13:24.999Z");
  room_healing quiet("#cxx", nullptr, start);
  CHECK(quiet.reference(true) == "timestamp=2023-11-14T22:13:19.999Z");
}

TEST_CASE("full pages are followed by the next, up to the end", "[irc]") {
  room_healing one("#cxx", live(0), start);
  std::vector<said_event> fresh;
  one.reference(true);
  CHECK(one.take_page(lines(1, 3), 3, fresh));
  CHECK(one.reference(true) == "msgid=m3");
  CHECK(one.take_page(lines(4, 6), 3, fresh));
  CHECK_FALSE(one.take_page(lines(7, 8), 3, fresh));
  CHECK(texts(fresh) == "1 2 3 4 5 6 7 8 ");
  CHECK(one.complete);
  CHECK(std::all_of(fresh.begin(), fresh.end(), [](const auto& e) { return e.replayed; }));
}

TEST_CASE("nothing new is complete at once", "[irc]") {
  room_healing one("#cxx", live(0), start);
  std::vector<said_event> fresh;
  one.reference(true);
  CHECK_FALSE(one.take_page({}, 100, fresh));
  CHECK(one.complete);
  CHECK(fresh.empty());
}

TEST_CASE("by time, what the log has is left out, also with the same millisecond", "[irc]") {
  room_healing one("#cxx", share(line(2, false, start)), start);
  std::vector<said_event> page{line(1, false, start), line(2, false, start), line(3, false, start),
                               line(4, false, start + 5)};
  one.reference(true);
  std::vector<said_event> fresh;
  CHECK_FALSE(one.take_page(std::move(page), 100, fresh));
  CHECK(texts(fresh) == "3 4 ");
}

TEST_CASE("pages by time overlap and tell nothing twice", "[irc]") {
  room_healing one("#cxx", nullptr, start);
  std::vector<said_event> fresh;
  one.reference(true);
  CHECK(one.take_page(lines(1, 3, false), 3, fresh));
  CHECK(one.reference(true).starts_with("timestamp="));
  CHECK(one.take_page(lines(3, 5, false), 3, fresh));
  CHECK_FALSE(one.take_page(lines(5, 5, false), 3, fresh));
  CHECK(texts(fresh) == "1 2 3 4 5 ");
}

TEST_CASE("a server that repeats its page is not asked for ever", "[irc]") {
  room_healing one("#cxx", nullptr, start);
  std::vector<said_event> fresh;
  one.reference(false);
  CHECK(one.take_page(lines(1, 3), 3, fresh));
  CHECK_FALSE(one.take_page(lines(1, 3), 3, fresh));
  CHECK_FALSE(one.complete);
}

TEST_CASE("what may be replayed is bounded, and the rest is a loss", "[irc]") {
  room_healing one("#cxx", live(0), start);
  std::vector<said_event> fresh;
  int asked = 0;
  do {
    one.reference(true);
    ++asked;
  } while (one.take_page(lines(asked * 400, asked * 400 + 399), 400, fresh));
  CHECK(asked == 3);
  CHECK(fresh.size() == room_healing::most_lines);
  CHECK_FALSE(one.complete);
}

TEST_CASE("an id the server does not know is replaced by the time, once", "[irc]") {
  room_healing one("#cxx", live(5), start);
  CHECK(one.fall_back_to_time());
  CHECK(one.reference(true).starts_with("timestamp="));
  CHECK_FALSE(one.fall_back_to_time());
  room_healing without("#cxx", nullptr, start);
  CHECK_FALSE(without.fall_back_to_time());
}

TEST_CASE("what a server sends to who joins is cut where the log ends", "[irc]") {
  std::vector<said_event> fresh;
  SECTION("by id, with times cut to seconds") {
    room_healing one("#cxx", share(line(2, true, start + 999)), start);
    one.take_replay({line(1, true, start), line(2, true, start), line(3, true, start)}, fresh);
    CHECK(texts(fresh) == "3 ");
    CHECK(one.complete);
  }
  SECTION("the log's last line is too old for it") {
    room_healing one("#cxx", live(2), start);
    one.kept = 3;
    one.take_replay(lines(5, 7), fresh);
    CHECK(texts(fresh) == "5 6 7 ");
    CHECK_FALSE(one.complete);
  }
  SECTION("nothing was said before the loss, and it is not full") {
    room_healing one("#cxx", nullptr, start);
    one.kept = 10;
    one.take_replay(lines(1, 3), fresh);
    CHECK(texts(fresh) == "1 2 3 ");
    CHECK(one.complete);
  }
  SECTION("what was said before joining was never in the log and is not now") {
    room_healing one("#cxx", nullptr, start + 2500);
    one.take_replay(lines(1, 4), fresh);
    CHECK(texts(fresh) == "2 3 4 ");  // to the second
    CHECK(one.complete);
  }
}

TEST_CASE("live lines wait, and those the history had are told once", "[irc]") {
  room_healing one("#cxx", live(0), start);
  CHECK(one.hold(live(3)));
  CHECK(one.hold(live(4)));
  std::vector<said_event> fresh;
  one.reference(true);
  one.take_page(lines(1, 3), 100, fresh);
  CHECK(texts(fresh) == "1 2 3 ");
  CHECK(texts(one.release()) == "4 ");
}

TEST_CASE("an own line told by its echo is left to the live copy", "[irc]") {
  room_healing one("#cxx", live(0), start);
  one.hold(live(1));
  std::vector<said_event> fresh;
  one.reference(true);
  one.take_page(lines(1, 1), 100, fresh);
  one.skip(fresh.front());
  CHECK(texts(one.release()) == "1 ");
}

TEST_CASE("live lines wait in bounded number", "[irc]") {
  room_healing one("#cxx", live(0), start);
  for (std::size_t i = 0; i < room_healing::most_held; ++i) REQUIRE(one.hold(live(1)));
  CHECK_FALSE(one.hold(live(2)));
}
