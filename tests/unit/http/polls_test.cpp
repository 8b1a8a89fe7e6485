// SPDX-License-Identifier: GPL-3.0-or-later
//
// The carriers of one request after the other: what is written is not delivered, and nobody waits
// longer than he said.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/visit.hpp"

using namespace halley;
using nlohmann::json;

TEST_CASE("a poll never waits, and says when to come again", "[http]") {
  echo_options options;
  options.sessions.poll_ms = 1234;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  wire reader(gateway.port());
  const http_answer first = alice.open(reader, "?since=0&carrier=poll");
  CHECK(first.field("Content-Type") == "application/json");
  CHECK(first.field("Cache-Control") == "no-store");
  CHECK(json::parse(first.body)["events"][0]["ev"] == "online");
  CHECK_FALSE(json::parse(first.body).contains("again"));
  CHECK(alice.open(reader, "?since=1&carrier=poll").body ==
        R"({"from":2,"next":2,"events":[],"again":1234})");
  alice.say("there");
  CHECK(json::parse(alice.open(reader, "?since=1&carrier=poll").body)["events"][0]["text"] ==
        "there");
}

TEST_CASE("polls keep a session alive", "[http]") {
  echo_options options;
  options.sessions.grace_ms = 400;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  wire reader(gateway.port());
  const steady_ms end = steady_now() + 1500;
  while (steady_now() < end) REQUIRE(alice.open(reader, "?since=1&carrier=poll").status == 200);
  // Without them it ends.
  while (gateway.on_shard(0, [](http_server&, session_table& table) { return table.size(); }) > 0) {
  }
}

TEST_CASE("the same cursor gets the same page until the next one is asked for", "[http]") {
  const std::string carrier = GENERATE("", "&carrier=poll", "&carrier=long_poll");
  echo_gateway gateway;
  visit alice(gateway.port());
  alice.say("one");
  {
    // The answer is written into a socket whose other end reads nothing and goes away.
    wire lost(gateway.port());
    lost.send("GET " + alice.events("?since=1" + carrier) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    alice.say("two");
  }
  wire reader(gateway.port());
  const std::string page = alice.open(reader, "?since=1" + carrier).body;
  CHECK(json::parse(page)["events"].size() == 4);
  CHECK(alice.open(reader, "?since=1" + carrier).body == page);
  CHECK(json::parse(alice.open(reader, "?since=3" + carrier).body)["events"][0]["text"] == "two");
}

TEST_CASE("a reader that asks for a shorter hold gets it", "[http]") {
  echo_options options;
  options.sessions.hold_ms = 3'600'000;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  wire reader(gateway.port());
  CHECK(alice.open(reader, "?since=1&hold=1").body == R"({"from":2,"next":2,"events":[]})");
}

TEST_CASE("seven tabs of one browser all hold a poll, and commands still pass", "[http]") {
  echo_options options;
  options.shards = 2;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  std::vector<std::unique_ptr<wire>> tabs;
  for (int i = 0; i < 7; ++i) {
    tabs.push_back(std::make_unique<wire>(gateway.port()));
    tabs.back()->send("GET " + alice.events("?since=1&reader=tab" + std::to_string(i)) +
                      " HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  std::uint64_t next = 1;
  for (int line = 0; line < 5; ++line) {
    alice.say("line " + std::to_string(line));
    for (int i = 0; i < 7; ++i) {
      // Kept alive: each asks again on its own connection. The result may come with a later page.
      const json page = json::parse(tabs[static_cast<std::size_t>(i)]->read_answer().body);
      CHECK(page["from"] == next + 1);
      CHECK(page["events"][0]["text"] == "line " + std::to_string(line));
      CHECK(page["events"].size() == 2);
      tabs[static_cast<std::size_t>(i)]->send(
          "GET " + alice.events("?since=" + std::to_string(next + 2) + "&reader=tab" +
                                std::to_string(i)) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    next += 2;
  }
}
