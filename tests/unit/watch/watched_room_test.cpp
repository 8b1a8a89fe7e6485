// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/watch/watched_room.hpp"

#include <catch2/catch.hpp>

using namespace halley;

namespace {

joined_event joined(const std::string& nick, bool self = false, const std::string& room = "#halley") {
  joined_event e;
  e.room = room;
  e.from = nick;
  e.self = self;
  return e;
}
left_event left(const std::string& nick, const std::string& room = "#halley", bool self = false) {
  left_event e;
  e.room = room;
  e.from = nick;
  e.self = self;
  return e;
}
members_event members(std::vector<std::string> nicks) {
  members_event e;
  e.room = "#halley";
  for (const std::string& nick : nicks) e.members.push_back({nick, {}, false, nick == "me", ""});
  return e;
}
said_event said(const std::string& from, const std::string& text) {
  said_event e;
  e.where = {"#halley", true};
  e.from = from;
  e.body.text = text;
  e.at = 5;
  return e;
}
watched_room inside(std::size_t lines = 0) {
  watched_room room("#halley", lines);
  room.take(joined("me", true));
  room.take(members({"me", "ada", "bob"}));
  return room;
}

}  // namespace

TEST_CASE("nothing is known of a room before the observer is in it", "[watch]") {
  watched_room room("#halley", 3);
  CHECK_FALSE(room.is_known());
  CHECK_FALSE(room.take(joined("ada", true, "#elsewhere")));
  CHECK(room.take(joined("me", true)));
  CHECK(room.is_known());
  CHECK(room.people() == 0);
  CHECK(room.take(members({"me", "ada", "bob"})));
  CHECK(room.people() == 2);  // without the observer
}

TEST_CASE("people are counted as they come and go", "[watch]") {
  watched_room room = inside();
  CHECK(room.take(joined("eve")));
  CHECK_FALSE(room.take(joined("eve")));
  CHECK_FALSE(room.take(nick_event{"", "eve", "eva", false, 0}));
  CHECK(room.people() == 3);
  CHECK_FALSE(room.take(left("eve")));
  CHECK(room.take(left("eva", "")));  // quits
  CHECK_FALSE(room.take(left("ada", "#elsewhere")));
  kicked_event kicked;
  kicked.room = "#halley";
  kicked.who = "bob";
  CHECK(room.take(kicked));
  CHECK(room.people() == 1);
}

TEST_CASE("a part of the members is not the whole", "[watch]") {
  watched_room room = inside();
  members_event first = members({"me", "a", "b"});
  first.last = false;
  members_event second = members({"c"});
  second.first = false;
  CHECK_FALSE(room.take(first));
  CHECK(room.take(second));
  CHECK(room.people() == 3);
}

TEST_CASE("when the observer is out, nothing is claimed", "[watch]") {
  watched_room room = inside();
  SECTION("offline") { CHECK(room.take(offline_event{})); }
  SECTION("left") { CHECK(room.take(left("me", "#halley", true))); }
  SECTION("kicked") {
    kicked_event e;
    e.room = "#halley";
    e.self = true;
    CHECK(room.take(e));
  }
  CHECK_FALSE(room.is_known());
  CHECK(room.people() == 0);
  CHECK_FALSE(room.take(offline_event{}));
}

TEST_CASE("the topic shows as far as it fits", "[watch]") {
  watched_room room = inside();
  topic_event topic;
  topic.room = "#halley";
  topic.topic.text = "all about comets";
  CHECK(room.take(topic));
  CHECK_FALSE(room.take(topic));
  CHECK(room.topic() == "all about comets");
  for (int i = 0; i < 300; ++i) topic.topic.text += "\u00e9";
  CHECK(room.take(topic));
  CHECK(room.topic().size() <= watched_room::topic_length);
  CHECK(static_cast<unsigned char>(room.topic().back()) == 0xA9);  // no half character
}

TEST_CASE("lines show only where the operator wants it, and only so many", "[watch]") {
  watched_room silent = inside(0);
  CHECK_FALSE(silent.take(said("ada", "psst")));
  CHECK(silent.lines().empty());
  watched_room room = inside(2);
  for (const char* text : {"one", "two", "three"}) CHECK(room.take(said("ada", text)));
  REQUIRE(room.lines().size() == 2);
  CHECK(room.lines().front().text == "two");
  said_event for_ops = said("ada", "secret");
  for_ops.audience = "@";
  CHECK_FALSE(room.take(for_ops));
  said_event elsewhere = said("ada", "hi");
  elsewhere.where = {"me", false};
  CHECK_FALSE(room.take(elsewhere));
  CHECK(room.lines().back().text == "three");
}

TEST_CASE("a short name in the settings is the room of a service", "[watch]") {
  watched_room room("halley", 0);
  CHECK(room.take(joined("me", true, "Halley@rooms.example.org")));
  CHECK(room.take(joined("ada", false, "Halley@rooms.example.org")));
  CHECK(room.people() == 1);
  CHECK_FALSE(room.take(joined("bob", false, "halley@other.example.org")));
}
