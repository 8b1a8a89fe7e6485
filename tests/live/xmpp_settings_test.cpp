// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of a room's settings (XEP-0045, 10.2), on real servers.
#include <catch2/catch.hpp>

#include "tests/live/xmpp_stage.hpp"

namespace {

using settings = std::vector<room_setting>;

xmpp_server server_of(const std::string& kind) {
  return kind == "prosody" ? xmpp_server::prosody() : xmpp_server::ejabberd();
}

result_event asks(bridge_user& user, const std::string& room,
                  std::vector<setting_change> changes = {}) {
  return user.done(settings_command{room, std::move(changes)});
}

std::vector<std::string> value_of(const result_event& told, const std::string& name) {
  const auto* all = std::get_if<settings>(&told.data);
  REQUIRE(all != nullptr);
  for (const room_setting& one : *all)
    if (one.name == name) return one.values;
  FAIL("there is no setting " + name);
  return {};
}

using texts = std::vector<std::string>;
const texts on{"1"};
const texts off{"0"};

auto says_settings(const std::string& room, bool has) {
  return [room, has](const room_features_event& e) {
    const bool found = std::find(e.features.begin(), e.features.end(), "settings") != e.features.end();
    return e.room == room && found == has;
  };
}

}  // namespace

TEST_CASE("who owns a room reads and changes its settings, and nobody else does", "[xmpp_live]") {
  const auto kind = GENERATE(as<std::string>{}, "prosody", "ejabberd");
  CAPTURE(kind);
  const xmpp_server server = server_of(kind);
  stage on_it(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on_it.guest("anna", {"lobby"});
  enter(*anna, room);
  auto bob = on_it.guest("bob", {"lobby"});
  enter(*bob, room);
  REQUIRE(anna->wait<room_features_event>(says_settings(room, true)));

  const result_event told = asks(*anna, "lobby");
  REQUIRE(told.ok);
  const texts moderated = value_of(told, "moderated");
  for (const room_setting& one : std::get<settings>(told.data)) {
    CHECK(one.name != "FORM_TYPE");
    CHECK(one.name != "muc#roomconfig_passwordprotectedroom");
  }

  const result_event changed =
      asks(*anna, room, {{"moderated", moderated == on ? off : on}, {"hidden", on}, {"name", {"The <lobby> & more"}},
                         {"password", {"a secret"}}});
  REQUIRE(changed.ok);
  for (const result_event& one : {changed, asks(*anna, room)}) {
    CHECK(value_of(one, "moderated") == (moderated == on ? off : on));
    CHECK(value_of(one, "hidden") == on);
    CHECK(value_of(one, "name") == texts{"The <lobby> & more"});
    CHECK(value_of(one, "password") == texts{"a secret"});
  }
  const auto mode = anna->wait<mode_event>();
  REQUIRE(mode);
  CHECK(mode->changes.size() == 3);  // no value of them, the password least of all
  for (const mode_change& one : mode->changes) CHECK(one.value.empty());

  auto cy = on_it.guest("cy", {"lobby"});
  const auto out = cy->wait<error_event>();
  REQUIRE(out);
  CHECK(out->why.code == failure_code::room_key);

  // A form that changes one thing leaves the others alone.
  CHECK(value_of(asks(*anna, room, {{"moderated", moderated}}), "password") == texts{"a secret"});
  const result_event open = asks(*anna, room, {{"password", {""}}});
  REQUIRE(open.ok);
  CHECK(cy->done(join_command{"lobby", ""}).ok);

  const result_event refused = asks(*bob, room);
  CHECK(refused.why.code == failure_code::no_privilege);
  CHECK(bob->count<room_features_event>(says_settings(room, true)) == 0);
  mode_command make = power(room, mode_verb::role, "bob");
  make.as_role = role::owner;
  CHECK(anna->done(make).ok);
  REQUIRE(bob->wait<room_features_event>(says_settings(room, true)));
  CHECK(asks(*bob, room).ok);
  make.set = false;
  CHECK(anna->done(make).ok);
  REQUIRE(bob->wait<room_features_event>(says_settings(room, false)));
}

TEST_CASE("a value the room does not take is told with its setting, and nothing is lost", "[xmpp_live]") {
  const auto kind = GENERATE(as<std::string>{}, "prosody", "ejabberd");
  CAPTURE(kind);
  const xmpp_server server = server_of(kind);
  stage on_it(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on_it.guest("anna", {"lobby"});
  enter(*anna, room);
  const result_event refused = asks(*anna, room, {{"addresses", {"everybody in town"}}});
  CHECK_FALSE(refused.ok);
  CHECK(refused.why.code == failure_code::bad_field);
  CHECK(refused.why.field == "addresses");
  if (kind == "prosody") {  // which passes over in silence what is too much
    const std::string history = "muc#roomconfig_defaulthistorymessages";
    const result_event much = asks(*anna, room, {{history, {"1000000"}}, {"moderated", on}});
    CHECK_FALSE(much.ok);
    CHECK(much.why.field == history);
    CHECK(value_of(much, "moderated") == on);
  } else {  // and which refuses what is no name of a language
    const result_event strange = asks(*anna, room, {{"language", {"no language"}}});
    CHECK(strange.why.field == "language");
  }
  const result_event unknown = asks(*anna, room, {{"colour", {"blue"}}});
  CHECK(unknown.why.code == failure_code::not_supported);
  CHECK(unknown.why.field == "colour");
  CHECK(value_of(asks(*anna, room), "addresses") != texts{"everybody in town"});
}
