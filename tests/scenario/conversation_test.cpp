// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stories that hold over every carrier, with one shard and with many.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/browser.hpp"
#include "tests/support/fake_ircd.hpp"
#include "tests/support/gateway.hpp"

using namespace halley;
using json = nlohmann::json;

namespace {

auto said(const std::string& from, const std::string& text) {
  return [=](const json& e) {
    return e.value("ev", "") == "said" && e.value("from", "") == from &&
           e.value("text", "") == text;
  };
}
carrier_kind any_carrier() {
  return static_cast<carrier_kind>(GENERATE(range<std::size_t>(0, carrier_names.size())));
}
std::size_t one_or_many_shards() { return GENERATE(std::size_t{1}, std::size_t{3}); }

}  // namespace

TEST_CASE("two people in a room hear each other", "[scenario]") {
  const auto kind = any_carrier();
  const auto shards = one_or_many_shards();
  CAPTURE(carrier_name(kind), shards);
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), kind);
  browser bob(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  bob.come_into("irc", "bob", "#cxx");
  alice.wait_for([](const json& e) {
    return e.value("ev", "") == "joined" && e.value("from", "") == "bob";
  });
  alice.say("#cxx", "hello bob");
  bob.wait_for(said("alice", "hello bob"));
  bob.say("#cxx", "hello alice");
  alice.wait_for(said("bob", "hello alice"));
  // The sender sees the own line exactly once.
  const auto& own = alice.seen();
  CHECK(std::count_if(own.begin(), own.end(), said("alice", "hello bob")) == 1);
}

TEST_CASE("a lost connection costs no line, also over another carrier", "[scenario]") {
  const auto first = any_carrier();
  const auto second = any_carrier();
  const auto shards = one_or_many_shards();
  CAPTURE(carrier_name(first), carrier_name(second), shards);
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), first);
  alice.come_into("irc", "alice", "#cxx");
  ircd.send("alice", ":bob!b@h PRIVMSG #cxx :one");
  alice.wait_for(said("bob", "one"));
  alice.lose_connection();
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    ircd.send("alice", ":bob!b@h PRIVMSG #cxx :line " + std::to_string(i));
    expected += "line " + std::to_string(i) + ';';
  }
  alice.reconnect(second);
  std::string heard;
  for (int i = 0; i < 20; ++i)
    heard += alice.wait_for("said").at("text").get<std::string>() + ';';
  CHECK(heard == expected);
  CHECK(ircd.connections_seen() == 1);
  CHECK(ircd.count_lines_with("QUIT") == 0);
}

TEST_CASE("a page without memory is told where it is", "[scenario]") {
  const auto kind = any_carrier();
  const auto shards = one_or_many_shards();
  CAPTURE(carrier_name(kind), shards);
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  ircd.send("alice", ":bob!b@h JOIN #cxx");
  alice.wait_for([](const json& e) {
    return e.value("ev", "") == "joined" && e.value("from", "") == "bob";
  });
  alice.reload(kind);
  const json hello = alice.wait_for("hello");
  CHECK(hello.at("session") == alice.session());
  CHECK(hello.at("epoch") == alice.epoch());
  CHECK(hello.at("resumed") == false);
  CHECK(alice.wait_for("online").at("nick") == "alice");
  CHECK(alice.wait_for("joined").at("room") == "#cxx");
  const json members = alice.wait_for("members");
  std::string nicks;
  for (const json& one : members.at("members")) nicks += one.at("nick").get<std::string>() + ' ';
  CHECK(nicks.find("alice") != std::string::npos);
  CHECK(nicks.find("bob") != std::string::npos);
}

TEST_CASE("a command sent twice reaches the network once", "[scenario]") {
  const auto kind = any_carrier();
  const auto shards = one_or_many_shards();
  CAPTURE(carrier_name(kind), shards);
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  const auto n = alice.say("#cxx", "once only");
  CHECK(alice.result_of(n).at("ok") == true);
  alice.command({{"do", "say"}, {"to", "#cxx"}, {"text", "once only"}}, n);
  CHECK(alice.result_of(n).at("ok") == true);
  CHECK(alice.result_of(alice.command({{"do", "ping"}})).at("ok") == true);
  CHECK(ircd.count_lines_with("once only") == 1);
}

