// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kiwi's transport between a leg and servers that write down what they get.
#include "gateway/dialects/kiwi_session.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/dialects/raw_house.hpp"

using namespace halley;

namespace {

struct house final : raw_house, host_directory {
  void enter(recorded_leg& leg) {
    visitor who;
    who.address = "192.0.2.1";
    add(std::make_unique<kiwi_session>(context, *this, who), leg);
  }
  // A channel whose server has welcomed its person.
  server& open(recorded_leg& leg, const std::string& id) {
    leg.say(":" + id);
    leg.say(":" + id + " NICK ann");
    server& made = *at.servers.back();
    made.opens();
    made.says(":irc 001 ann :Welcome");
    made.says(":ann!a@h JOIN #r");
    made.take();
    leg.take();
    return made;
  }

  mutable texts asked_hosts;
  bool has_network = true;

 private:
  tunnel_network* irc_by_host(std::string_view host) const override {
    asked_hosts.emplace_back(host);
    return has_network ? const_cast<recorded_network*>(&at) : nullptr;
  }
  std::size_t shard_count() const override { return 2; }
};

bool starts(const texts& all, std::size_t at, std::string_view with) {
  return at < all.size() && all[at].starts_with(with);
}

}  // namespace

TEST_CASE("a channel is opened and acknowledged; its first line leads to a server", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  leg.say(":1 NICK early");  // not open
  leg.say(":1");
  CHECK(leg.take() == texts{":1"});
  CHECK(h.at.servers.empty());
  leg.say(":1 ENCODING utf8");
  leg.say(":1 HOST irc.example.org:+6697");
  leg.say(":1 CAPTCHA none");
  CHECK(h.at.servers.empty());
  leg.say(":1 NICK ann");
  REQUIRE(h.at.servers.size() == 1);
  CHECK(h.asked_hosts == texts{"irc.example.org"});
  CHECK(h.at.servers[0]->take() == "NICK ann\r\n");
  h.at.servers[0]->opens();
  h.at.servers[0]->says(":irc 001 ann :Welcome");
  CHECK(leg.take() == texts{":1 control connected", ":1 :irc 001 ann :Welcome"});
}

TEST_CASE("what is no message of a channel is nobody's", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  for (const char* message : {"", ":", "1", "NICK ann", ": NICK ann", "::", ":0", ":0 NICK ann", ":0 CONTROL",
                              ":2 NICK ann"})
    leg.say(message);
  leg.say(':' + std::string(33, 'x'));
  // But "::" opens the channel of that name.
  CHECK(leg.take() == texts{"::"});
  leg.say(':' + std::string(32, 'x'));
  CHECK(leg.take() == texts{':' + std::string(32, 'x')});
  CHECK(h.at.servers.empty());
}

TEST_CASE("each channel has a server of its own", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  server& one = h.open(leg, "1");
  server& two = h.open(leg, "b");
  CHECK(&one != &two);
  leg.say(":1 PRIVMSG #r :one");
  leg.say(":b PRIVMSG #r :two");
  CHECK(one.take() == "PRIVMSG #r :one\r\n");
  CHECK(two.take() == "PRIVMSG #r :two\r\n");
  two.says(":x!x@x PRIVMSG #r :hi");
  CHECK(leg.take() == texts{":b :x!x@x PRIVMSG #r :hi"});
}

TEST_CASE("opened while it is open, a channel is closed, and no other", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  server& one = h.open(leg, "1");
  server& two = h.open(leg, "2");
  leg.say(":1");
  CHECK(leg.take() == texts{":1", ":1 control closed "});
  CHECK(one.last_words == "QUIT :Page closed\r\n");
  CHECK(two.listener != nullptr);
  // And may begin again.
  CHECK(&h.open(leg, "1") != &one);
}

