// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/nick_recovery.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;

namespace {

struct story {
  nick_recovery one{"alice"};
  std::string said(const std::string& line, steady_ms now) {
    message parsed;
    REQUIRE(parse_message(line, parsed));
    std::string out;
    ours = one.take(parsed.numeric(), parsed, now, out);
    return out;
  }
  std::string begin(bool monitors) {
    std::string out;
    one.begin(monitors, 0, 0, out);
    return out;
  }
  std::string turn(steady_ms now) {
    std::string out;
    one.on_turn(now, 0, out);
    return out;
  }
  bool ours = false;
};

}  // namespace

TEST_CASE("a server with MONITOR says when the name is free", "[irc]") {
  story s;
  CHECK(s.begin(true) == "MONITOR + alice\r\n");
  CHECK(s.one.next_turn() == INT64_MAX);
  CHECK(s.said(":s 730 alice_ :alice!a@h", 10).empty());
  CHECK(s.ours);
  CHECK(s.said(":s 731 alice_ :alice", 20000) == "NICK alice\r\n");
  // It was taken again at once: later, then.
  CHECK(s.said(":s 433 alice_ alice :in use", 20001).empty());
  CHECK(s.ours);
  CHECK(s.one.next_turn() == 20001 + nick_recovery::first_pause);
  std::string out;
  s.one.end(out);
  CHECK(out == "MONITOR - alice\r\n");
}

TEST_CASE("without MONITOR the server is asked, ever more slowly, and not for ever", "[irc]") {
  story s;
  CHECK(s.begin(false).empty());
  int lines = 0;
  steady_ms before = 0, pause = 0;
  while (s.one.next_turn() != INT64_MAX) {
    const steady_ms now = s.one.next_turn();
    CHECK(now - before >= pause / 2);
    CHECK(now - before >= nick_recovery::first_pause / 2);
    CHECK(now - before <= nick_recovery::longest_pause);
    pause = now - before;
    before = now;
    if (s.turn(now) == "ISON alice\r\n") ++lines;
    CHECK(s.said(":s 303 alice_ :alice", now + 1).empty());
  }
  CHECK(lines == nick_recovery::most_turns - 1);
  std::string out;
  s.one.on_free(before + 1000, out);  // its QUIT still counts
  CHECK(out == "NICK alice\r\n");
}

TEST_CASE("a name that is free and taken in turns is not asked for at each turn", "[irc]") {
  story s;
  s.begin(false);
  CHECK(s.said(":s 303 alice_ :", 20000) == "NICK alice\r\n");
  CHECK(s.said(":s 303 alice_ :", 20001).empty());  // one is under way
  s.said(":s 433 alice_ alice :in use", 20002);
  CHECK(s.said(":s 303 alice_ :", 20003).empty());
  CHECK(s.said(":s 303 alice_ :", 26000) == "NICK alice\r\n");
  CHECK(s.said(":s 432 alice_ alice :held", 26001).empty());
  CHECK(s.ours);
  s.said(":s 433 alice_ other :in use", 26002);
  CHECK_FALSE(s.ours);  // nothing of ours was under way
}
