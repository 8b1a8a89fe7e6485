// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/shared_room.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;

namespace {

// The table only compares and hands back who sits in a room; it never looks inside.
irc_bridge& sitter(int which) {
  static char places[8];
  return *reinterpret_cast<irc_bridge*>(&places[which]);
}

shared_member named(std::string nick, role_set roles = {}) {
  shared_member one;
  one.who.nick = std::move(nick);
  one.who.roles = roles;
  return one;
}

std::vector<members_event> parts_of(const shared_room& room, std::string_view me) {
  std::vector<event_ptr> events;
  room.append_members(me, events);
  std::vector<members_event> parts;
  for (const event_ptr& one : events) parts.push_back(std::get<members_event>(one->value()));
  return parts;
}

}  // namespace

TEST_CASE("a room's table follows the lines of its leader", "[irc]") {
  isupport names;
  shared_room table("#room", names);
  table.fill({named("Alice", role_set(role::op)), named("bob")});
  CHECK(table.is_fresh());
  table.add("Carol", "cc", "c@h");
  table.rename("ALICE", "anna");
  CHECK_FALSE(table.find("alice"));
  REQUIRE(table.find("ANNA"));
  CHECK(table.find("anna")->who.roles.has(role::op));
  CHECK(table.find("anna")->who.nick == "anna");
  table.set_away("bob", true);
  CHECK(table.find("bob")->who.away);
  table.set_account("bob", "bobby");
  table.apply_modes({{true, "v", "bob", static_cast<int>(role::voice)},
                     {false, "o", "anna", static_cast<int>(role::op)},
                     {true, "m", "", -1},
                     {true, "b", "x!*@*", -1}});
  CHECK(table.find("bob")->who.roles.has(role::voice));
  CHECK(table.find("anna")->who.roles.empty());
  REQUIRE(table.modes().size() == 1);
  CHECK(table.modes()[0].mode == "m");
  table.apply_modes({{false, "m", "", -1}});
  CHECK(table.modes().empty());
  table.remove("carol");
  CHECK(table.size() == 2);
}

TEST_CASE("a NAMES reply replaces the members and keeps what it cannot know", "[irc]") {
  isupport names;
  shared_room table("#room", names);
  table.fill({named("bob"), named("gone")});
  table.set_away("bob", true);
  table.set_account("bob", "bobby");
  table.fill({named("bob", role_set(role::op)), named("new")});
  CHECK(table.size() == 2);
  CHECK(table.find("bob")->who.away);
  CHECK(table.find("bob")->who.account == "bobby");
  CHECK(table.find("bob")->who.roles.has(role::op));
}

TEST_CASE("members come in parts that know the first and the last", "[irc]") {
  isupport names;
  shared_room table("#room", names);
  auto none = parts_of(table, "me");
  REQUIRE(none.size() == 1);
  CHECK(none[0].first);
  CHECK(none[0].last);
  std::vector<shared_member> many;
  for (int i = 0; i < 1001; ++i) many.push_back(named("n" + std::to_string(i)));
  table.fill(std::move(many));
  const auto parts = parts_of(table, "n7");
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].first);
  CHECK_FALSE(parts[0].last);
  CHECK_FALSE(parts[2].first);
  CHECK(parts[2].last);
  CHECK(parts[2].members.size() == 1);
  std::size_t selves = 0;
  for (const auto& part : parts)
    for (const member& one : part.members) selves += one.self;
  CHECK(selves == 1);
}

TEST_CASE("the next one leads when the leader leaves, and the table is in doubt", "[irc]") {
  server_profile profile("irc.test", {}, nullptr);
  shared_room& room = profile.sit_down("#Room", sitter(0));
  CHECK(&profile.sit_down("#room", sitter(1)) == &room);
  CHECK(&profile.sit_down("#rOOm", sitter(2)) == &room);
  CHECK(room.leader() == &sitter(0));
  room.fill({named("a")});
  profile.stand_up(room, sitter(1));
  CHECK(room.leader() == &sitter(0));
  CHECK(room.is_fresh());
  profile.stand_up(room, sitter(0));
  CHECK(room.leader() == &sitter(2));
  CHECK_FALSE(room.is_fresh());
  profile.sit_down("#room", sitter(3));
  profile.lead(room, sitter(3));
  CHECK(room.leader() == &sitter(3));
  profile.stand_up(room, sitter(3));
  profile.stand_up(room, sitter(2));  // the room is gone
  shared_room& again = profile.sit_down("#room", sitter(0));
  CHECK(again.size() == 0);
  CHECK_FALSE(again.is_fresh());
}

TEST_CASE("the greeting is one event for all who get the same", "[irc]") {
  server_profile profile("irc.test", {}, nullptr);
  const event_ptr first = profile.motd("Hello\n\x02World");
  CHECK(profile.motd("Hello\n\x02World") == first);
  const auto& told = std::get<notice_event>(first->value());
  CHECK(told.body.text == "Hello\nWorld");
  CHECK(told.kind == "motd");
  CHECK(profile.motd("Other") != first);
}
