// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/irc_lines.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/dialects/framing_recorder.hpp"

using namespace halley;
using namespace std::string_literals;

namespace {

struct conversation {
  explicit conversation(bool text = true, std::string webirc = "") {
    config.webirc_password = std::move(webirc);
    lines = std::make_unique<irc_lines>(config, text);
    lines->on_browser(said);
  }
  void server(std::string_view bytes) { lines->from_server(bytes, said); }
  void browser(std::string_view frame) { lines->from_browser(frame, said); }

  network config;
  framing_recorder said;
  std::unique_ptr<irc_lines> lines;
};

}  // namespace

TEST_CASE("the client's order of subprotocols decides", "[irc_lines]") {
  CHECK(choose_irc_frames({"binary.ircv3.net", "text.ircv3.net"}).subprotocol ==
        "binary.ircv3.net");
  CHECK_FALSE(choose_irc_frames({"binary.ircv3.net", "text.ircv3.net"}).text);
  CHECK(choose_irc_frames({"text.ircv3.net", "binary.ircv3.net"}).text);
  CHECK(choose_irc_frames({"xmpp", "text.ircv3.net"}).subprotocol == "text.ircv3.net");
  CHECK(choose_irc_frames({}).subprotocol.empty());
  CHECK(choose_irc_frames({}).text);
  CHECK(choose_irc_frames({"xmpp", "TEXT.ircv3.net"}).subprotocol.empty());
}

TEST_CASE("one line is one frame, however the server's bytes are cut", "[irc_lines]") {
  const std::string stream =
      ":a PRIVMSG #r :one\r\n\r\n:b PRIVMSG #r :two\n@time=x :c TAGMSG #r\r\n";
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    conversation with;
    with.server(std::string_view(stream).substr(0, cut));
    with.server(std::string_view(stream).substr(cut));
    CHECK(with.said.frames ==
          frame_list{":a PRIVMSG #r :one", ":b PRIVMSG #r :two", "@time=x :c TAGMSG #r"});
  }
}

TEST_CASE("a frame of the browser is one line, with tags up to 8191 bytes", "[irc_lines]") {
  conversation with;
  with.browser("NICK ann");
  with.browser("USER a 0 * :b\r\n");
  with.browser("");
  CHECK(with.said.take_server() == "NICK ann\r\nUSER a 0 * :b\r\n");
  const std::string tags = "@+x=" + std::string(4000, 'v') + " ";
  with.browser(tags + "PRIVMSG #r :hi");
  CHECK(with.said.take_server() == tags + "PRIVMSG #r :hi\r\n");
  with.browser("@+x=" + std::string(8192, 'v') + " PRIVMSG #r :hi");
  CHECK(with.said.server.empty());
  CHECK(with.said.ended == farewell::too_large);
}

TEST_CASE("CR, LF and NUL inside a frame are refused, in the words of IRC", "[irc_lines]") {
  for (const std::string& frame : {"NICK ann\r\nQUIT"s, "NICK a\nnn"s, "NICK a\rnn"s, "NICK a\0b"s}) {
    conversation with;
    with.browser(frame);
    CHECK(with.said.server.empty());
    REQUIRE(with.said.frames.size() == 1);
    CHECK(with.said.frames[0].starts_with("ERROR :"));
    CHECK(with.said.ended == farewell::malformed);
    with.browser("JOIN #r");
    CHECK(with.said.server.empty());
  }
}

TEST_CASE("no browser says WEBIRC", "[irc_lines]") {
  for (const char* line : {"WEBIRC x y z 1.2.3.4", "webirc x y z 1.2.3.4", "@a=b :me WebIrc x"}) {
    conversation with;
    with.browser(line);
    CHECK(with.said.server.empty());
    CHECK(with.said.ends == 1);
  }
}

TEST_CASE("text frames are UTF-8 and hold a line, binary frames have the very bytes",
          "[irc_lines]") {
  const std::string wrong = ":a PRIVMSG #r :caf\xE9 \xF0\x9F\x98";
  conversation text;
  text.server(wrong + "\r\n");
  CHECK(text.said.frames == frame_list{":a PRIVMSG #r :caf\xEF\xBF\xBD \xEF\xBF\xBD"});
  conversation binary(false);
  binary.server(wrong + "\r\n");
  CHECK(binary.said.frames == frame_list{wrong});
}

