// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/crowd.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace halley;

namespace {

event joined(const std::string& room, const std::string& nick, const std::string& account = "") {
  joined_event e;
  e.room = room;
  e.from = nick;
  e.account = account;
  return e;
}
event left(const std::string& room, const std::string& nick) {
  left_event e;
  e.room = room;
  e.from = nick;
  return e;
}
event away(const std::string& room, const std::string& nick, bool is_away) {
  presence_event e;
  e.room = room;
  e.from = nick;
  e.away = is_away ? 1 : 0;
  return e;
}

// "#a+ada+bob(away)-eve; presence #a zoe away"
std::string told(crowd& held) {
  std::string out;
  held.release([&out](const event& what) {
    if (!out.empty()) out += "; ";
    if (const auto* changed = std::get_if<members_changed_event>(&what)) {
      out += changed->room.empty() ? "everywhere" : changed->room;
      for (const member& one : changed->joined) out += "+" + one.nick + (one.away ? "(away)" : "");
      for (const std::string& nick : changed->left) out += "-" + nick;
    } else {
      const auto& news = std::get<presence_event>(what);
      out += "presence " + news.room + ' ' + news.from + (news.away == 1 ? " away" : " back");
    }
  });
  return out;
}

}  // namespace

TEST_CASE("who came and who went is told once for each room", "[crowd]") {
  crowd held;
  for (const event& one : {joined("#a", "ada"), joined("#b", "ada"), left("#a", "eve"),
                           joined("#a", "bob"), away("#a", "bob", true)})
    CHECK(held.take(one) == crowd::verdict::taken);
  CHECK(held.size() == 4);
  CHECK(told(held) == "#a+ada+bob(away)-eve; #b+ada");
  CHECK(held.size() == 0);
  CHECK(told(held).empty());
}

TEST_CASE("who came and went is not told at all", "[crowd]") {
  crowd held;
  held.take(joined("#a", "ada"));
  held.take(left("#a", "ada"));
  CHECK(held.size() == 0);
  CHECK(told(held).empty());
}

TEST_CASE("who went and came back is there, as he is now", "[crowd]") {
  crowd held;
  held.take(left("#a", "ada"));
  held.take(joined("#a", "ada", "ada@example.org"));
  CHECK(told(held) == "#a+ada");
  held.take(left("#a", "ada"));
  held.take(joined("#a", "ada"));
  held.take(left("#a", "ada"));
  CHECK(told(held) == "#a-ada");  // had been there before
}

TEST_CASE("who quits has left every room", "[crowd]") {
  crowd held;
  held.take(joined("#a", "ada"));
  held.take(left("#b", "ada"));
  held.take(left("", "ada"));
  held.take(joined("#b", "ada"));
  CHECK(told(held) == "everywhere-ada; #b+ada");
}

TEST_CASE("of presence the last word counts", "[crowd]") {
  crowd held;
  held.take(away("#a", "zoe", true));
  held.take(away("#a", "zoe", false));
  held.take(away("", "amy", true));
  CHECK(told(held) == "presence  amy away; presence #a zoe back");
  held.take(away("#a", "zoe", true));
  held.take(left("#a", "zoe"));
  CHECK(told(held) == "#a-zoe");
  held.take(joined("#a", "new"));
  held.take(away("", "new", true));
  CHECK(told(held).find("#a+new(away)") != std::string::npos);
}

TEST_CASE("what is mine, names, roles and talk are told by themselves", "[crowd]") {
  crowd held;
  joined_event me;
  me.self = true;
  CHECK(held.take(me) == crowd::verdict::after);
  CHECK(held.take(nick_event{}) == crowd::verdict::after);
  CHECK(held.take(mode_event{}) == crowd::verdict::after);
  CHECK(held.take(kicked_event{}) == crowd::verdict::after);
  CHECK(held.take(said_event{}) == crowd::verdict::apart);
  CHECK(held.take(result_event{}) == crowd::verdict::apart);
  presence_event friend_of_mine;
  friend_of_mine.contact = true;
  CHECK(held.take(friend_of_mine) == crowd::verdict::apart);
  CHECK(held.size() == 0);
}

TEST_CASE("too many are forgotten, and it is known that they were", "[crowd]") {
  crowd held;
  for (std::size_t i = 0; i <= crowd::most; ++i) held.take(joined("#a", std::to_string(i)));
  CHECK(held.overflowed());
  CHECK(held.size() == 0);
  CHECK(held.take(left("#a", "1")) == crowd::verdict::taken);
  CHECK(told(held).empty());
}
