// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/text.hpp"

#include <catch2/catch.hpp>

#include "gateway/base/utf8.hpp"

using namespace halley;
using namespace halley::irc;
using namespace std::string_literals;

namespace {

span styled(std::uint32_t start, std::uint32_t length, int style, std::uint32_t fg = span::no_color,
            std::uint32_t bg = span::no_color) {
  return {start, length, static_cast<std::uint8_t>(style), fg, bg};
}

struct format_case {
  std::string raw, text;
  std::vector<span> spans;
};

std::string joined(const std::vector<std::string_view>& pieces, std::string_view with) {
  std::string out;
  for (const auto piece : pieces) {
    if (!out.empty()) out += with;
    out += piece;
  }
  return out;
}

}  // namespace

TEST_CASE("formatting codes become spans", "[irc]") {
  const auto one = GENERATE(values<format_case>({
      {"plain", "plain", {}},
      {"\x02"
       "bold\x02 not",
       "bold not",
       {styled(0, 4, style_bold)}},
      {"\x1ditalic\x0f off", "italic off", {styled(0, 6, style_italic)}},
      {"\x02"
       "a\x1d"
       "b\x02"
       "c",
       "abc",
       {styled(0, 1, style_bold), styled(1, 1, style_bold | style_italic),
        styled(2, 1, style_italic)}},
      {"\x1fu\x1es\x11m\x16r",
       "usmr",
       {styled(0, 1, style_underline), styled(1, 1, style_underline | style_strike),
        styled(2, 1, style_underline | style_strike | style_mono),
        styled(3, 1, style_underline | style_strike | style_mono | style_reverse)}},
      {"\x03"
       "4red\x03 off",
       "red off",
       {styled(0, 3, 0, 0xff0000)}},
      {"\x03"
       "4,1red\x03",
       "red",
       {styled(0, 3, 0, 0xff0000, 0x000000)}},
      {"\x03"
       "04,99x",
       "x",
       {styled(0, 1, 0, 0xff0000)}},
      {"\x03"
       "4,x",
       ",x",
       {styled(0, 2, 0, 0xff0000)}},
      {"\x03"
       "123",
       "3",
       {styled(0, 1, 0, 0x0000fc)}},
      {"\x03"
       "52a",
       "a",
       {styled(0, 1, 0, 0xff0000)}},
      {"\x04"
       "FF8000x\x04",
       "x",
       {styled(0, 1, 0, 0xff8000)}},
      {"\x04"
       "ff8000,000102x",
       "x",
       {styled(0, 1, 0, 0xff8000, 0x000102)}},
      {"\x04"
       "12345",
       "12345",
       {}},
      {"a\x02\x02"
       "b",
       "ab",
       {}},
      {"\x02", "", {}},
      {"a\x01"
       "b\x07"
       "c\x7f\td",
       "abc\td",
       {}},
      {"\xf0\x9f\x98\x80 \x02"
       "fett\x02",
       "\xf0\x9f\x98\x80 fett",
       {styled(3, 4, style_bold)}},
      {"a\xc2\x85z", "az", {}},
  }));
  CAPTURE(one.raw);
  const formatted got = read_text(one.raw);
  CHECK(got.text == one.text);
  CHECK(got.spans == one.spans);
}

TEST_CASE("what is no UTF-8 is read as Windows-1252, as a whole", "[irc]") {
  CHECK(read_text("caf\xe9").text == "caf\xc3\xa9");
  CHECK(read_text("\x80 \x93hi\x94").text == "\xe2\x82\xac \xe2\x80\x9chi\xe2\x80\x9d");
  CHECK(read_text("\xc3\xa9 \xe9").text == "\xc3\x83\xc2\xa9 \xc3\xa9");
  CHECK(read_text("\x81").text == "\xef\xbf\xbd");
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string raw{static_cast<char>(first), static_cast<char>(second)};
      CHECK(is_utf8(read_text(raw).text));
    }
}

TEST_CASE("CTCP is told apart from text", "[irc]") {
  CHECK(read_ctcp("\x01"
                  "ACTION waves\x01")
            .verb == "ACTION");
  CHECK(read_ctcp("\x01"
                  "ACTION waves\x01")
            .rest == "waves");
  CHECK(read_ctcp("\x01VERSION\x01").verb == "VERSION");
  CHECK(read_ctcp("\x01"
                  "ACTION cut off")
            .rest == "cut off");
  CHECK(read_ctcp("hello").verb.empty());
  CHECK(read_ctcp("\x01").verb.empty());
  CHECK(read_ctcp("").verb.empty());
}

TEST_CASE("long text is cut between words, and nothing is lost", "[irc]") {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "word" + std::to_string(i) + ' ';
  text += "end";
  const auto pieces = split_text(text, 100);
  for (const auto piece : pieces) CHECK(piece.size() <= 100);
  CHECK(joined(pieces, " ") == text);
}

TEST_CASE("text without spaces is cut between characters", "[irc]") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\xf0\x9f\x98\x80\xe6\xbc\xa2";
  const auto pieces = split_text(text, 101);
  for (const auto piece : pieces) {
    CHECK(piece.size() <= 101);
    CHECK(is_utf8(piece));
  }
  CHECK(joined(pieces, "") == text);
}

TEST_CASE("what a reader sees as one character stays in one piece", "[irc]") {
  const std::string family = "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";  // woman, joiner, girl
  std::string text(20, 'x');
  text += family + family;
  const auto pieces = split_text(text, 27);  // the limit falls inside the first family
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0] == std::string(20, 'x'));
  CHECK(pieces[1] == family + family);
  const std::string accent(30, 'a');
  const std::string accented = accent + "e\xcc\x81" + "z";
  const auto marks = split_text(accented, 31);
  CHECK(marks[0] == accent);
}

TEST_CASE("lines are messages of their own, empty ones none", "[irc]") {
  const auto pieces = split_text("one\r\n\n  \ntwo\nthree", 400);
  CHECK(joined(pieces, "|") == "one|two|three");
  CHECK(split_text("\n\n", 400).empty());
  CHECK(split_text("", 400).empty());
}

TEST_CASE("the text and all around it fit the line the server relays", "[irc]") {
  const std::string nick = "alice", mask = "web@gateway/host.example", target = "#halley";
  const std::size_t size = room_for_text(512, "PRIVMSG", nick, mask.size(), target);
  const std::string line =
      ":" + nick + "!" + mask + " PRIVMSG " + target + " :" + std::string(size, 'x') + "\r\n";
  CHECK(line.size() == 512);
  CHECK(room_for_text(512, "PRIVMSG", nick, 600, target) == 32);
}
