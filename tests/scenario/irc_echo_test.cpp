// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each own line once, whatever the server does with its echo.
#include <catch2/catch.hpp>

#include "tests/support/fake_history.hpp"
#include "tests/support/irc_stage.hpp"

using namespace halley;
using namespace halley::test;

namespace {

// With labels and ids, with ids only, with neither.
const char* some_echoes() {
  return GENERATE(as<const char*>{}, fake_history::everything,
                  "message-tags server-time echo-message", "echo-message");
}

std::size_t said(bridge_user& user, const std::string& text) {
  return user.count<said_event>([&](const auto& e) { return e.body.text == text; });
}

// What came before this is all there is.
void pass_barrier(bridge_user& user) { REQUIRE(user.done(ping_command{}).ok); }

}  // namespace

TEST_CASE("a line is sent, then echoed, then done, and told once", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, some_echoes());
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  const auto n = alice.ask(say("#cxx", "one"));
  REQUIRE(alice.answer(n).ok);
  CHECK(alice.count<sent_event>([n](const auto& e) { return e.n == n; }) == 1);
  const auto echo = alice.wait<said_event>();
  REQUIRE(echo);
  CHECK(echo->echo_of == n);
  CHECK(echo->self);
}

TEST_CASE("an echo that comes twice is told once", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, some_echoes());
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.spoil(echo_fault::twice);
  REQUIRE(alice.done(say("#cxx", "one")).ok);
  REQUIRE(alice.done(say("#cxx", "two")).ok);
  pass_barrier(alice);
  CHECK(said(alice, "one") == 1);
  CHECK(said(alice, "two") == 1);
}

TEST_CASE("a line whose echo is swallowed is told once, when a PING behind it comes back",
          "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, some_echoes());
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.spoil(echo_fault::swallowed);
  const auto n = alice.ask(say("#cxx", "one"));
  CHECK(alice.answer(n).ok);
  pass_barrier(alice);
  CHECK(said(alice, "one") == 1);
  CHECK(alice.wait<said_event>()->echo_of == n);
}

TEST_CASE("the echo that comes after all is not told again", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, some_echoes());
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.spoil(echo_fault::late);
  const auto n = alice.ask(say("#cxx", "one"));
  CHECK(alice.answer(n).ok);
  const auto again = alice.ask(say("#cxx", "one"));  // the same words, meant
  CHECK(alice.answer(again).ok);
  pass_barrier(alice);
  CHECK(said(alice, "one") == 2);
  for (const auto one : {n, again})
    CHECK(alice.count<said_event>([&](const auto& e) { return e.echo_of == one; }) == 1);
}

TEST_CASE("a line that is refused is refused, and never told", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, some_echoes());
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.answer_with("PRIVMSG", [](const std::string&, const std::string& line) {
    const std::string label =
        line[0] == '@' ? line.substr(0, std::min(line.find(';'), line.find(' '))) + " " : "";
    return fake_ircd::replies{label + ":fake.test 404 %n #cxx :Cannot send to channel"};
  });
  const result_event refused = alice.done(say("#cxx", "one"));
  CHECK_FALSE(refused.ok);
  CHECK(refused.why.code == failure_code::cannot_speak);
  ircd.answer_with("PRIVMSG", [](const std::string&, const std::string& line) {
    const std::string label =
        line[0] == '@' ? line.substr(0, std::min(line.find(';'), line.find(' '))) + " " : "";
    return fake_ircd::replies{label + ":fake.test FAIL PRIVMSG INVALID_UTF8 #cxx :no UTF-8"};
  });
  CHECK_FALSE(alice.done(say("#cxx", "two")).ok);
  pass_barrier(alice);
  CHECK(alice.count<said_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("a text in several lines is sent and told line by line, and done with the last",
          "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, some_echoes());
  irc_stage on(ircd);
  on.config.flood_rate = 10;
  on.config.flood_burst = 2;
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.spoil(echo_fault::none);
  server.spoil(echo_fault::swallowed);
  server.spoil(echo_fault::twice);
  const auto n = alice.ask(say("#cxx", "first\nsecond\nthird\nfourth"));
  CHECK(alice.answer(n).ok);
  pass_barrier(alice);
  for (const char* text : {"first", "second", "third", "fourth"}) CHECK(said(alice, text) == 1);
  CHECK(alice.count<sent_event>([n](const auto& e) { return e.n == n; }) == 1);
}

TEST_CASE("a line is not called sent while it waits behind the pacing", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, fake_history::everything);
  irc_stage on(ircd);
  on.config.flood_rate = 2;
  on.config.flood_burst = 1;
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  const auto first = alice.ask(say("#cxx", "first"));
  const auto second = alice.ask(say("#cxx", "second"));
  REQUIRE(alice.wait<sent_event>([&](const auto& e) { return e.n == first; }));
  CHECK(alice.count<sent_event>([&](const auto& e) { return e.n == second; }) == 0);
  REQUIRE(alice.wait<sent_event>([&](const auto& e) { return e.n == second; }));
  CHECK(ircd.receives_line_with("alice", "second"));
}

TEST_CASE("who writes faster than the network takes it is told when his line will leave",
          "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, fake_history::everything);
  irc_stage on(ircd);
  on.config.flood_rate = 1;
  on.config.flood_burst = 1;
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  std::uint64_t last = 0;
  for (const char* text : {"one", "two", "three"}) last = alice.ask(say("#cxx", text));
  const auto told = alice.wait<waiting_event>([&](const auto& e) { return e.n == last; });
  REQUIRE(told);
  CHECK(told->ms > 1000);
  CHECK(told->ms <= 4000);  // what entering has cost may be in front
  CHECK(alice.count<sent_event>([&](const auto& e) { return e.n == last; }) == 0);
  REQUIRE(alice.answer(last).ok);
  CHECK(alice.count<sent_event>([&](const auto& e) { return e.n == last; }) == 1);
}

TEST_CASE("who is refused because too much waits is told when there is room", "[scenario]") {
  fake_ircd ircd;
  irc_stage on(ircd);
  on.config.flood_rate = 1;
  on.config.flood_burst = 1;
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  std::string many;
  for (int i = 0; i < 126; ++i) many += "x\n";
  alice.ask(say("#cxx", many));
  const result_event refused = alice.done(say("#cxx", "a\nb\nc\nd"));
  CHECK(refused.why.code == failure_code::too_fast);
  CHECK(refused.why.retry_after >= 1000);
}

TEST_CASE("data that no echo answers is told to its sender once, when a PING behind it comes back",
          "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, "message-tags server-time");
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  const auto n = alice.ask(data_command{"#cxx", "sketch", R"({"a": 1})"});
  REQUIRE(alice.answer(n).ok);
  pass_barrier(alice);
  CHECK(alice.count<data_event>([n](const auto& e) {
    return e.self && e.echo_of == n && e.value == R"({"a": 1})" && e.type == "sketch";
  }) == 1);
}
