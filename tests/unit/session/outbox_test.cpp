// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "gateway/session/outbox.hpp"

using namespace halley;

namespace {

event_ptr line(const std::string& text) {
  said_event e;
  e.body.text = text;
  return share(std::move(e));
}
std::string text_at(const outbox& log, std::uint64_t number) {
  return std::get<said_event>(log.at(number)->value()).body.text;
}

}  // namespace

TEST_CASE("events are numbered from one and kept until acknowledged", "[outbox]") {
  const outbox_limits limits;
  outbox log(limits);
  CHECK(log.last() == 0);
  CHECK(log.first() == 1);
  for (int i = 1; i <= 100; ++i) CHECK(log.append(line(std::to_string(i)), 0) == std::uint64_t(i));
  CHECK(text_at(log, 1) == "1");
  CHECK(text_at(log, 100) == "100");
  log.acknowledge(40);
  CHECK(log.first() == 41);
  CHECK(text_at(log, 41) == "41");
  log.acknowledge(10);  // older than what left: nothing happens
  CHECK(log.size() == 60);
  log.acknowledge(100);
  CHECK(log.size() == 0);
  CHECK(log.bytes() == 0);
  CHECK(log.append(line("next"), 0) == 101);
}

TEST_CASE("a cursor at the head is valid also when the log is empty", "[outbox]") {
  const outbox_limits limits;
  outbox log(limits);
  CHECK(log.can_resume(0));
  CHECK_FALSE(log.can_resume(1));
  log.append(line("a"), 0);
  log.append(line("b"), 0);
  log.acknowledge(2);
  CHECK(log.can_resume(2));
  CHECK_FALSE(log.can_resume(1));
  CHECK_FALSE(log.can_resume(3));
}

TEST_CASE("past its bounds the log loses the oldest and counts them", "[outbox]") {
  outbox_limits limits;
  SECTION("count") {
    limits.count = 10;
    outbox log(limits);
    for (int i = 1; i <= 25; ++i) log.append(line(std::to_string(i)), 0);
    CHECK(log.first() == 16);
    CHECK(text_at(log, 16) == "16");
    CHECK(log.dropped() == 15);
    CHECK_FALSE(log.can_resume(14));
    CHECK(log.can_resume(15));
  }
  SECTION("bytes") {
    limits.bytes = 10000;
    outbox log(limits);
    for (int i = 0; i < 100; ++i) log.append(line(std::string(1000, 'x')), 0);
    CHECK(log.bytes() <= 10000);
    CHECK(log.last() == 100);
    CHECK(log.size() >= 1);
  }
  SECTION("one event larger than everything still stands") {
    limits.bytes = 100;
    outbox log(limits);
    log.append(line(std::string(1000, 'x')), 0);
    CHECK(log.size() == 1);
  }
  SECTION("age") {
    outbox log(limits);
    log.append(line("old"), 1000);
    log.append(line("new"), 5000);
    log.drop_older_than(2000);
    CHECK(log.first() == 2);
    CHECK(log.dropped() == 1);
  }
}

TEST_CASE("an event in two logs is one object, encoded once for each dialect", "[outbox]") {
  const outbox_limits limits;
  outbox one(limits);
  outbox two(limits);
  const event_ptr shared = line("hello");
  one.append(shared, 0);
  two.append(shared, 0);
  int encodings = 0;
  const auto encode = [&](const event&) {
    ++encodings;
    return std::string("{}");
  };
  CHECK(one.at(1)->encoded(0, encode) == "{}");
  CHECK(two.at(1)->encoded(0, encode) == "{}");
  CHECK(encodings == 1);
  CHECK(one.at(1)->encoded(1, encode) == "{}");
  CHECK(encodings == 2);
}

TEST_CASE("a log knows about when what a reader lacks was lost", "[session]") {
  outbox_limits limits;
  limits.count = 4;
  outbox log(limits);
  for (int i = 1; i <= 10; ++i) log.append(line("x"), i * 2000);
  CHECK(log.first() == 7);
  CHECK(log.lost_since(0) == 2000);
  CHECK(log.lost_since(3) == 8000);   // who has three lacks the fourth
  CHECK(log.lost_since(5) == 12000);
  CHECK_FALSE(log.lost_since(6));     // everything behind six is here
  log.acknowledge(8);
  CHECK_FALSE(log.lost_since(0));     // acknowledged is not lost
}

TEST_CASE("what is known of losses stays small", "[session]") {
  outbox_limits limits;
  limits.count = 4;
  outbox log(limits);
  for (int i = 1; i <= 1000; ++i) log.append(line("x"), i * 2000);
  // Early, never late: the time named is not after the loss.
  for (const std::uint64_t cursor : {0, 1, 77, 500, 900, 990}) {
    const auto since = log.lost_since(cursor);
    REQUIRE(since);
    CHECK(*since <= static_cast<steady_ms>(cursor + 1) * 2000);
  }
  CHECK(*log.lost_since(990) >= 900 * 2000);
}
