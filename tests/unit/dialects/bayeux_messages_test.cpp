// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bayeux_messages.hpp"

#include <catch2/catch.hpp>

#include "gateway/dialects/bayeux_events.hpp"
#include "gateway/dialects/chat_commands.hpp"

using namespace halley;
using nlohmann::json;

namespace {

bayeux_request one(std::string_view text) {
  auto read = parse_bayeux(text);
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 1);
  return read->front();
}
json printed(bayeux_reply&& reply) {
  return json::parse(std::move(reply).print());
}

}  // namespace

TEST_CASE("messages: an object or an array of them, within bounds", "[bayeux]") {
  CHECK(one(R"({"channel":"/a","id":"7"})").id == "\"7\"");
  CHECK(one(R"([{"channel":"/a","id":7}])").id == "7");
  CHECK(one(R"({"channel":5,"clientId":[]})").channel.empty());
  for (const char* bad : {"", "[]", "[1]", "7", "{", "[{}", "\"x\"", R"({"id":"\ud800"})", "null"})
    CHECK_FALSE(parse_bayeux(bad).has_value());
  CHECK_FALSE(parse_bayeux(R"({"id":")" + std::string(65, 'x') + "\"}").has_value());
  std::string many = "[{}";
  for (int i = 0; i < 64; ++i) many += ",{}";
  CHECK_FALSE(parse_bayeux(many + "]").has_value());
  CHECK_FALSE(parse_bayeux(std::string(100, '[') + std::string(100, ']')).has_value());
}

TEST_CASE("messages: a reply echoes channel and id, and says why not in Bayeux's grammar",
          "[bayeux]") {
  const auto asked = one(R"({"channel":"/meta/subscribe","id":"a1","timestamp":"x"})");
  const json good = printed(std::move(bayeux_reply(asked, 0).text("subscription", "/a")));
  CHECK(good["successful"] == true);
  CHECK(good["id"] == "a1");
  CHECK(good["timestamp"] == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK_FALSE(good.contains("data"));
  const failure why{failure_code::banned, "You're \"banned\": go, away", "room"};
  const json bad = printed(std::move(bayeux_reply(asked, 0).fail(why, "/chat/irc/a,b:c")));
  CHECK(bad["successful"] == false);
  CHECK(bad["error"] == "403:/chat/irc/a b c:You re  banned   go  away");
  CHECK(bad["ext"]["chat"]["error"]["code"] == "banned");
  CHECK(bad["ext"]["chat"]["error"]["text"] == why.text);
}

TEST_CASE("messages: advice is complete, clocks are compared", "[bayeux]") {
  const json advice = json::parse(print_advice({"retry", 0, 25000, 120000, false}));
  CHECK(advice ==
        json::parse(R"({"reconnect":"retry","interval":0,"timeout":25000,"maxInterval":120000})"));
  const json sync =
      json::parse(print_timesync(json{{"tc", 1000}, {"l", 10}, {"o", 500}}, 1600, 1650));
  CHECK(sync == json::parse(R"({"tc":1000,"ts":1600,"p":50,"a":-90})"));
  CHECK(json::parse(print_timesync(json{{"tc", "x"}, {"l", 1e300}}, 5, 5))["tc"] == 0);
}

TEST_CASE("messages: asked times and subscriptions of any type do no harm", "[bayeux]") {
  CHECK(one(R"({"advice":{"timeout":0}})").asked_timeout() == 0);
  CHECK(one(R"({"advice":{"timeout":-5}})").asked_timeout() == -1);
  CHECK(one(R"({"advice":{"timeout":1e99}})").asked_timeout() == -1);
  CHECK(one(R"({"advice":7})").asked_timeout() == -1);
  CHECK(one(R"({"subscription":["/a","/b"]})").subscriptions(2)->size() == 2);
  CHECK_FALSE(one(R"({"subscription":["/a","/b"]})").subscriptions(1).has_value());
  for (const char* bad :
       {R"({})", R"({"subscription":[]})", R"({"subscription":[1]})", R"({"subscription":7})"})
    CHECK_FALSE(one(bad).subscriptions(9).has_value());
}

TEST_CASE("events: the channel of each, and where else it is told", "[bayeux]") {
  network irc;
  irc.name = "irc";
  const auto channel = [&irc](event what) { return channel_of(share(std::move(what)), irc); };
  said_event line;
  line.where = {"#Halley", true};
  CHECK(channel(line) == "/chat/irc/halley");
  line.where = {"Bob", false};
  CHECK(channel(line) == "/dm/irc/bob");
  data_event data;
  data.where = {"#Halley", true};
  CHECK(channel(data) == "/data/irc/halley");
  data.where = {"Bob", false};
  CHECK(channel(data) == "/dm/irc/bob");
  CHECK_FALSE(is_lazy(data));
  CHECK(channel(data_lost_event{2}) == "/net/irc");
  CHECK(channel(online_event{}) == "/net/irc");
  left_event left;
  left.from = "bob";
  CHECK(channel(left) == "/net/irc");
  CHECK(also_told_at(left) == also_told::all_members);
  left.room = "#halley";
  CHECK(channel(left) == "/chat/irc/halley");
  CHECK(also_told_at(left) == also_told::members);
  members_event members;
  members.room = "##x";
  CHECK(channel(members) == "/members/irc/~23~23x");
  CHECK(also_told_at(gap_event{}) == also_told::all_rooms);
  CHECK(is_lazy(typing_event{}));
  CHECK_FALSE(is_lazy(line));
}

TEST_CASE("events: the channel is made once for all who share an event", "[bayeux]") {
  network irc;
  irc.name = "irc";
  said_event line;
  line.where = {"#halley", true};
  const event_ptr shared = share(line);
  CHECK(&channel_of(shared, irc) == &channel_of(shared, irc));
}
