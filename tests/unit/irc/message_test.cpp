// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/message.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace halley::irc;
using namespace std::string_literals;

namespace {

struct line_case {
  std::string line;
  std::string tags, prefix, command;
  std::vector<std::string> params;
};

std::vector<std::string> split(line_splitter& splitter, std::string_view bytes) {
  std::vector<std::string> lines;
  splitter.feed(bytes, [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  });
  return lines;
}

}  // namespace

TEST_CASE("lines are taken apart as RFC 2812 and message-tags say", "[irc]") {
  const auto one = GENERATE(values<line_case>({
      {"PING", "", "", "PING", {}},
      {"PING :a b", "", "", "PING", {"a b"}},
      {":srv 001 bob :Hi  there ", "", "srv", "001", {"bob", "Hi  there "}},
      {":a!b@c PRIVMSG #x ::)", "", "a!b@c", "PRIVMSG", {"#x", ":)"}},
      {":a!b@c PRIVMSG #x word", "", "a!b@c", "PRIVMSG", {"#x", "word"}},
      {"@time=1;+x=y :a JOIN  #x", "time=1;+x=y", "a", "JOIN", {"#x"}},
      {"@a  :b   C   d   :e", "a", "b", "C", {"d", "e"}},
      {"CMD a :", "", "", "CMD", {"a", ""}},
      {"  CMD a ", "", "", "CMD", {"a"}},
  }));
  CAPTURE(one.line);
  message got;
  REQUIRE(parse_message(one.line, got));
  CHECK(got.tags == one.tags);
  CHECK(got.prefix == one.prefix);
  CHECK(got.command == one.command);
  REQUIRE(got.count == one.params.size());
  for (std::size_t i = 0; i < got.count; ++i) CHECK(got.params[i] == one.params[i]);
}

TEST_CASE("what has no command is no line", "[irc]") {
  message got;
  for (const char* line : {"", " ", ":", ":x", "@a=b", "@a=b :x", "@", ":x "}) {
    CAPTURE(line);
    CHECK_FALSE(parse_message(line, got));
  }
}

TEST_CASE("more parameters than there is room for stay inside the last one", "[irc]") {
  std::string line = "005 me";
  for (int i = 0; i < 40; ++i) line += " T" + std::to_string(i);
  message got;
  REQUIRE(parse_message(line, got));
  CHECK(got.count == message::most_params);
  CHECK(got.last().ends_with("T39"));
  CHECK(got.last().starts_with("T22"));
}

TEST_CASE("a prefix is a server, a nick, or nick!user@host", "[irc]") {
  message got;
  REQUIRE(parse_message(":nick!user@some.host X", got));
  CHECK(got.nick() == "nick");
  CHECK(got.user_at_host() == "user@some.host");
  CHECK(got.host() == "some.host");
  CHECK_FALSE(got.from_server());
  REQUIRE(parse_message(":irc.example.org X", got));
  CHECK(got.from_server());
  REQUIRE(parse_message(":bob X", got));
  CHECK_FALSE(got.from_server());
  REQUIRE(parse_message("X", got));
  CHECK(got.from_server());
  CHECK(got.nick().empty());
}

TEST_CASE("tags are found by their whole name and unescaped; the last of equal ones counts",
          "[irc]") {
  message got;
  REQUIRE(parse_message("@time=t1;msgid=a\\sb\\:c\\\\d;empty=;bare;x=1;x=2;end=a\\ X", got));
  CHECK(got.raw_tag("time") == "t1");
  CHECK(got.tag("msgid") == "a b;c\\d");
  CHECK(got.has_tag("empty"));
  CHECK(got.has_tag("bare"));
  CHECK_FALSE(got.has_tag("bar"));
  CHECK_FALSE(got.has_tag("id"));
  CHECK(got.tag("x") == "2");
  CHECK(got.tag("end") == "a");
}

TEST_CASE("a tag value survives escaping and back", "[irc]") {
  const std::string value = "semi; space back\\slash\r\n end\\";
  std::string escaped;
  append_escaped_tag(escaped, value);
  CHECK(escaped.find_first_of("; \r\n") == std::string::npos);
  CHECK(unescape_tag(escaped) == value);
}

