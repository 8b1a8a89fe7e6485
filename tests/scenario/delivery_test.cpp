// SPDX-License-Identifier: GPL-3.0-or-later
//
// A write is not a delivery: what was given to a socket counts for nothing until the browser says that
// it has it. Over every carrier, and every change from one to another.
#include <catch2/catch.hpp>

#include "tests/support/browser.hpp"
#include "tests/support/fake_ircd.hpp"
#include "tests/support/gateway.hpp"

using namespace halley;
using json = nlohmann::json;

namespace {

carrier_kind any_carrier() {
  return static_cast<carrier_kind>(GENERATE(range<std::size_t>(0, carrier_names.size())));
}

bool has_text(const json& event, const std::string& text) {
  return event.value("ev", "") == "said" && event.value("text", "") == text;
}

// Says `count` lines to alice and returns them as one text.
std::string say_lines(fake_ircd& ircd, int count, const std::string& stem = "line ") {
  std::string all;
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += (i == 0 ? "" : "\r\n") + (":bob!b@h PRIVMSG #cxx :" + stem + std::to_string(i));
    all += stem + std::to_string(i) + ';';
  }
  // At once: whoever polls acknowledges with the second answer what was in the first.
  ircd.send("alice", lines);
  return all;
}

std::string hear_lines(browser& one, int count) {
  std::string heard;
  for (int i = 0; i < count; ++i)
    heard += one.wait_for("said").at("text").get<std::string>() + ';';
  return heard;
}

}  // namespace

TEST_CASE("what a browser got and lost before it could tell is told again", "[scenario]") {
  const auto first = any_carrier();
  const auto second = any_carrier();
  CAPTURE(carrier_name(first), carrier_name(second));
  fake_ircd ircd;
  gateway node(1, ircd.port());
  browser alice(node.port(), first);
  alice.come_into("irc", "alice", "#cxx");
  const auto had = alice.cursor();
  const std::string expected = say_lines(ircd, 20);
  // All of it was written and has left; then the page is gone with what it had.
  alice.wait_for([](const json& e) { return has_text(e, "line 19"); });
  alice.forget_after(had);
  alice.reconnect(second);
  CHECK(hear_lines(alice, 20) == expected);
  CHECK(alice.cursor() == had + 20);
}

TEST_CASE("what was written into a socket that nobody reads is told again", "[scenario]") {
  const auto first = any_carrier();
  const auto second = any_carrier();
  CAPTURE(carrier_name(first), carrier_name(second));
  fake_ircd ircd;
  gateway node(1, ircd.port());
  browser alice(node.port(), first);
  alice.come_into("irc", "alice", "#cxx");
  browser witness(node.port(), carrier_kind::websocket, "witness");
  witness.share(alice);
  const std::string expected = say_lines(ircd, 20);
  // Carriers are woken together: once the witness has a line, it has been written to alice, too.
  witness.wait_for([](const json& e) { return has_text(e, "line 19"); });
  alice.lose_connection();
  alice.reconnect(second);
  CHECK(hear_lines(alice, 20) == expected);
}

TEST_CASE("a reader's news do not leave before it has them, whatever others have", "[scenario]") {
  const auto kind = any_carrier();
  CAPTURE(carrier_name(kind));
  fake_ircd ircd;
  gateway node(3, ircd.port());
  browser alice(node.port(), kind, "one");
  alice.come_into("irc", "alice", "#cxx");
  browser tab(node.port(), kind, "two");
  tab.share(alice);
  tab.wait_for("members");
  tab.lose_connection();
  const std::string expected = say_lines(ircd, 40);
  CHECK(hear_lines(alice, 40) == expected);
  // Comes again with its cursor: now the gateway knows that alice has everything.
  alice.reconnect(kind);
  alice.result_of(alice.command({{"do", "ping"}}));
  alice.reconnect(kind);
  tab.reconnect(kind);
  CHECK(hear_lines(tab, 40) == expected);
}

TEST_CASE("a stream that is used up goes on with the next one", "[scenario]") {
  const auto kind = GENERATE(carrier_kind::xhr_stream, carrier_kind::forever_frame);
  CAPTURE(carrier_name(kind));
  fake_ircd ircd;
  gateway node(1, ircd.port());
  browser alice(node.port(), kind);
  alice.come_into("irc", "alice", "#cxx");
  const std::string expected = say_lines(ircd, 300, "a line of some length, number ");
  CHECK(hear_lines(alice, 300) == expected);
  // Its end was behind the last line.
  CHECK(alice.result_of(alice.command({{"do", "ping"}})).at("ok") == true);
  CHECK(alice.recycled() > 0);
}

TEST_CASE("a request to enter that comes twice makes one visitor", "[scenario]") {
  const std::size_t shards = GENERATE(std::size_t{1}, std::size_t{3});
  fake_ircd ircd;
  gateway node(shards, ircd.port());
  const std::string body = R"({"network":"irc","nick":"alice","key":"Zm9yIHRoaXMgdmlzaXQ"})";
  const auto first = http_request_to(node.port(), "POST", "/chat/v1/sessions", body);
  const auto again = http_request_to(node.port(), "POST", "/chat/v1/sessions", body);
  CHECK(first.status == 201);
  CHECK(again.body == first.body);
  CHECK(ircd.receives("alice", [](const std::string& line) { return line.starts_with("USER"); }));
  CHECK(ircd.connections_seen() == 1);
}