TEST_CASE("why a channel has ended is a line and a code", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  leg.say(":1");
  SECTION("its server could not be reached") {
    leg.say(":1 NICK ann");
    leg.take();
    h.at.servers[0]->listener->on_tunnel_lost({failure_code::lost, "refused the connection", ""});
    CHECK(leg.take() == texts{":1 ERROR :refused the connection", ":1 control closed err_refused"});
  }
  SECTION("its server went away") {
    server& one = h.open(leg, "2");
    one.listener->on_tunnel_lost({failure_code::lost, "closed the connection", ""});
    CHECK(leg.take() == texts{":2 ERROR :closed the connection", ":2 control closed "});
  }
  SECTION("there is no network") {
    h.has_network = false;
    leg.take();
    leg.say(":1 NICK ann");
    CHECK(leg.take() == texts{":1 ERROR :There is no IRC network here", ":1 control closed err_forbidden"});
  }
  SECTION("there is no place") {
    h.limits.per_address = 1;
    h.open(leg, "1");
    leg.say(":2");
    leg.take();
    leg.say(":2 NICK ann");
    const texts said = leg.take();
    REQUIRE(said.size() == 2);
    CHECK(starts(said, 0, ":2 ERROR :"));
    CHECK(said[1] == ":2 control closed err_forbidden");
    CHECK(h.at.servers.size() == 1);
  }
  SECTION("it broke the rules; the others go on") {
    server& one = h.open(leg, "1");
    server& two = h.open(leg, "2");
    leg.say(":1 PRIVMSG #r :x\r\nQUIT");
    const texts said = leg.take();
    REQUIRE(said.size() == 2);
    CHECK(starts(said, 0, ":1 ERROR :"));
    CHECK(said[1] == ":1 control closed ");
    CHECK(one.listener == nullptr);
    CHECK(one.sent.empty());
    leg.say(":2 PING x");
    CHECK(two.take() == "PING x\r\n");
  }
}

TEST_CASE("one connection has at most twenty channels", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  for (int i = 1; i <= 25; ++i) leg.say(':' + std::to_string(i));
  CHECK(leg.take().size() == kiwi_session::most_channels);
  leg.say(":21 NICK ann");
  CHECK(h.at.servers.empty());
  // A message has room for the longest line of IRC with its channel.
  CHECK(leg.talk->frame_limit() >= 8191 + 510 + 33);
}

TEST_CASE("the slowest server holds the browser back, a slow browser all its servers", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  server& one = h.open(leg, "1");
  server& two = h.open(leg, "2");
  one.behind = two.behind = true;
  leg.say(":1 PING x");
  leg.say(":2 PING x");
  CHECK(leg.is_held);
  one.has_room();
  CHECK(leg.is_held);
  two.has_room();
  CHECK_FALSE(leg.is_held);
  // One that ends holds nobody back.
  one.behind = true;
  leg.say(":1 PING x");
  CHECK(leg.is_held);
  one.listener->on_tunnel_lost({failure_code::lost, "gone", ""});
  CHECK_FALSE(leg.is_held);

  server& three = h.open(leg, "3");
  leg.talk->on_leg_full();
  CHECK_FALSE(two.reading);
  CHECK_FALSE(three.reading);
  leg.talk->on_leg_room();
  CHECK(two.reading);
  CHECK(three.reading);
}

TEST_CASE("whoever names no session is not waited for", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  leg.say(":0 CONTROL START");
  const texts said = leg.take();
  REQUIRE(said.size() == 1);
  CHECK(said[0].starts_with("SESSION n1-0-"));
  server& one = h.open(leg, "1");
  leg.breaks();
  CHECK(one.last_words == "QUIT :Page closed\r\n");
  h.settle();
  CHECK(h.hall.size() == 0);
}

TEST_CASE("whoever names one hears in each channel what was missed, once", "[kiwi]") {
  house h;
  const auto chosen = GENERATE(std::string(), std::string("a-name-of-the-clients-own"));
  recorded_leg leg;
  h.enter(leg);
  leg.say(":0 CONTROL SESSION " + (chosen.empty() ? "x" : chosen));
  const texts said = leg.take();
  REQUIRE(starts(said, 0, "SESSION "));
  const std::string token = said[0].substr(8);
  server& one = h.open(leg, "1");
  server& two = h.open(leg, "2");
  leg.has = leg.given;
  leg.breaks();
  one.says(":x!x@x PRIVMSG #r :missed");
  one.says("PING :there");
  CHECK(one.take() == "PONG :there\r\n");
  two.says(":x!x@x PRIVMSG #r :also missed");

  recorded_leg next;
  h.enter(next);
  next.say(":0 CONTROL SESSION " + (chosen.empty() ? token : chosen));
  h.settle();
  const texts named = next.take();
  REQUIRE(named.size() == 1);
  // A name of the gateway's own is good once; one of the client's is always the same.
  CHECK((named[0] == said[0]) == !chosen.empty());
  next.say(":1");
  const texts told = next.take();
  REQUIRE(told.size() > 2);
  CHECK(told[0] == ":1");
  CHECK(told[1] == ":1 control connected");
  CHECK(std::count(told.begin(), told.end(), ":1 :x!x@x PRIVMSG #r :missed") == 1);
  CHECK(std::none_of(told.begin(), told.end(),
                     [](const std::string& line) { return line.starts_with(":2"); }));
  next.say(":2");
  const texts rest = next.take();
  CHECK(std::count(rest.begin(), rest.end(), ":2 :x!x@x PRIVMSG #r :also missed") == 1);
  // What it says to log in goes nowhere.
  CHECK(one.take() == "NAMES #r\r\n");  // who is there now
  next.say(":1 NICK other");
  next.say(":1 USER u 0 * :r");
  CHECK(one.take().empty());
  CHECK(h.at.servers.size() == 2);
}

