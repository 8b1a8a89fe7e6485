// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands in the address of a request for events.
#include <catch2/catch.hpp>

#include "gateway/http/reading.hpp"

using namespace halley;

namespace {

http_request asked(const std::string& query) {
  http_request request;
  request.path = "/chat/v1/sessions/x/events";
  request.target = request.path + "?" + query;
  return request;
}

result<reading, failure> parse(const std::string& query) {
  return parse_reading(asked(query), session_limits());
}

}  // namespace

TEST_CASE("what is left out has its usual meaning", "[http]") {
  const auto how = parse("");
  REQUIRE(how.has_value());
  CHECK(how->carrier == carrier_kind::long_poll);
  CHECK(how->reader == tag_of_reader(""));
  CHECK_FALSE(how->since);
  CHECK(how->epoch.empty());
  CHECK(how->hold == session_limits().hold_ms);
  CHECK(how->heartbeat == session_limits().heartbeat_ms);
}

TEST_CASE("the carrier is named, or follows from the request", "[http]") {
  CHECK(parse("carrier=xhr_stream")->carrier == carrier_kind::xhr_stream);
  CHECK(parse("carrier=poll")->carrier == carrier_kind::poll);
  http_request request = asked("since=1");
  request.fields = {{"accept", "text/event-stream"}};
  CHECK(parse_reading(request, {})->carrier == carrier_kind::event_stream);
  request.fields = {{"upgrade", "websocket"}};
  CHECK(parse_reading(request, {})->carrier == carrier_kind::websocket);
  // What is named wins.
  request.target += "&carrier=long_poll";
  CHECK(parse_reading(request, {})->carrier == carrier_kind::long_poll);
}

TEST_CASE("times are brought between a second and what is configured", "[http]") {
  session_limits limits;
  limits.hold_ms = 20'000;
  limits.heartbeat_ms = 30'000;
  const auto hold = [&](const std::string& text) {
    return parse_reading(asked("hold=" + text), limits)->hold;
  };
  CHECK(hold("5000") == 5000);
  CHECK(hold("0") == 1000);
  CHECK(hold("999") == 1000);
  CHECK(hold("20001") == 20'000);
  CHECK(hold("18446744073709551615") == 20'000);
  CHECK(parse_reading(asked("heartbeat=7000"), limits)->heartbeat == 7000);
  CHECK(parse_reading(asked("heartbeat=31000"), limits)->heartbeat == 30'000);
  // What is configured may itself be less than a second.
  limits.hold_ms = 60;
  CHECK(hold("5000") == 60);
  CHECK(hold("1") == 60);
}

TEST_CASE("a browser's own cursor is newer than the address", "[http]") {
  http_request request = asked("since=3&epoch=old");
  request.fields = {{"last-event-id", "abc-17"}};
  CHECK(parse_reading(request, {})->since == 17);
  CHECK(parse_reading(request, {})->epoch == "abc");
  request.fields = {{"last-event-id", "nothing"}};
  CHECK(parse_reading(request, {})->since == 3);
  CHECK(parse_reading(request, {})->epoch == "old");
}

TEST_CASE("what cannot be meant is refused by the parameter's name", "[http]") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"carrier=pigeon", "carrier"},
      {"carrier=", "carrier"},
      {"carrier=script", "carrier"},
      {"since=", "since"},
      {"since=-1", "since"},
      {"since=1x", "since"},
      {"since=%31", "since"},
      {"since=18446744073709551616", "since"},
      {"epoch=a%00", "epoch"},
      {"reader=a.b", "reader"},
      {"reader=" + std::string(33, 'a'), "reader"},
      {"hold=soon", "hold"},
      {"hold=", "hold"},
      {"heartbeat=1e3", "heartbeat"},
      {"carrier=forever_frame", "origin"},
      {"carrier=forever_frame&origin=", "origin"},
      {"carrier=forever_frame&origin=%ff", "origin"},
      {"carrier=forever_frame&origin=https%3A%2F%2Fa.org&frame=%22", "frame"},
  };
  for (const auto& [query, field] : table) {
    CAPTURE(query);
    const auto how = parse(query);
    REQUIRE_FALSE(how.has_value());
    CHECK(how.error().code == failure_code::bad_field);
    CHECK(how.error().field == field);
    CHECK(how.error().text.ends_with('.'));
  }
}

TEST_CASE("readers are different by their names", "[http]") {
  const auto tab = parse("reader=tab-1");
  REQUIRE(tab.has_value());
  CHECK(tab->reader == tag_of_reader("tab-1"));
  CHECK(tab->reader != parse("reader=tab-2")->reader);
  CHECK(tab->reader != parse("")->reader);
}