TEST_CASE("only three digits are a numeric", "[irc]") {
  message got;
  REQUIRE(parse_message("433 x", got));
  CHECK(got.numeric() == 433);
  for (const char* line : {"43 x", "4333 x", "4a3 x", "PING x"}) {
    REQUIRE(parse_message(line, got));
    CHECK(got.numeric() == 0);
  }
}

TEST_CASE("a line to the server is printed whole", "[irc]") {
  CHECK(outgoing("QUIT").line() == "QUIT\r\n");
  CHECK(outgoing("PRIVMSG").with("#a").text(":) hi").line() == "PRIVMSG #a ::) hi\r\n");
  CHECK(outgoing("TAGMSG").tag("+typing", "active").tag("label", "h;1").with("#a").line() ==
        "@+typing=active;label=h\\:1 TAGMSG #a\r\n");
  CHECK(outgoing("TOPIC").with("#a").text("").line() == "TOPIC #a :\r\n");
  CHECK(outgoing::whole("WHO #a").line() == "WHO #a\r\n");
}

TEST_CASE("nothing that is two lines or two parameters gets through", "[irc]") {
  const std::vector<std::string> bad{"a\rb", "a\nb", "a\0b"s, "\r", "\n"};
  for (const std::string& part : bad) {
    CAPTURE(part);
    CHECK(outgoing("PRIVMSG").with(part).text("x").line().empty());
    CHECK(outgoing("PRIVMSG").with("#a").text(part).line().empty());
    CHECK(outgoing::whole(part).line().empty());
    CHECK(outgoing("PRIVMSG").tag("k" + part, "x").with("#a").line().empty());
  }
  CHECK(outgoing("JOIN").with("#a b").line().empty());
  CHECK(outgoing("JOIN").with(":a").line().empty());
  CHECK(outgoing("JOIN").with("").line().empty());
  CHECK(outgoing::whole("  ").line().empty());
  CHECK(outgoing("X").tag("a b", "").line().empty());
  CHECK(outgoing("X").tag("a", "nul\0"s).line().empty());
}

TEST_CASE("a line that is too long is cut in its text, on a character border, or refused",
          "[irc]") {
  outgoing part("PART");
  part.with("#a").text("\xc3\xa9\xc3\xa9\xc3\xa9");
  CHECK(part.fit(16).line() == "PART #a :\xc3\xa9\xc3\xa9\r\n");
  CHECK(outgoing("PART").with("#a").text("bye").fit(512).line() == "PART #a :bye\r\n");
  CHECK(outgoing("JOIN").with(std::string(600, 'x')).fit(512).refused());
  CHECK(outgoing("X").with(std::string(600, 'x')).text("y").fit(512).refused());
}

TEST_CASE("lines are found however the bytes are cut", "[irc]") {
  const std::string stream = "PING a\r\n\r\nPING b\nPING c\r\r\n:x PRIVMSG y :z\r\nrest";
  const std::vector<std::string> wanted{"PING a", "PING b", "PING c", ":x PRIVMSG y :z"};
  for (std::size_t piece = 1; piece < stream.size(); ++piece) {
    line_splitter splitter;
    std::vector<std::string> got;
    for (std::size_t at = 0; at < stream.size(); at += piece)
      for (auto& line : split(splitter, std::string_view(stream).substr(at, piece)))
        got.push_back(line);
    CHECK(got == wanted);
  }
}

TEST_CASE("a line past the bound is an error, one at the bound is not", "[irc]") {
  const auto keep = [](std::string_view) { return true; };
  const std::string fits(line_splitter::longest, 'x');
  {
    line_splitter splitter;
    CHECK(splitter.feed(fits + "\n", keep));
  }
  {
    line_splitter splitter;
    CHECK_FALSE(splitter.feed(fits + "xx\n", keep));
  }
  {
    line_splitter splitter;
    CHECK(splitter.feed(fits, keep));
    CHECK_FALSE(splitter.feed("x", keep));
  }
}

TEST_CASE("reading stops when the reader has had enough", "[irc]") {
  line_splitter splitter;
  int lines = 0;
  CHECK(splitter.feed("a\nb\nc\n", [&](std::string_view) { return ++lines < 2; }));
  CHECK(lines == 2);
}
