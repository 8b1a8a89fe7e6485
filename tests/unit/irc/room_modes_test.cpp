// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/room_modes.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;

namespace {

isupport inspircd() {
  isupport made;
  made.take_token("CHANMODES=IXbegw,k,FHJLdfjl,ACKMNOPQRSTcimnprstz");
  made.is_inspircd = true;
  return made;
}
isupport solanum() {
  isupport made;
  made.take_token("CHANMODES=eIbq,k,flj,CFLMPQRSTcgimnprstuz");
  return made;
}

std::string shown(const std::vector<room_setting>& settings) {
  std::string out;
  for (const room_setting& one : settings) {
    out += (out.empty() ? "" : " ") + one.name;
    if (!one.values.empty() && one.values.front() != "0") out += "=" + one.values.front();
  }
  return out;
}

std::string line(const std::vector<setting_change>& wishes, const std::vector<mode_change>& present) {
  std::string out;
  for (const mode_change& one : changes_for(wishes, present, inspircd()))
    out += (one.set ? "+" : "-") + one.mode + one.value + " ";
  return out;
}

const std::vector<mode_change> set{{true, "n", "", -1}, {true, "k", "old", -1}, {true, "l", "5", -1}};

}  // namespace

TEST_CASE("the modes of a room as settings, with what the server has and what is set", "[irc]") {
  CHECK(shown(settings_of(set, inspircd())) ==
        "members_only registered_only tls_only password=old max_people=5 invites moderated "
        "registered_speak outside topic_open=1 no_colours no_nick_changes hidden");
  CHECK(shown(settings_of({{true, "r", "", -1}, {true, "S", "", -1}}, solanum())) ==
        "members_only registered_only=1 tls_only=1 password max_people invites moderated outside=1 "
        "topic_open=1 no_colours hidden");
  isupport bare;  // a server that says nothing
  CHECK(shown(settings_of({}, bare)) ==
        "members_only password max_people moderated outside=1 topic_open=1 hidden");
}

TEST_CASE("only what differs is changed", "[irc]") {
  CHECK(line({{"moderated", {"1"}}, {"outside", {"0"}}, {"topic_open", {"0"}}}, set) == "+m +t ");
  CHECK(line({{"outside", {"1"}}}, set) == "-n ");
  CHECK(line({{"password", {"old"}}, {"max_people", {"5"}}}, set).empty());
  CHECK(line({{"password", {"new"}}, {"max_people", {"7"}}}, set) == "-kold +knew +l7 ");
  CHECK(line({{"password", {""}}, {"max_people", {"0"}}}, set) == "-kold -l ");
  CHECK(line({{"password", {"new"}}}, {}) == "+knew ");
  CHECK(line({{"password", {}}}, {}).empty());
}

TEST_CASE("what no server would take is told before it is asked", "[irc]") {
  const auto field = [](const setting_change& wish) {
    const failure fault = fault_in_setting(wish, inspircd());
    return fault.text.empty() ? "" : fault.field;
  };
  CHECK(field({"password", {"two words"}}) == "password");
  CHECK(field({"password", {":x"}}) == "password");
  CHECK(field({"max_people", {"many"}}) == "max_people");
  CHECK(field({"persistent", {"1"}}) == "persistent");
  CHECK(field({"password", {""}}).empty());
  CHECK(field({"max_people", {}}).empty());
  CHECK(setting_of_mode("k", inspircd()) == "password");
  CHECK(setting_of_mode("R", solanum()).empty());
  CHECK(setting_of_mode("#room", inspircd()).empty());
}