TEST_CASE("a client that never read the next name of its session comes with the one it has", "[kiwi]") {
  house h;
  const auto come = [&h](recorded_leg& leg, const std::string& name) {
    h.enter(leg);
    leg.say(":0 CONTROL SESSION " + name);
    h.settle();
    const texts said = leg.take();
    REQUIRE(starts(said, 0, "SESSION "));
    leg.say(":1");
    leg.take();
    return said[0].substr(8);
  };
  recorded_leg first;
  const std::string name = come(first, "x");
  server& one = h.open(first, "1");
  first.breaks();
  recorded_leg second, third, fourth, fifth;
  const std::string unread = come(second, name);
  CHECK(unread != name);
  second.say(":1 PING x");  // it speaks in its channels before it has read anything
  CHECK(one.take().ends_with("PING x\r\n"));
  second.breaks();
  const std::string next = come(third, name);
  third.say(":1 PING y");
  CHECK(one.take().ends_with("PING y\r\n"));
  third.breaks();
  // What it comes with it has read: the names before are void.
  come(fourth, next);
  fourth.breaks();
  h.enter(fifth);
  for (const std::string& old : {name, unread}) {
    fifth.say(":0 CONTROL SESSION " + old);
    REQUIRE_FALSE(fifth.looked.empty());  // it is not here
    CHECK(fifth.looked[0] == old);
    fifth.looked.clear();
  }
}

TEST_CASE("a connection that nobody missed gives way", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  leg.say(":0 CONTROL SESSION a-name-of-the-clients-own");
  server& one = h.open(leg, "1");
  recorded_leg next;
  h.enter(next);
  next.say(":0 CONTROL SESSION a-name-of-the-clients-own");
  CHECK(leg.ended == "Resumed by another connection");
  next.say(":1");
  next.take();
  one.says(":x!x@x PRIVMSG #r :hi");
  CHECK(next.take() == texts{":1 :x!x@x PRIVMSG #r :hi"});
}

TEST_CASE("a name of the client's own is looked for on every shard, a short one is none", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  leg.say(":0 CONTROL SESSION a-name-of-the-clients-own");
  // It might be one of the gateway's; then what each shard would make of it.
  REQUIRE(leg.looked.size() == 3);
  CHECK(leg.looked[0] == "a-name-of-the-clients-own");
  CHECK(leg.looked[1].starts_with("n1-0-"));
  CHECK(leg.looked[2].starts_with("n1-1-"));
  recorded_leg other;
  h.enter(other);
  other.say(":0 CONTROL SESSION short");
  CHECK(other.looked == texts{"short"});
  CHECK(starts(other.take(), 0, "SESSION n1-0-"));
}

TEST_CASE("after the grace time everybody has gone", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  leg.say(":0 CONTROL SESSION a-name-of-the-clients-own");
  server& one = h.open(leg, "1");
  leg.breaks();
  h.advance(500);
  CHECK(one.listener != nullptr);
  h.advance(2000);
  CHECK(one.last_words == "QUIT :Page closed\r\n");
  CHECK(h.hall.size() == 0);
  recorded_leg late;
  h.enter(late);
  late.say(":0 CONTROL SESSION a-name-of-the-clients-own");
  late.say(":1");
  CHECK(late.take().size() == 2);
}

TEST_CASE("a gateway that leaves says so", "[kiwi]") {
  house h;
  recorded_leg leg;
  h.enter(leg);
  server& one = h.open(leg, "1");
  h.hall.shut_down();
  CHECK(leg.ended == "The chat service is restarting");
  CHECK(leg.as == farewell::lost);
  CHECK(one.listener == nullptr);
  h.settle();
  CHECK(h.hall.size() == 0);
}
