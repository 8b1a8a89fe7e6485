// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network that is lost and comes back: what was said meanwhile is told in order and once, from its
// history; own lines get their true fate; without history the loss is told.
#include <catch2/catch.hpp>

#include "tests/support/fake_history.hpp"
#include "tests/support/irc_stage.hpp"

using namespace halley;
using namespace halley::test;

namespace {

constexpr const char* labelled = fake_history::everything;
constexpr const char* unlabelled =
    "message-tags server-time echo-message batch draft/chathistory";

// All that was said in the room, in the order told: "text", "text*" if it was replayed.
std::string room_of(bridge_user& user) {
  std::string out;
  user.each<said_event>([&](const said_event& e) {
    out += e.body.text + (e.replayed ? "* " : " ");
  });
  return out;
}

std::optional<healed_event> healed(bridge_user& user) { return user.wait<healed_event>(); }

// Once more from the server, so that all before it has been told.
void pass_barrier(bridge_user& user) { REQUIRE(user.done(ping_command{}).ok); }

}  // namespace

TEST_CASE("what was said while the network was lost is told in order and once", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, GENERATE(as<const char*>{}, labelled, unlabelled),
                      GENERATE(as<const char*>{}, "", "CHATHISTORY=2", "MSGREFTYPES=timestamp"));
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.say("bob", "#cxx", "one");
  server.say("bob", "#cxx", "two");
  REQUIRE(alice.wait<said_event>([](const auto& e) { return e.body.text == "two"; }));
  ircd.drop_everybody();
  for (const char* text : {"three", "four", "five"}) server.say("bob", "#cxx", text, false);
  server.say_before_page("bob", "#cxx", "six");
  const auto done = healed(alice);
  REQUIRE(done);
  CHECK(done->room == "#cxx");
  CHECK(done->complete);
  server.say("bob", "#cxx", "seven");
  REQUIRE(alice.wait<said_event>([](const auto& e) { return e.body.text == "seven"; }));
  CHECK(room_of(alice) == "one two three* four* five* six* seven ");
  const auto gap = alice.wait<gap_event>();
  REQUIRE(gap);
  CHECK(gap->healing);
  CHECK(gap->room == "#cxx");
  CHECK(gap->reason == "network");
  CHECK(gap->from_at > 0);
  CHECK(gap->from_at <= gap->to_at);
  CHECK(alice.count<gap_event>([](const auto&) { return true; }) == 1);
}

TEST_CASE("a room where nothing had been said heals from the time of joining", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.drop_everybody();
  REQUIRE(healed(alice));
  CHECK(healed(alice)->count == 0);
  CHECK(healed(alice)->complete);
}

TEST_CASE("an id the server no longer knows is asked for by its time", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  server.refuse_ids();
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.say("bob", "#cxx", "one");
  REQUIRE(alice.wait<said_event>());
  ircd.drop_everybody();
  server.say("bob", "#cxx", "two", false);
  REQUIRE(healed(alice));
  CHECK(healed(alice)->complete);
  CHECK(room_of(alice) == "one two* ");
}

TEST_CASE("history that is refused is a loss that is told", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  ircd.answer_with("CHATHISTORY", [](const std::string&, const std::string&) {
    return fake_ircd::replies{":fake.test FAIL CHATHISTORY MESSAGE_ERROR AFTER #cxx :no"};
  });
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.drop_everybody();
  REQUIRE(healed(alice));
  CHECK_FALSE(healed(alice)->complete);
}