TEST_CASE("a repaired line is cut again to 510 bytes at a code point border", "[irc_lines]") {
  const std::string line = "@time=2026 :a PRIVMSG #r :" + std::string(490, '\xE9');
  const std::string body = line.substr(line.find(' ') + 1);
  const std::string repaired = repair_line(line);
  const std::string repaired_body = repaired.substr(repaired.find(' ') + 1);
  CHECK(repaired.starts_with("@time=2026 :a PRIVMSG #r :\xEF\xBF\xBD"));
  CHECK(repaired_body.size() <= 510);
  CHECK(repaired_body.size() > 510 - 3);
  CHECK(repaired_body.ends_with("\xEF\xBF\xBD"));
  // A server whose own lines are longer keeps what it had.
  const std::string longer = ":a PRIVMSG #r :" + std::string(900, 'x') + "\xE9";
  CHECK(repair_line(longer).size() <= longer.size());
  CHECK(repair_line(longer).size() >= longer.size() - 1);
}

TEST_CASE("a server that does not take the gateway's word lets nobody in", "[irc_lines]") {
  SECTION("ngIRCd says 464 and goes on") {
    conversation with(true, "secret");
    with.server(":irc 464 * :Invalid password\r\n:irc 001 ann :Welcome\r\n");
    CHECK(with.said.ends == 1);
    REQUIRE(with.said.frames.size() == 2);
    CHECK(with.said.frames[0] == ":irc 464 * :Invalid password");
    CHECK(with.said.frames[1].starts_with("ERROR :"));
  }
  SECTION("one that knows no WEBIRC") {
    conversation with(true, "secret");
    with.server(":irc 421 * WEBIRC :Unknown command\r\n");
    CHECK(with.said.ends == 1);
  }
  SECTION("an unknown command of the browser is its own business") {
    conversation with(true, "secret");
    with.server(":irc 421 * FOO :Unknown command\r\n:irc 001 ann :Welcome\r\n");
    with.server(":irc 464 ann :Wrong password for oper\r\n");
    CHECK(with.said.ends == 0);
  }
  SECTION("without WEBIRC, 464 is about the browser's PASS") {
    conversation with;
    with.server(":irc 464 * :Bad password\r\n");
    CHECK(with.said.ends == 0);
  }
}

TEST_CASE("why the connection ended reaches the browser", "[irc_lines]") {
  SECTION("in the server's words") {
    conversation with;
    with.server("ERROR :Closing link: (ann) [K-lined: spam]\r\n");
    with.lines->on_lost({failure_code::lost, "irc:6667 closed the connection.", ""}, with.said);
    CHECK(with.said.frames == frame_list{"ERROR :Closing link: (ann) [K-lined: spam]"});
    CHECK(with.said.reason == "Closing link: (ann) [K-lined: spam]");
    CHECK(with.said.ends == 1);
  }
  SECTION("in ours") {
    conversation with;
    with.lines->on_lost({failure_code::lost, "irc:6667 refused the connection.", ""}, with.said);
    CHECK(with.said.frames == frame_list{"ERROR :irc:6667 refused the connection."});
    CHECK(with.said.reason == "irc:6667 refused the connection.");
  }
}

TEST_CASE("a browser that goes away leaves with a QUIT, once", "[irc_lines]") {
  conversation with;
  CHECK(with.lines->last_words() == "QUIT :Page closed\r\n");
  with.browser("QUIT :bye");
  CHECK(with.lines->last_words().empty());
}

TEST_CASE("a quiet server is asked, its answer is kept back, and silence ends it", "[irc_lines]") {
  conversation with;
  with.lines->on_quiet(0, with.said);
  CHECK(with.said.server.empty());  // before the welcome the server has a limit of its own
  with.server(":irc 001 ann :Welcome\r\n:irc PONG irc :client-token\r\n");
  with.lines->on_quiet(0, with.said);
  const std::string question = with.said.take_server();
  CHECK(question.starts_with("PING :"));
  with.said.take_frames();
  with.server(":irc PONG irc :other\r\n:irc PONG irc " + question.substr(5));
  CHECK(with.said.frames == frame_list{":irc PONG irc :other"});
  with.lines->on_quiet(0, with.said);
  with.lines->on_quiet(1, with.said);
  CHECK(with.said.ends == 0);
  with.lines->on_quiet(2, with.said);
  CHECK(with.said.ended == farewell::lost);
}

TEST_CASE("a line without end is not collected for ever", "[irc_lines]") {
  conversation with;
  const std::string piece(1000, 'x');
  for (int i = 0; i < 20 && with.said.ends == 0; ++i) with.server(piece);
  CHECK(with.said.ended == farewell::lost);
}
