// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <sstream>

#include "gateway/check/irc_client.hpp"
#include "gateway/check/irc_words.hpp"
#include "gateway/check/report.hpp"
#include "gateway/check/wire.hpp"

using namespace halley;

TEST_CASE("what a server says at the door is understood", "[check]") {
  struct {
    const char* error;
    refusal means;
  } const table[] = {
      {"", refusal::none},
      {"Too many connections from your IP address", refusal::clones},
      {"Closing link: (web@192.0.2.1) [No more connections allowed from your host via this connect "
       "class (local)]",
       refusal::clones},
      {"Closing Link: [192.0.2.1] (Too many unknown connections from your IP)", refusal::clones},
      {"Closing Link: 192.0.2.1 (Too many host connections (local))", refusal::clones},
      {"Closing Link: [192.0.2.1] (Throttled: Reconnecting too fast)", refusal::throttled},
      {"Trying to reconnect too fast.", refusal::throttled},
      {"Closing link: (1AAAAAAAI@127.0.0.1) [WEBIRC: you don't match any configured WebIRC hosts.]",
       refusal::webirc},
      {"Closing Link: 192.0.2.1 (CGI:IRC password incorrect)", refusal::webirc},
      {"Access denied: Bad password?", refusal::password},
      {"Closing Link: 192.0.2.1 (K-Lined)", refusal::banned},
      {"Closing Link: [192.0.2.1] (You are banned from this server)", refusal::banned},
      {"Closing link: (web@192.0.2.1) [Excess Flood]", refusal::flood},
      {"Closing link: (web@192.0.2.1) [RecvQ exceeded]", refusal::flood},
      {"Closing connection", refusal::other},
  };
  for (const auto& row : table) {
    CAPTURE(row.error);
    CHECK(refusal_in(row.error) == row.means);
  }
}

TEST_CASE("numerics that keep one out have words", "[check]") {
  for (const char* numeric : {"403", "432", "433", "464", "465", "471", "473", "474", "475", "477"})
    CHECK_FALSE(numeric_words(numeric).empty());
  CHECK(numeric_words("001").empty());
}

TEST_CASE("times of arrival show how a server slows a writer down", "[check]") {
  pace free = pace_of(4, {0, 1, 1, 2});
  CHECK(free.at_once == 4);
  CHECK(free.per_second == 0);
  CHECK_FALSE(is_too_fast(free, 2, 8));
  CHECK(print_pace(free) == "4 lines at one go passed without a pause");

  // Three at once, then one a second.
  pace slowed = pace_of(6, {0, 1, 2, 1002, 2002, 3002});
  CHECK(slowed.at_once == 3);
  CHECK(slowed.per_second == Approx(1.0));
  CHECK(is_too_fast(slowed, 2, 3));
  CHECK_FALSE(is_too_fast(slowed, 1, 3));
  CHECK_FALSE(is_too_fast(slowed, 1, 4));  // one line, one second late
  CHECK(is_too_fast(slowed, 1, 8));        // five of them

  // Nothing in the first pause: a server that delays from the first line.
  pace late = pace_of(3, {1000, 2000, 3000});
  CHECK(late.at_once == 0);
  CHECK(late.per_second == Approx(1.0));

  pace none = pace_of(3, {});
  CHECK(none.arrived == 0);
  CHECK(none.at_once == 0);
}

TEST_CASE("lines the library cannot bear do not reach it", "[check]") {
  struct {
    const char* line;
    const char* passed;
  } const table[] = {
      {":a!b@c PRIVMSG #r :hi", ":a!b@c PRIVMSG #r :hi\r\n"},
      {"@time=2026-01-01;msgid=x :a PRIVMSG #r :hi", ":a PRIVMSG #r :hi\r\n"},
      {"PING :x", "PING :x\r\n"},
      {"NICK other", ""},  // without a prefix it ends the process
      {":a!b@c NICK other", ":a!b@c NICK other\r\n"},
      {"", ""},
      {" ", ""},
      {"@only=tags", ""},
      {":prefix", ""},
      {":prefix COMMAND", ""},
      {"COMMAND", ""},
  };
  for (const auto& row : table) {
    CAPTURE(row.line);
    CHECK(line_for_library(row.line) == row.passed);
  }
  const std::string longest = line_for_library(":a PRIVMSG #r :" + std::string(5000, 'x'));
  CHECK(longest.size() < 1000);
  CHECK(longest.ends_with("\r\n"));
}

TEST_CASE("a server's text is made fit for a terminal", "[check]") {
  CHECK(quoted("plain") == "plain");
  CHECK(quoted("\x1b[31mred\x07\x03"
               "4") == "[31mred4");
  CHECK(quoted("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
  CHECK(quoted("\xff") == "\xef\xbf\xbd");
  CHECK(quoted(std::string(1000, 'x')).size() == 200);
}

TEST_CASE("a report is one line for each step and fails with any of them", "[check]") {
  report found{"irc", "irc.example.org:6697", "InspIRCd-3", {}, {}};
  found.steps.push_back({"tcp", outcome::ok, "connected", 3});
  CHECK_FALSE(found.has_failed());
  found.steps.push_back({"nick", outcome::warning, "short", -1});
  CHECK_FALSE(found.has_failed());
  found.steps.push_back({"webirc", outcome::failed, "refused \"so\"\n\xc3\xbc", -1});
  CHECK(found.has_failed());
  found.advice.push_back({"inspircd.conf", "add", "<one>\n<two>\n"});

  std::ostringstream text;
  print_text(found, text);
  CHECK(text.str().find("irc at irc.example.org:6697 (InspIRCd-3)\n") == 0);
  CHECK(text.str().find("  ok      tcp          3 ms connected\n") != std::string::npos);
  CHECK(text.str().find("  FAILED  webirc            refused") != std::string::npos);
  CHECK(text.str().find("      <one>\n      <two>\n") != std::string::npos);

  std::ostringstream json;
  print_json({found, found}, json);
  CHECK(json.str().find(R"("step":"tcp","outcome":"ok","ms":3,"text":"connected")") !=
        std::string::npos);
  CHECK(json.str().find(R"("text":"refused \"so\"\n)") != std::string::npos);
  CHECK(json.str().find(R"("lines":"<one>\n<two>\n")") != std::string::npos);
  std::ostringstream empty;
  print_json({}, empty);
  CHECK(empty.str() == "[]\n");
}

TEST_CASE("long text is broken at spaces and keeps its column", "[check]") {
  report found{"irc",
               "x",
               "",
               {{"login", outcome::failed, std::string(60, 'a') + ' ' + std::string(30, 'b'), -1}},
               {}};
  std::ostringstream text;
  print_text(found, text);
  CHECK(text.str().find(std::string(60, 'a') + '\n' + std::string(28, ' ') +
                        std::string(30, 'b')) != std::string::npos);
}