TEST_CASE("without history the loss is told for each room, and nothing is awaited", "[scenario]") {
  fake_ircd ircd;
  if (GENERATE(false, true)) ircd.offer("server-time batch message-tags");
  irc_stage on(ircd);
  visitor who = on.alice();
  who.rooms.push_back({"#two", ""});
  bridge_user alice(on.shard, on.network_of(), who);
  REQUIRE(arrives(alice, "#cxx"));
  REQUIRE(arrives(alice, "#two"));
  ircd.drop_everybody();
  for (const char* room : {"#cxx", "#two"}) {
    const auto gap = alice.wait<gap_event>([&](const auto& e) { return e.room == room; });
    REQUIRE(gap);
    CHECK_FALSE(gap->healing);
  }
  ircd.send("alice", ":bob!u@h PRIVMSG #cxx :after");
  REQUIRE(alice.wait<said_event>());
  CHECK(alice.count<healed_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("what a server sends unasked to who joins heals as well", "[scenario]") {
  fake_ircd ircd;
  ircd.offer("server-time batch message-tags");
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.send("alice", "@time=2026-01-01T00:00:01.500Z;msgid=a :bob!u@h PRIVMSG #cxx :one");
  REQUIRE(alice.wait<said_event>());
  ircd.answer_with("JOIN", [](const std::string&, const std::string&) {
    return fake_ircd::replies{
        ":%n!u@h JOIN #cxx", ":fake.test BATCH +1 chathistory #cxx",
        "@time=2026-01-01T00:00:00.000Z;msgid=z;batch=1 :bob!u@h PRIVMSG #cxx :before",
        "@time=2026-01-01T00:00:01.000Z;msgid=a;batch=1 :bob!u@h PRIVMSG #cxx :one",
        "@time=2026-01-01T00:00:01.000Z;msgid=b;batch=1 :bob!u@h PRIVMSG #cxx :two",
        ":fake.test BATCH -1", ":fake.test 366 %n #cxx :End"};
  });
  ircd.drop_everybody();
  const auto done = healed(alice);
  REQUIRE(done);
  CHECK(done->complete);
  CHECK(done->count == 1);
  CHECK(room_of(alice) == "one two* ");
  CHECK(alice.count<history_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("of more history than is taken the newest lines are told", "[scenario]") {
  fake_ircd ircd;
  ircd.offer("server-time batch message-tags");
  const int sent = GENERATE(1200, 3300);
  ircd.answer_with("JOIN", [sent](const std::string&, const std::string&) {
    fake_ircd::replies out{":%n!u@h JOIN #cxx", ":fake.test BATCH +1 chathistory #cxx"};
    for (int i = 1; i <= sent; ++i)
      out.push_back("@time=2026-01-01T00:00:01.000Z;batch=1 :bob!u@h PRIVMSG #cxx :" +
                    std::to_string(i));
    out.insert(out.end(), {":fake.test BATCH -1", ":fake.test 366 %n #cxx :End"});
    return out;
  });
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  const auto told = alice.wait<history_event>();
  REQUIRE(told);
  REQUIRE(told->items.size() == 1000);
  CHECK(told->items.front().body.text == std::to_string(sent - 999));
  CHECK(told->items.back().body.text == std::to_string(sent));
}

TEST_CASE("a line whose echo was lost with the connection is told once, by the history",
          "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, GENERATE(as<const char*>{}, labelled, unlabelled));
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  REQUIRE(alice.done(say("#cxx", "one")).ok);
  server.spoil(echo_fault::lost_with_line);
  const auto n = alice.ask(say("#cxx", "two"));
  const result_event fate = alice.answer(n);
  CHECK(fate.ok);
  CHECK_FALSE(fate.id.empty());
  REQUIRE(healed(alice));
  pass_barrier(alice);
  CHECK(room_of(alice) == "one two* ");
  CHECK(alice.count<said_event>([n](const auto& e) { return e.echo_of == n && e.self; }) == 1);
}

TEST_CASE("a line that never arrived is known to be lost, and told as that", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.spoil(echo_fault::lost_before_line);
  const auto n = alice.ask(say("#cxx", "two"));
  const result_event fate = alice.answer(n);
  CHECK_FALSE(fate.ok);
  CHECK(fate.why.code == failure_code::lost);
  CHECK(fate.why.text.find("was not said") != std::string::npos);
  REQUIRE(healed(alice));
  CHECK(room_of(alice).empty());
}

TEST_CASE("without history nobody claims to know whether a lost line was said", "[scenario]") {
  fake_ircd ircd;
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.die_at("PRIVMSG");
  const result_event fate = alice.answer(alice.ask(say("#cxx", "two")));
  CHECK(fate.why.code == failure_code::lost);
  CHECK(fate.why.text.find("may have been said") != std::string::npos);
}

TEST_CASE("what still waited behind the pacing was not sent, and that is certain", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  irc_stage on(ircd);
  on.config.flood_rate = 0.1;
  on.config.flood_burst = 3;  // JOIN, MODE and one line
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  REQUIRE(alice.done(say("#cxx", "one")).ok);
  const auto n = alice.ask(say("#cxx", "two"));
  ircd.drop_everybody();
  CHECK(alice.answer(n).why.text.find("not sent") != std::string::npos);
}

TEST_CASE("a line told without its echo is not told again by the history", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, GENERATE(as<const char*>{}, labelled, unlabelled));
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.spoil(echo_fault::swallowed);
  REQUIRE(alice.done(say("#cxx", "mine")).ok);
  ircd.drop_everybody();
  server.say("bob", "#cxx", "his", false);
  REQUIRE(healed(alice));
  CHECK(room_of(alice) == "mine his* ");
}

TEST_CASE("what was said while the history is read comes after it, own lines too", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled, "CHATHISTORY=1");
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  ircd.drop_everybody();
  for (int i = 0; i < 8; ++i) server.say("bob", "#cxx", std::to_string(i), false);
  REQUIRE(alice.wait<gap_event>());
  const auto n = alice.ask(say("#cxx", "mine"));
  REQUIRE(healed(alice));
  CHECK(alice.answer(n).ok);
  pass_barrier(alice);
  CHECK(alice.count<said_event>([n](const auto& e) { return e.echo_of == n; }) == 1);
  CHECK(room_of(alice) == "0* 1* 2* 3* 4* 5* 6* 7* mine ");
}

TEST_CASE("a browser that missed something is told it from the history", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  for (const char* text : {"one", "two", "three"}) server.say("bob", "#cxx", text);
  const auto two = alice.wait<said_event>([](const auto& e) { return e.body.text == "two"; });
  REQUIRE(alice.wait<said_event>([](const auto& e) { return e.body.text == "three"; }));
  alice.forget();
  CHECK(alice.heal(two->at));
  REQUIRE(healed(alice));
  CHECK(room_of(alice) == "two* three* ");
  CHECK(healed(alice)->complete);
  CHECK(alice.count<gap_event>([](const auto&) { return true; }) == 0);  // the session tells that
}

TEST_CASE("a second loss while the history is read loses nothing", "[scenario]") {
  fake_ircd ircd;
  fake_history server(ircd, labelled);
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  server.say("bob", "#cxx", "one");
  REQUIRE(alice.wait<said_event>());
  server.close_instead_of_page();
  ircd.drop_everybody();
  server.say("bob", "#cxx", "two", false);
  REQUIRE(healed(alice));
  CHECK(healed(alice)->complete);
  CHECK(room_of(alice) == "one two* ");
  CHECK(alice.count<gap_event>([](const auto&) { return true; }) == 1);
}
