// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entering with a key: the same request, sent again by the browser or doubled on its way, makes one
// session.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/wire.hpp"

using namespace halley;
using nlohmann::json;

namespace {

std::string body_of(const std::string& key) {
  return json{{"network", "echo"}, {"nick", "alice"}, {"key", key}}.dump();
}

std::size_t sessions_on(echo_gateway& gateway, std::size_t shards) {
  std::size_t all = 0;
  for (std::size_t i = 0; i < shards; ++i)
    all += gateway.on_shard(i, [](http_server&, session_table& table) { return table.size(); });
  return all;
}

}  // namespace

TEST_CASE("a key makes one session, however often and wherever it is sent", "[http]") {
  echo_options options;
  options.shards = 3;
  options.http.script_carrier = true;
  echo_gateway gateway(options);
  std::set<std::size_t> homes;
  for (int k = 0; k < 12; ++k) {
    const std::string key = "a-key-made-at_random-" + std::to_string(k);
    std::set<std::string> answers;
    for (int i = 0; i < 6; ++i) {
      // Each on a connection of its own: the kernel chooses the shard.
      const http_answer answer = wire(gateway.port()).post("/chat/v1/sessions", body_of(key));
      REQUIRE(answer.status == 201);
      answers.insert(answer.body);
    }
    const http_answer script = wire(gateway.port()).get(
        "/chat/v1/script/enter?callback=f&body=%7B%22network%22%3A%22echo%22%2C%22nick%22%3A%22"
        "alice%22%2C%22key%22%3A%22" + key + "%22%7D");
    answers.insert(script.body.substr(6, script.body.size() - 8));
    REQUIRE(answers.size() == 1);
    homes.insert(gateway.shard_of(json::parse(*answers.begin())["session"]));
  }
  CHECK(sessions_on(gateway, 3) == 12);
  CHECK(homes.size() > 1);
}

TEST_CASE("another key, and none, is another session", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  std::set<std::string> ids;
  const auto enter = [&](const std::string& body) {
    ids.insert(json::parse(browser.post("/chat/v1/sessions", body).body)["session"]);
  };
  enter(body_of("0123456789abcdef"));
  enter(body_of("0123456789abcdeF"));
  enter(R"({"network":"echo","nick":"alice"})");
  enter(R"({"network":"echo","nick":"alice"})");
  CHECK(ids.size() == 4);
}

TEST_CASE("a key is remembered as long as its session lives", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  const auto enter = [&] {
    return json::parse(browser.post("/chat/v1/sessions", body_of("0123456789abcdef")).body);
  };
  const json first = enter();
  browser.post("/chat/v1/sessions/" + first["session"].get<std::string>() + "/leave", "");
  // Gone at the end of the batch in which the bridge ended.
  while (sessions_on(gateway, 1) > 0) {
  }
  CHECK(enter()["epoch"] != first["epoch"]);
}

TEST_CASE("a key that cannot be one is refused by its name", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  for (const std::string key : {"short", "0123456789abcde", "0123456789abcde.", "0123456789 abcdef"}) {
    CAPTURE(key);
    const http_answer answer = browser.post("/chat/v1/sessions", body_of(key));
    CHECK(answer.status == 400);
    CHECK(json::parse(answer.body)["error"]["field"] == "key");
  }
  const http_answer answer = browser.post("/chat/v1/sessions", body_of(std::string(65, 'a')));
  CHECK(json::parse(answer.body)["error"]["field"] == "key");
}
