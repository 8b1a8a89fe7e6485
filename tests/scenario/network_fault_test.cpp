// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the browser is told when the network refuses, is slow or dies, at each step of login and
// after.
#include <catch2/catch.hpp>

#include "tests/support/browser.hpp"
#include "tests/support/fake_ircd.hpp"
#include "tests/support/gateway.hpp"

using namespace halley;
using json = nlohmann::json;

namespace {

browser& enter(browser& one) {
  one.enter("irc", "alice", {"#cxx"});
  return one;
}

std::uint16_t port_nobody_listens_on() {
  fake_ircd gone;
  return gone.port();
}

}  // namespace

TEST_CASE("a network where nothing listens is offline at connecting, and tried again",
          "[scenario]") {
  gateway node(1, port_nobody_listens_on());
  browser alice(node.port(), carrier_kind::websocket);
  const json offline = enter(alice).wait_for("offline");
  CHECK(offline.at("step") == "connect");
  CHECK(offline.at("retry_in") > 0);
  CHECK_FALSE(offline.at("error").at("text").get<std::string>().empty());
  CHECK(alice.wait_for("offline").at("step") == "connect");
}

TEST_CASE("a network that says nothing is offline at login", "[scenario]") {
  fake_ircd ircd;
  ircd.be_silent(true);
  gateway node(1, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  const json offline = enter(alice).wait_for("offline");
  CHECK(offline.at("step") == "login");
  CHECK(offline.at("error").at("code") == "timed_out");
}

TEST_CASE("a network that dies during login is offline at login", "[scenario]") {
  const std::string at = GENERATE("CAP", "NICK", "USER");
  fake_ircd ircd;
  ircd.die_at(at);
  gateway node(1, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  const json offline = enter(alice).wait_for("offline");
  CHECK(offline.at("step") == "login");
}

TEST_CASE("a ban is final: the reason is told and nobody tries again", "[scenario]") {
  fake_ircd ircd;
  ircd.answer("USER", ":fake.test 465 %n :You are banned from this server");
  gateway node(1, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  const json closing = enter(alice).wait_for("closing");
  CHECK(closing.at("error").at("code") == "banned");
  CHECK(ircd.connections_reach(0));
  CHECK(ircd.connections_seen() == 1);
}

TEST_CASE("a nick in use is replaced by another", "[scenario]") {
  fake_ircd ircd;
  gateway node(1, ircd.port());
  ircd.answer("NICK", ":fake.test 433 * alice :Nickname is already in use");
  browser alice(node.port(), carrier_kind::websocket);
  enter(alice);
  CHECK(ircd.receives("", [](const std::string& line) {
    return line.rfind("NICK ", 0) == 0 && line != "NICK alice" && line != "NICK :alice";
  }));
}

TEST_CASE("a lost network comes back: offline, online, the room again; the session is the same",
          "[scenario]") {
  const std::size_t shards = GENERATE(std::size_t{1}, std::size_t{3});
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  alice.come_into("irc", "alice", "#cxx");
  ircd.drop_everybody();
  CHECK(alice.wait_for("offline").at("step") == "running");
  CHECK(alice.wait_for("online").at("resumed") == true);
  const json joined = alice.wait_for("joined");
  CHECK(joined.at("room") == "#cxx");
  CHECK(joined.at("self") == true);
  CHECK(ircd.connections_seen() == 2);
}

TEST_CASE("hostile lines cost nobody anything", "[scenario]") {
  fake_ircd ircd;
  gateway node(1, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  alice.come_into("irc", "alice", "#cxx");
  const std::vector<std::string> lines{
      ":", " ", "@", "@time=", ":x", "@a=b :x", ":bob NICK", "NICK", ":alice NICK",
      ":bob!b@h PRIVMSG", ":bob!b@h PRIVMSG #cxx", ":bob!b@h JOIN", ":fake.test 353",
      ":fake.test 366", ":fake.test 005", ":bob!b@h MODE #cxx", ":bob!b@h MODE #cxx +ooooo",
      ":bob!b@h KICK #cxx", ":bob!b@h PRIVMSG #cxx :\x01", ":bob!b@h PRIVMSG #cxx :\x01" "ACTION",
      ":bob!b@h PRIVMSG #cxx :\xFF\xFE\x03", "BATCH", "BATCH -nope", "BATCH +a chathistory"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CAPTURE(lines[i]);
    ircd.send("alice", lines[i]);
    ircd.send("alice", ":bob!b@h PRIVMSG #cxx :after " + std::to_string(i));
    const json after = alice.wait_for(
        [&](const json& e) { return e.value("text", "") == "after " + std::to_string(i); });
    CHECK(after.at("from") == "bob");
  }
}

TEST_CASE("a line longer than IRC allows ends that connection alone", "[scenario]") {
  fake_ircd ircd;
  gateway node(1, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  browser bob(node.port(), carrier_kind::websocket);
  alice.come_into("irc", "alice", "#cxx");
  bob.come_into("irc", "bob", "#other");
  ircd.send("alice", ":bob!b@h PRIVMSG #cxx :" + std::string(100'000, 'x'));
  CHECK(alice.wait_for("offline").at("step") == "running");
  CHECK(bob.result_of(bob.say("#other", "still here")).at("ok") == true);
}
