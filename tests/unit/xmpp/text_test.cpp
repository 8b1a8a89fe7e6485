// SPDX-License-Identifier: GPL-3.0-or-later
//
// XEP-0393 marks as spans, fallbacks, actions, and the writer every outgoing value passes.
#include "bridges/xmpp/text.hpp"

#include <catch2/catch.hpp>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/xml_writer.hpp"

using namespace halley;
using namespace halley::xmpp;

namespace {

// "start+length:style" of each span.
std::string spans_of(const std::string& text) {
  std::string out;
  for (const span& s : style(text).spans) {
    out += std::to_string(s.start) + "+" + std::to_string(s.length) + ":" +
           std::to_string(s.style) + " ";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

TEST_CASE("marks become spans and stay in the text", "[xmpp_text]") {
  struct row {
    const char* text;
    const char* spans;
  };
  const row table[] = {
      {"plain", ""},
      {"*bold*", "0+6:1"},
      {"a _b_ c", "2+3:2"},
      {"~no~ `x*y*`", "0+4:8 5+6:16"},
      {"*bold _both_*", "0+6:1 6+6:3 12+1:1"},
      {"* not *", ""},
      {"*not *", ""},
      {"**", ""},
      {"2*3*4", ""},
      {"*a\nb*", ""},
      {"\xF0\x9F\x98\x80 *b*", "3+3:1"},
      {"> said\nyes", "0+6:64"},
      {"> *b*", "0+2:64 2+3:65"},
      {"```\ncode *x*\n```\nafter", "0+16:32"},
      {"```\nopen", "0+8:32"},
      {"_*nested*_", "0+1:2 1+8:3 9+1:2"},
  };
  for (const row& r : table) {
    INFO(r.text);
    CHECK(spans_of(r.text) == r.spans);
    CHECK(style(r.text).text == r.text);
  }
}

TEST_CASE("styling a hostile text takes no more than a moment", "[xmpp_text]") {
  std::string text;
  for (int i = 0; i < 8000; ++i) text += " *";
  CHECK(style(text).spans.empty());
  std::string quotes(16000, '>');
  CHECK(style(quotes).spans.size() == 1);
  std::string marks;
  for (int i = 0; i < 4000; ++i) marks += "*_~`";
  CHECK(style(marks).text.size() == marks.size());
}

TEST_CASE("control characters never reach a browser", "[xmpp_text]") {
  CHECK(style("a\x7F\r\tb\n").text == "a\tb\n");
}

TEST_CASE("a fallback is cut by code points", "[xmpp_text]") {
  CHECK(without_range("> \xC3\xA9\nyes", 0, 4) == "yes");
  CHECK(without_range("abc", 5, 9) == "abc");
  CHECK(count_code_points("\xF0\x9F\x98\x80\xC3\xA9.") == 3);
}

TEST_CASE("slash me is an action", "[xmpp_text]") {
  std::string text = "/me waves";
  CHECK(take_action(text));
  CHECK(text == "waves");
  text = "/meow";
  CHECK_FALSE(take_action(text));
}

TEST_CASE("nothing leaves the writer that could change a stanza", "[xml_writer]") {
  struct row {
    std::string in;
    std::string out;
  };
  const row table[] = {
      {"</body><x/>", "&lt;/body&gt;&lt;x/&gt;"},
      {"a&b\"c'd", "a&amp;b&quot;c&apos;d"},
      {std::string("a\0b", 3),
       "a\xEF\xBF\xBD"
       "b"},
      {"\x1B[0m", "\xEF\xBF\xBD[0m"},
      {"\xFF", "\xEF\xBF\xBD"},
      {"\xEF\xBF\xBF", "\xEF\xBF\xBD"},
      {"two\nlines", "two\nlines"},
  };
  for (const row& r : table) {
    xml_writer in_text("m");
    CHECK(in_text.text(r.in).finish() == "<m>" + r.out + "</m>");
    xml_writer in_attribute("m");
    CHECK(in_attribute.attribute("a", r.in).finish() == "<m a=\"" + r.out + "\"/>");
  }
  xml_writer nested("iq");
  nested.attribute("type", "get").attribute("to", "").open("query", "x").leaf("a", "1").open("b");
  CHECK(nested.finish() == "<iq type=\"get\"><query xmlns=\"x\"><a>1</a><b/></query></iq>");
}

TEST_CASE("rooms and nicks are named as the network names them", "[jid]") {
  CHECK(room_jid("Lobby", "rooms.example.org") == "lobby@rooms.example.org");
  CHECK(room_jid("a@b.org", "rooms.example.org") == "a@b.org");
  CHECK_FALSE(room_jid("lobby", ""));
  CHECK_FALSE(room_jid("", "rooms.example.org"));
  CHECK_FALSE(room_jid("a b", "rooms.example.org"));
  CHECK_FALSE(room_jid("a/b", "rooms.example.org"));
  CHECK_FALSE(room_jid("a@", "rooms.example.org"));
  CHECK_FALSE(room_jid("@a", "rooms.example.org"));
  CHECK_FALSE(room_jid("a@b@c", "rooms.example.org"));
  CHECK_FALSE(room_jid("a<b", "rooms.example.org"));
  CHECK_FALSE(room_jid(std::string(2000, 'a'), "rooms.example.org"));
  CHECK(prepare_nick(" Juliet \xC3\x89 ") == "Juliet \xC3\x89");
  CHECK_FALSE(prepare_nick(""));
  CHECK_FALSE(prepare_nick("   "));
  CHECK_FALSE(prepare_nick("a\x01"));
  CHECK(bare("a@b/c/d") == "a@b");
  CHECK(resource("a@b/c/d@e") == "c/d@e");
  CHECK(domain("a@b/c") == "b");
  CHECK(local("b/c@d") == "");
}
