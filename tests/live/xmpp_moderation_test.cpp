// SPDX-License-Identifier: GPL-3.0-or-later
//
// Moderators who take away what others said (XEP-0425), on real servers.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/live/xmpp_stage.hpp"

namespace {

xmpp_server moderated_by(const std::string& module) {
  xmpp_server_options options;
  options.moderation = module;
  return xmpp_server::prosody(options);
}

bool tells_of_it(const room_features_event& e) {
  return std::find(e.features.begin(), e.features.end(), "moderate") != e.features.end();
}

bool is_told_of(bridge_user& user, const std::string& room) {
  const auto told = user.wait<room_features_event>();
  return told && told->room == room && tells_of_it(*told);
}

std::string says(bridge_user& user, const std::string& room, const std::string& text) {
  const result_event said = user.done(say_command{room, text, said_kind::message, ""});
  REQUIRE(said.ok);
  return said.id;
}

auto of_message(const std::string& id) {
  return [id](const retracted_event& e) { return e.id == id; };
}

void take_away(const std::string& module, bool knows_messages) {
  const xmpp_server server = moderated_by(module);
  stage on(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  auto bob = on.guest("bob", {"lobby"});
  enter(*bob, room);
  REQUIRE(is_told_of(*anna, room));
  REQUIRE(is_told_of(*bob, room));

  const std::string bad = says(*bob, room, "buy this");
  REQUIRE(anna->wait<said_event>(said("buy this")));
  CHECK(anna->done(retract_command{"lobby", bad, "spam & such"}).ok);
  for (bridge_user* one : {anna.get(), bob.get()}) {
    const auto gone = one->wait<retracted_event>(of_message(bad));
    REQUIRE(gone);
    CHECK(gone->from == "anna");
    CHECK(gone->text == "spam & such");
    CHECK(gone->where == place{room, true});
  }

  const std::string good = says(*anna, room, "hello");
  REQUIRE(bob->wait<said_event>(said("hello")));
  const result_event refused = bob->done(retract_command{room, good, ""});
  CHECK_FALSE(refused.ok);
  CHECK(refused.why.code == failure_code::no_privilege);
  // Her own she takes back like everybody else.
  CHECK(anna->done(retract_command{room, good, ""}).ok);
  REQUIRE(bob->wait<retracted_event>(of_message(good)));
  CHECK(bob->count<retracted_event>(of_message(good)) == 1);

  if (!knows_messages) return;
  const result_event unknown = anna->done(retract_command{room, "no-such-message", ""});
  CHECK(unknown.why.code == failure_code::bad_field);
}

}  // namespace

TEST_CASE("a moderator takes away what others said, nobody else does", "[xmpp_live]") {
  SECTION("in the first version of the protocol") { take_away("muc_moderation", true); }
  SECTION("in the present one") { take_away("moderation_1", false); }
}

TEST_CASE("whoever is in a room is told what it can do, however many come at once", "[xmpp_live]") {
  const xmpp_server server = moderated_by("muc_moderation");
  const std::string room = server.room("lobby");
  stage elsewhere(server.settings());  // where nothing is learnt for the others
  auto anna = elsewhere.guest("anna", {"lobby"});
  enter(*anna, room);
  stage on(server.settings());
  std::vector<std::unique_ptr<bridge_user>> people;
  for (const char* nick : {"ada", "bo", "cy", "dee"}) people.push_back(on.guest(nick, {"lobby"}));
  for (const auto& one : people) {
    enter(*one, room);
    CHECK(is_told_of(*one, room));
  }
  std::size_t told = 0;
  for (const event_ptr& one : people[0]->describe())
    told += std::holds_alternative<room_features_event>(one->value());
  CHECK(told == 1);
}

TEST_CASE("where the room cannot, nobody takes away what others said", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  stage on(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  auto bob = on.guest("bob", {"lobby"});
  enter(*bob, room);
  const std::string line = says(*bob, room, "it stays");
  REQUIRE(anna->wait<said_event>(said("it stays")));
  const result_event refused = anna->done(retract_command{room, line, ""});
  CHECK(refused.why.code == failure_code::not_supported);
  says(*anna, room, "after");
  REQUIRE(bob->wait<said_event>(said("after")));
  CHECK(bob->count<retracted_event>([](const auto&) { return true; }) == 0);
  CHECK(anna->count<room_features_event>(tells_of_it) == 0);
}
