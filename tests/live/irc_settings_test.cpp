// SPDX-License-Identifier: GPL-3.0-or-later
//
// The settings of a room on real servers, whose modes they are.
#include <catch2/catch.hpp>

#include "bridges/irc/network.hpp"
#include "tests/support/bridge_user.hpp"
#include "tests/support/irc_server.hpp"

using namespace halley;
using namespace halley::test;

namespace {

using settings = std::vector<room_setting>;

struct on_server {
  explicit on_server(irc_kind kind) : server(kind) {
    config = server.settings();
    shard.run([this] { net = irc::make_network(config, shard.loop()); });
  }
  ~on_server() {
    shard.run([this] { net.reset(); });
  }
  std::unique_ptr<bridge_user> enter(const std::string& nick) {
    visitor who;
    who.nick = nick;
    who.address = "192.0.2.7";
    who.rooms.push_back({"#lobby", ""});
    auto user = std::make_unique<bridge_user>(shard, *net, who);
    REQUIRE(user->wait<members_event>([](const auto& e) { return e.last; }));
    return user;
  }
  irc_server server;
  network config;
  shard_thread shard;
  std::unique_ptr<bridge_network> net;
};

std::string value_of(const result_event& told, const std::string& name) {
  const auto* all = std::get_if<settings>(&told.data);
  REQUIRE(all != nullptr);
  for (const room_setting& one : *all)
    if (one.name == name) return one.values.empty() ? "" : one.values.front();
  FAIL("there is no setting " + name);
  return {};
}

result_event asks(bridge_user& user, std::vector<setting_change> changes = {}) {
  return user.done(settings_command{"#lobby", std::move(changes)});
}

}  // namespace

TEST_CASE("an operator reads and changes the settings of a room, and nobody else does", "[live]") {
  const auto kind = GENERATE(irc_kind::ngircd, irc_kind::inspircd);
  CAPTURE(static_cast<int>(kind));
  on_server at(kind);
  auto anna = at.enter("anna");
  auto bob = at.enter("bob");
  const auto online = anna->wait<online_event>();
  REQUIRE(online);
  CHECK(std::find(online->features.begin(), online->features.end(), "settings") !=
        online->features.end());

  const result_event told = asks(*anna);
  REQUIRE(told.ok);
  CHECK(value_of(told, "moderated") == "0");
  CHECK(value_of(told, "password").empty());

  const std::vector<setting_change> wishes{{"moderated", {"1"}},   {"members_only", {"1"}},
                                           {"password", {"first"}}, {"max_people", {"12"}},
                                           {"outside", {"0"}},      {"topic_open", {"0"}},
                                           {"hidden", {"1"}}};
  const result_event changed = asks(*anna, wishes);
  INFO(changed.why.text);
  REQUIRE(changed.ok);
  for (const result_event& one : {changed, asks(*anna)})
    for (const setting_change& wish : wishes) CHECK(value_of(one, wish.name) == wish.values.front());
  REQUIRE(bob->wait<mode_event>([](const mode_event& e) { return e.from == "anna"; }));

  // Another password for the one there is, and none at all.
  CHECK(value_of(asks(*anna, {{"password", {"second"}}}), "password") == "second");
  CHECK(value_of(asks(*anna, {{"password", {""}}, {"max_people", {""}}}), "password").empty());
  CHECK(value_of(asks(*anna), "max_people").empty());

  const result_event refused = asks(*bob, {{"moderated", {"0"}}});
  CHECK_FALSE(refused.ok);
  CHECK(refused.why.code == failure_code::no_privilege);
  CHECK(refused.why.field == "moderated");
  CHECK(value_of(refused, "moderated") == "1");
  // Also two at a time are answered, each with its own.
  const std::uint64_t first = anna->ask(settings_command{"#lobby", {{"hidden", {"0"}}}});
  const std::uint64_t second = anna->ask(settings_command{"#lobby", {{"moderated", {"0"}}}});
  CHECK(value_of(anna->answer(first), "hidden") == "0");
  CHECK(value_of(anna->answer(second), "moderated") == "0");
}

TEST_CASE("what the server does not take is told with its setting", "[live]") {
  on_server at(irc_kind::inspircd);
  auto anna = at.enter("anna");
  // She is there without TLS. What was asked for besides is done all the same, and told.
  const result_event half = asks(*anna, {{"tls_only", {"1"}}, {"moderated", {"1"}}});
  CHECK_FALSE(half.ok);
  CHECK(half.why.field == "tls_only");
  CHECK(value_of(half, "tls_only") == "0");
  CHECK(value_of(half, "moderated") == "1");
  const result_event refused = asks(*anna, {{"max_people", {"-3"}}});
  CHECK(refused.why.field == "max_people");
  CHECK(asks(*anna, {{"password", {"two words"}}}).why.field == "password");
}
