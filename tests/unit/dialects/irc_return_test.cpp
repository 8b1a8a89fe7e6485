// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/irc_return.hpp"

#include <catch2/catch.hpp>

#include "gateway/dialects/irc_lines.hpp"
#include "tests/unit/dialects/framing_recorder.hpp"

using namespace halley;

namespace {

struct conversation {
  conversation() {
    config.quit_text = "Page closed";
    lines.on_browser(said);
  }
  frame_list server(std::string_view bytes) {
    lines.from_server(bytes, said);
    return said.take_frames();
  }
  frame_list browser(std::string_view frame) {
    lines.from_browser(frame, said);
    return said.take_frames();
  }
  void agree() {
    browser("CAP LS 302");
    server(":irc CAP * LS :multi-prefix\r\n");
    browser("CAP REQ :draft/resume-0.5");
    said.take_server();
  }
  void enter() {
    agree();
    server(":irc 001 ann :Welcome ann\r\n:irc 005 ann NICKLEN=9 :are supported\r\n"
           ":ann!a@h JOIN #r\r\n:irc 332 ann #r :old topic\r\n:irc 366 ann #r :End\r\n");
  }

  network config;
  framing_recorder said;
  irc_lines lines{config, true};
};

}  // namespace

TEST_CASE("the capability stands in the last line of the server's list", "[irc_return]") {
  conversation with;
  with.browser("CAP LS 302");
  CHECK(with.server(":irc CAP * LS * :a b\r\n:irc CAP * LS :c\r\n") ==
        frame_list{":irc CAP * LS * :a b", ":irc CAP * LS :c draft/resume-0.5"});
  CHECK(with.server(":irc CAP * LS :\r\n") == frame_list{":irc CAP * LS :draft/resume-0.5"});
  const std::string full = ":irc CAP * LS :" + std::string(490, 'x');
  CHECK(with.server(full + "\r\n") ==
        frame_list{":irc CAP * LS * :draft/resume-0.5", full});
}

TEST_CASE("a server that has the capability itself is left alone", "[irc_return]") {
  conversation with;
  const frame_list list{":irc CAP * LS :draft/resume-0.5 sasl"};
  CHECK(with.server(list[0] + "\r\n") == list);
  with.browser("CAP REQ :draft/resume-0.5");
  with.browser("RESUME token");
  CHECK(with.said.take_server() == "CAP REQ :draft/resume-0.5\r\nRESUME token\r\n");
}

TEST_CASE("a request for it alone is answered here, one with others by both", "[irc_return]") {
  conversation with;
  with.server(":irc CAP * LS :sasl\r\n");
  CHECK(with.browser("CAP REQ :draft/resume-0.5") ==
        frame_list{":irc CAP * ACK :draft/resume-0.5", ":irc RESUME TOKEN token-1"});
  CHECK(with.said.take_server().empty());
  conversation both;
  CHECK(both.browser("CAP REQ :sasl draft/resume-0.5 x").empty());
  CHECK(both.said.take_server() == "CAP REQ :sasl x\r\n");
  CHECK(both.server(":irc CAP * ACK :sasl x\r\n") ==
        frame_list{":irc CAP * ACK :sasl x draft/resume-0.5", ":irc RESUME TOKEN token-1"});
  conversation refused;
  refused.browser("CAP REQ :sasl draft/resume-0.5");
  CHECK(refused.server(":irc CAP * NAK :sasl\r\n") ==
        frame_list{":irc CAP * NAK :sasl draft/resume-0.5"});
  CHECK(refused.said.tokens == 0);
}

TEST_CASE("after the welcome it is too late to ask", "[irc_return]") {
  conversation with;
  with.server(":irc CAP * LS :\r\n:irc 001 ann :Welcome\r\n");
  CHECK(with.browser("CAP REQ :draft/resume-0.5") ==
        frame_list{":irc CAP * NAK :draft/resume-0.5"});
}

TEST_CASE("while the browser is away the server's questions are answered for it", "[irc_return]") {
  conversation with;
  with.enter();
  with.lines.on_away(with.said);
  CHECK(with.server("PING :still there\r\n:b!b@h PRIVMSG #r :hi\r\n") ==
        frame_list{":b!b@h PRIVMSG #r :hi"});
  CHECK(with.said.take_server() == "PONG :still there\r\n");
}

TEST_CASE("who comes back hears where he stands now", "[irc_return]") {
  conversation with;
  with.enter();
  with.lines.on_away(with.said);
  with.server(":ann!a@h NICK anna\r\n:anna!a@h JOIN #s\r\n:x!x@h TOPIC #r :new topic\r\n"
              ":x!x@h KICK #s anna :out\r\n");
  missed_frames missed{{"@time=2026-01-01T00:00:01.000Z :b PRIVMSG #r :seen",
                        "@a=b;time=2026-01-01T00:00:02.000Z :b PRIVMSG #r :at",
                        ":b PRIVMSG #r :without a time"},
                       true};
  with.said.take_server();
  with.lines.on_resumed(missed, "2026-01-01T00:00:02.000Z", with.said);
  CHECK(with.said.take_frames() ==
        frame_list{":irc RESUME SUCCESS anna", ":irc RESUME TOKEN token-2",
                   ":irc 001 anna :Welcome ann", ":irc 005 anna NICKLEN=9 :are supported",
                   ":irc 376 anna :End of message of the day.", ":anna!a@h JOIN #r",
                   ":irc 332 anna #r :new topic",
                   ":irc WARN RESUME HISTORY_LOST :Some of what was said meanwhile is lost"});
  CHECK(with.said.take_server() == "NAMES #r\r\n");
  REQUIRE(missed.frames.size() == 2);
  CHECK(missed.frames[0].find(":at") != std::string::npos);
  // The rest of a login that became a return.
  with.browser("NICK bob");
  with.browser("USER bob 0 * :b");
  with.browser("CAP END");
  CHECK(with.said.take_server().empty());
  with.browser("NICK bob");
  CHECK(with.said.take_server() == "NICK bob\r\n");
}

TEST_CASE("a login does not wait for a browser that is gone", "[irc_return]") {
  conversation with;
  with.agree();
  with.lines.on_away(with.said);
  CHECK(with.said.ends == 1);
}

TEST_CASE("a token opens another conversation or is refused in the draft's words", "[irc_return]") {
  conversation with;
  with.browser("RESUME good 2026-01-01T00:00:02.000Z");
  CHECK(with.said.resumed == frame_list{"good 2026-01-01T00:00:02.000Z"});
  CHECK(with.said.connected.empty());  // who comes back needs no other connection
  with.said.has_other = false;
  for (const char* line : {"RESUME bad", "RESUME"}) {
    const auto frames = with.browser(line);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].find("FAIL RESUME INVALID_TOKEN :") != std::string::npos);
  }
  with.server(":irc 001 ann :Welcome\r\n");
  CHECK(with.browser("RESUME good")[0].find("REGISTRATION_IS_COMPLETED") != std::string::npos);
}

TEST_CASE("BRB says how long, and its words become the QUIT of who stays away", "[irc_return]") {
  conversation with;
  with.enter();
  CHECK(with.browser("BRB :new version") == frame_list{":irc BRB 60"});
  CHECK(with.said.let_go == 1);
  CHECK(with.lines.last_words() == "QUIT :new version\r\n");
  conversation without;
  without.browser("BRB :x");
  CHECK(without.said.take_server() == "BRB :x\r\n");
}
