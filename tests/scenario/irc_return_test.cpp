// SPDX-License-Identifier: GPL-3.0-or-later
//
// Coming back to a network: the rooms with their keys, the name, another server, or never again.
#include <catch2/catch.hpp>

#include "tests/support/irc_stage.hpp"

using namespace halley;
using namespace halley::test;

namespace {

// A server that still has somebody's ghost: the name cannot be had while it is there.
struct ghost {
  explicit ghost(fake_ircd& ircd) : server(ircd) {
    server.answer_with("NICK", [this](const std::string&, const std::string& line) {
      if (there && line.find("alice") != std::string::npos &&
          line.find("alice_") == std::string::npos)
        return fake_ircd::replies{":fake.test 433 * alice :Nickname is already in use"};
      return fake_ircd::replies{};
    });
  }
  fake_ircd& server;
  std::atomic<bool> there{false};
};

std::optional<online_event> back(bridge_user& user) {
  return user.wait<online_event>([](const auto& e) { return e.resumed; });
}

}  // namespace

TEST_CASE("a key that was set later is given when the room is joined again", "[scenario]") {
  fake_ircd ircd;
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice("#cxx", "first"));
  REQUIRE(arrives(alice));
  CHECK(ircd.receives_line_with("alice", "JOIN #cxx first"));
  ircd.send("alice", ":bob!u@h MODE #cxx +k second");
  REQUIRE(alice.wait<mode_event>());
  REQUIRE(alice.done(join_command{"#later", "third"}).ok);
  ircd.drop_everybody();
  REQUIRE(back(alice));
  CHECK(ircd.receives("alice", [](const std::string& line) {
    return line.find("JOIN ") == 0 && line.find("second") != line.npos &&
           line.find("third") != line.npos;
  }));
}

TEST_CASE("who was away in words of his own is away again after a loss", "[scenario]") {
  fake_ircd ircd;
  ircd.answer_with("AWAY", [](const std::string&, const std::string& line) {
    return line == "AWAY" ? fake_ircd::replies{":fake.test 305 %n :Back"}
                          : fake_ircd::replies{":fake.test 306 %n :Away"};
  });
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  REQUIRE(alice.done(away_command{"gone to lunch"}).ok);
  ircd.drop_everybody();
  REQUIRE(back(alice));
  REQUIRE(alice.done(ping_command{}).ok);
  CHECK(ircd.count_lines_with("AWAY :gone to lunch") == 2);
  REQUIRE(alice.done(away_command{""}).ok);
  alice.forget();
  ircd.drop_everybody();
  REQUIRE(back(alice));
  REQUIRE(alice.done(ping_command{}).ok);
  CHECK(ircd.count_lines_with("AWAY :gone to lunch") == 2);
}

TEST_CASE("a room that sends its visitors on is left for the other", "[scenario]") {
  fake_ircd ircd;
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.answer_with("JOIN", [](const std::string&, const std::string& line) {
    if (line.find("#old") == line.npos) return fake_ircd::replies{};
    return fake_ircd::replies{":fake.test 470 %n #old #new :Forwarding to another channel",
                              ":%n!u@h JOIN #new", ":fake.test 366 %n #new :End"};
  });
  const result_event sent_on = alice.done(join_command{"#old", ""});
  CHECK_FALSE(sent_on.ok);
  CHECK(sent_on.why.text.find("#new") != std::string::npos);
  REQUIRE(alice.wait<joined_event>([](const auto& e) { return e.room == "#new" && e.self; }));
  ircd.drop_everybody();
  REQUIRE(back(alice));
  CHECK(ircd.receives("alice", [](const std::string& line) {
    return line.find("JOIN ") == 0 && line.find("#new") != line.npos &&
           line.find("#old") == line.npos;
  }));
}

TEST_CASE("a name held by the own ghost is taken back when the ghost is gone", "[scenario]") {
  fake_ircd ircd;
  ghost held(ircd);
  const bool monitors = GENERATE(true, false);
  if (monitors) ircd.offer("server-time", "MONITOR=30");
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  held.there = true;
  ircd.drop_everybody();
  const auto again = back(alice);
  REQUIRE(again);
  CHECK(again->nick == "alice_");
  held.there = false;
  if (monitors) {
    REQUIRE(ircd.receives_line_with("alice_", "MONITOR + alice"));
    ircd.send("alice_", ":fake.test 731 alice_ :alice");
  } else {
    REQUIRE(alice.wait<joined_event>([](const auto& e) { return e.self && e.from == "alice_"; }));
    ircd.send("alice_", ":alice!u@elsewhere QUIT :Ping timeout");
  }
  REQUIRE(ircd.receives_line_with("", "NICK alice"));
  ircd.send("", ":alice_!u@host.test NICK alice");
  const auto renamed = alice.wait<nick_event>([](const auto& e) { return e.self; });
  REQUIRE(renamed);
  CHECK(renamed->to == "alice");
}

TEST_CASE("somebody else's name is not waited for", "[scenario]") {
  fake_ircd ircd;
  ircd.offer("server-time", "MONITOR=30");
  ghost held(ircd);
  held.there = true;
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.send("", ":alice!u@elsewhere QUIT :bye");
  REQUIRE(alice.done(ping_command{}).ok);
  CHECK(ircd.count_lines_with("MONITOR") == 0);
  CHECK(ircd.count_lines_with("NICK alice") == 2);  // alice, alice_
}

TEST_CASE("a name that stays taken is asked for once", "[scenario]") {
  fake_ircd ircd;
  ircd.offer("server-time", "MONITOR=30");
  ghost held(ircd);
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  held.there = true;
  ircd.drop_everybody();
  REQUIRE(back(alice));
  REQUIRE(ircd.receives_line_with("alice_", "MONITOR + alice"));
  const int before = ircd.count_lines_with("NICK ");
  for (int i = 0; i < 20; ++i) ircd.send("", ":fake.test 731 alice_ :alice");
  REQUIRE(alice.done(ping_command{}).ok);
  CHECK(ircd.count_lines_with("NICK ") == before + 1);
  CHECK(alice.count<error_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("words of a ban end the session, words of a crowd make it wait", "[scenario]") {
  fake_ircd ircd;
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  SECTION("a ban") {
    ircd.send("alice", "ERROR :Closing link: (web@192.0.2.44) [Z-lined: go away]");
    const auto offline = alice.wait<offline_event>([](const auto& e) { return e.final; });
    REQUIRE(offline);
    CHECK(offline->why.code == failure_code::banned);
    CHECK(offline->why.text.find("go away") != std::string::npos);
    CHECK(alice.wait_end());
    CHECK(ircd.connections_seen() == 1);
  }
  SECTION("465 before the connection is closed") {
    ircd.send("alice", ":fake.test 465 alice :You are banned from this server");
    ircd.drop_everybody();
    CHECK(alice.wait_end());
  }
  SECTION("too many") {
    ircd.send("alice", "ERROR :Closing Link: 192.0.2.44 (Too many host connections (local))");
    const auto offline = alice.wait<offline_event>();
    REQUIRE(offline);
    CHECK_FALSE(offline->final);
    CHECK(offline->retry_in >= 60'000);
  }
  SECTION("a mere loss") {
    ircd.send("alice", "ERROR :Closing Link: alice[192.0.2.44] (Ping timeout: 120 seconds)");
    const auto offline = alice.wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->retry_in <= 2'000);
  }
}