TEST_CASE("nothing a browser sends reaches the network as a second line", "[scenario]") {
  const auto kind = any_carrier();
  fake_ircd ircd;
  gateway node(1, ircd.port());
  browser alice(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  const std::vector<std::pair<std::string, std::string>> attempts{
      {R"({"do":"join","room":"#a\r\nOPER x y"})", "room"},
      {R"({"do":"nick","nick":"x\nOPER x y"})", "nick"},
      {R"({"do":"topic","room":"#cxx","text":"x\r\nOPER x y"})", "text"},
      {R"({"do":"part","room":"#cxx","text":"x\u0000OPER"})", "text"},
      {R"({"do":"kick","room":"#cxx","nick":"a\rOPER","text":"x"})", "nick"},
      {R"({"do":"whois","nick":"a\nOPER"})", "nick"},
  };
  for (const auto& [command, field] : attempts) {
    CAPTURE(command);
    const json answer = alice.result_of(alice.command(json::parse(command)));
    CHECK(answer.at("ok") == false);
    CHECK(answer.at("error").at("field") == field);
  }
  CHECK(alice.result_of(alice.say("#cxx", "still here")).at("ok") == true);
  CHECK(ircd.count_lines_with("OPER") == 0);
}

TEST_CASE("a browser that stays away quits once when the grace time is over", "[scenario]") {
  const auto kind = any_carrier();
  const auto shards = one_or_many_shards();
  CAPTURE(carrier_name(kind), shards);
  fake_ircd ircd;
  gateway node(shards, ircd.port(), 1000);
  browser alice(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  alice.lose_connection();
  CHECK(ircd.receives_line_with("alice", "QUIT"));
  CHECK(ircd.connections_reach(0));
  CHECK(ircd.count_lines_with("QUIT") == 1);
}

TEST_CASE("leaving quits at once", "[scenario]") {
  const auto shards = one_or_many_shards();
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  alice.come_into("irc", "alice", "#cxx");
  CHECK(alice.leave() == 204);
  CHECK(ircd.receives_line_with("alice", "QUIT"));
  CHECK(ircd.connections_reach(0));
}

TEST_CASE("a goodbye quits soon after the connection has gone", "[scenario]") {
  const auto kind = any_carrier();
  const auto shards = one_or_many_shards();
  CAPTURE(carrier_name(kind), shards);
  fake_ircd ircd;
  gateway node(shards, ircd.port());  // waits a minute for who says nothing
  browser alice(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  SECTION("of a page that does not come back") {
    CHECK(alice.say_goodbye("300") == 204);
    alice.lose_connection();
    CHECK(ircd.receives_line_with("alice", "QUIT"));
    CHECK(ircd.connections_reach(0));
  }
  SECTION("what is no time is refused by name") {
    for (const char* wrong : {"", "soon", "-1", "5s"}) {
      const auto answer = http_request_to(
          node.port(), "POST", "/chat/v1/sessions/" + alice.session() + "/leave?within=" + wrong);
      CHECK(answer.status == 400);
      CHECK(answer.json().at("error").at("code") == "bad_field");
      CHECK(answer.json().at("error").at("field") == "within");
    }
    CHECK(alice.result_of(alice.say("#cxx", "still here")).at("ok") == true);
  }
}

TEST_CASE("a goodbye is taken back by the page that a reload brings", "[scenario]") {
  const auto kind = GENERATE(carrier_kind::websocket, carrier_kind::long_poll);
  CAPTURE(carrier_name(kind));
  fake_ircd ircd;
  gateway node(2, ircd.port());
  browser alice(node.port(), kind);
  browser bob(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  bob.come_into("irc", "bob", "#cxx");
  CHECK(alice.say_goodbye("3000") == 204);
  alice.lose_connection();
  alice.reconnect(kind);
  CHECK(alice.result_of(alice.say("#cxx", "still here")).at("ok") == true);
  // Somebody whose time began later, and who does not come back.
  CHECK(bob.say_goodbye("3000") == 204);
  bob.lose_connection();
  CHECK(ircd.receives_line_with("bob", "QUIT"));
  CHECK(alice.result_of(alice.say("#cxx", "and here")).at("ok") == true);
  CHECK(ircd.count_lines_with("QUIT") == 1);
}

TEST_CASE("a node that leaves says so, and its people quit", "[scenario]") {
  const auto shards = one_or_many_shards();
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  browser alice(node.port(), carrier_kind::websocket);
  alice.come_into("irc", "alice", "#cxx");
  node.drain();
  CHECK(alice.wait_for("closing").at("come_back") == true);
  CHECK(ircd.receives_line_with("alice", "QUIT"));
}

TEST_CASE("sessions are found from every connection, whichever shard took it", "[scenario]") {
  fake_ircd ircd;
  gateway node(4, ircd.port());
  browser alice(node.port(), carrier_kind::long_poll);
  alice.come_into("irc", "alice", "#cxx");
  // Each request is a connection of its own, and the kernel spreads them over the shards.
  for (int i = 0; i < 30; ++i) {
    const auto n = alice.say("#cxx", "line " + std::to_string(i));
    REQUIRE(alice.result_of(n).at("ok") == true);
  }
  CHECK(ircd.count_lines_with("PRIVMSG #cxx") == 30);
}
