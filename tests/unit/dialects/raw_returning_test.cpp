// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which token brings a browser back, whose connection may break before it has read the next one.
#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/dialects/irc_lines.hpp"
#include "gateway/dialects/xmpp_frames.hpp"
#include "gateway/session/raw_conversation.hpp"
#include "tests/unit/dialects/raw_house.hpp"

using namespace halley;

namespace {

std::string behind(const std::string& text, std::string_view mark, char end) {
  const std::size_t at = text.find(mark);
  REQUIRE(at != std::string::npos);
  const std::size_t from = at + mark.size();
  return text.substr(from, text.find(end, from) - from);
}

std::size_t count_of(const texts& all, std::string_view part) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [part](const std::string& one) {
    return one.find(part) != std::string::npos;
  }));
}

struct house : raw_house {
  void begin(recorded_leg& leg, std::unique_ptr<framing> speech, tunnel_network* network) {
    visitor who;
    who.address = "192.0.2.1";
    auto place = table.take_place(who.address);
    REQUIRE(place.has_value());
    add(std::make_unique<raw_conversation>(context, std::move(speech), who, network,
                                           *std::move(place)),
        leg);
  }

 protected:
  ~house() = default;
};

struct xmpp_house final : house, domain_directory {
  xmpp_house() { at.settings.kind = network_kind::xmpp; }
  const network* settings_of(std::string_view) const override { return &at.settings; }

  void enter(recorded_leg& leg) { begin(leg, std::make_unique<xmpp_frames>(*this), nullptr); }
  // A page on a running stream; its token.
  std::string agree(recorded_leg& leg) {
    enter(leg);
    leg.say("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a.test' version='1.0'/>");
    at.servers.back()->opens();
    at.servers.back()->says_bytes(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "id='s1' from='a.test' version='1.0'>");
    leg.take();
    leg.say("<enable xmlns='urn:halley:resume:1'/>");
    return behind(leg.take().at(0), " id=\"", '"');
  }
  // The token it is given, or nothing.
  std::string come(recorded_leg& leg, const std::string& token) {
    enter(leg);
    leg.say("<resume xmlns='urn:halley:resume:1' id='" + token + "' h='0'/>");
    settle();
    const texts said = leg.take();
    REQUIRE_FALSE(said.empty());
    return said[0].starts_with("<resumed ") ? behind(said[0], " id=\"", '"') : std::string();
  }
};

struct irc_house final : house {
  void enter(recorded_leg& leg) {
    begin(leg, std::make_unique<irc_lines>(at.settings, true), &at);
  }
  std::string agree(recorded_leg& leg) {
    enter(leg);
    leg.say("CAP LS 302");
    at.servers.back()->opens();
    at.servers.back()->says(":irc CAP * LS :multi-prefix");
    leg.say("CAP REQ :draft/resume-0.5");
    const std::string token = behind(leg.take().back(), "RESUME TOKEN ", ' ');
    at.servers.back()->says(":irc 001 ann :Welcome ann");
    leg.take();
    return token;
  }
  std::string come(recorded_leg& leg, const std::string& token) {
    enter(leg);
    leg.say("RESUME " + token);
    // All of this may have been said before any answer was read.
    for (const char* line : {"CAP LS 302", "NICK ann", "USER a 0 * :a", "CAP END"}) leg.say(line);
    settle();
    told = leg.take();
    const auto line = std::find_if(told.begin(), told.end(), [](const std::string& one) {
      return one.find("RESUME TOKEN ") != std::string::npos;
    });
    return line == told.end() ? std::string() : behind(*line, "RESUME TOKEN ", ' ');
  }
  texts told;
};

}  // namespace

TEMPLATE_TEST_CASE("the token a page came with holds until it has shown that it has the next one",
                   "[raw]", xmpp_house, irc_house) {
  TestType h;
  recorded_leg first, second, third, other;
  const std::string token = h.agree(first);
  first.breaks();
  const std::string next = h.come(second, token);
  REQUIRE_FALSE(next.empty());
  CHECK(next != token);
  SECTION("it never read the next one") {
    second.breaks();
    const std::string last = h.come(third, token);
    REQUIRE_FALSE(last.empty());
    third.breaks();
    CHECK(h.come(other, next).empty());  // nobody has that
    CHECK_FALSE(h.come(second, last).empty());
  }
  SECTION("it takes the place of a connection that nobody has missed") {
    CHECK_FALSE(h.come(third, token).empty());
    CHECK(second.ended == "Resumed by another connection");
  }
  SECTION("it has said something") {
    second.say(std::is_same_v<TestType, irc_house> ? "PONG :x" : "<presence/>");
    CHECK(h.come(other, token).empty());
    CHECK_FALSE(h.come(third, next).empty());
  }
  SECTION("it comes with the next one") {
    second.breaks();
    CHECK_FALSE(h.come(third, next).empty());
    third.breaks();
    CHECK(h.come(other, token).empty());
    CHECK_FALSE(h.come(second, next).empty());
  }
  SECTION("when it is over there is none") {
    second.breaks(true);
    CHECK(h.come(third, token).empty());
    CHECK(h.come(other, next).empty());
  }
}

TEST_CASE("a page counts as having its next token by any word of the extension, but not by asking again",
          "[raw]") {
  xmpp_house h;
  recorded_leg first, second, other;
  const std::string token = h.agree(first);
  first.breaks();
  REQUIRE_FALSE(h.come(second, token).empty());
  second.say("<resume xmlns='urn:halley:resume:1' id='" + token + "' h='0'/>");
  SECTION("the same request once more") { CHECK_FALSE(h.come(other, token).empty()); }
  SECTION("an acknowledgement") {
    second.say("<a xmlns='urn:halley:resume:1' h='0'/>");
    CHECK(h.come(other, token).empty());
  }
}

TEST_CASE("what a return itself is told is told anew, and not kept", "[raw]") {
  irc_house h;
  recorded_leg first, second, third;
  const std::string token = h.agree(first);
  first.has = 0;  // nothing is known to have arrived
  first.breaks();
  h.at.servers[0]->says(":b!b@h PRIVMSG ann :missed");
  h.come(second, token);
  second.breaks();
  h.come(third, token);
  for (const char* once : {" RESUME SUCCESS ", " RESUME TOKEN ", " PRIVMSG ann :missed"}) {
    INFO(once);
    CHECK(count_of(h.told, once) == 1);
  }
}
