// SPDX-License-Identifier: GPL-3.0-or-later
//
// Registrations as dialogues: what the server says, and what we say to it.
#include "bridges/irc/registration.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;
using outcome = registration::outcome;

namespace {

struct dialogue {
  explicit dialogue(visitor v = {}, network n = {}) : who(std::move(v)), config(std::move(n)) {
    if (who.nick.empty()) who.nick = "alice";
    if (who.address.empty()) who.address = "192.0.2.7";
    one = std::make_unique<registration>(config, who, who.nick);
    one->begin(said);
  }
  // Returns what we say to this.
  std::string says(std::string line) {
    message parsed;
    REQUIRE(parse_message(line, parsed));
    std::string out;
    last = one->take(parsed, out);
    return out;
  }
  void welcome() {
    says(":irc.test 001 alice :Welcome to the Net alice!web@192.0.2.7");
    says(":irc.test 004 alice irc.test v1 iosw biklmnopstv");
    says(":irc.test 005 alice NICKLEN=30 CASEMAPPING=ascii :are supported");
    says(":irc.test 375 alice :- irc.test message of the day");
    says(":irc.test 372 alice :- Hello");
    says(":irc.test 372 alice :- World");
    says(":irc.test 376 alice :End of MOTD");
  }
  visitor who;
  network config;
  std::unique_ptr<registration> one;
  std::string said;
  outcome last = outcome::going_on;
};

network with_webirc() {
  network config;
  config.webirc_password = "secret";
  return config;
}

visitor with_account() {
  visitor who;
  who.nick = "alice";
  who.account = "al";
  who.password = "pw";
  return who;
}

}  // namespace

TEST_CASE("all that can be said at once is said at once", "[irc]") {
  dialogue d;
  CHECK(d.said == "CAP LS 302\r\nNICK alice\r\nUSER web 0 * :web visitor\r\n");
}

TEST_CASE("WEBIRC comes first, with five parameters", "[irc]") {
  struct {
    std::string address, printed;
    bool secure;
  } const cases[] = {{"192.0.2.7", "192.0.2.7", false},
                     {"2001:db8::1", "2001:db8::1", true},
                     {"::1", "0::1", false},
                     {"::ffff:192.0.2.7", "192.0.2.7", false},
                     {"fe80::1%eth0", "fe80::1", false}};
  for (const auto& one : cases) {
    CAPTURE(one.address);
    visitor who;
    who.address = one.address;
    who.secure = one.secure;
    dialogue d(who, with_webirc());
    CHECK(d.said.starts_with("WEBIRC secret halley " + one.printed + " " + one.printed + " :" +
                             (one.secure ? "secure" : "") + "\r\nCAP LS 302\r\n"));
  }
}

TEST_CASE("a refused gateway password is final: nobody comes in unmasked", "[irc]") {
  for (const char* line :
       {":irc.test 464 * :Invalid password", ":irc.test 421 * WEBIRC :Unknown command",
        "ERROR :Closing link: (unknown@127.0.0.1) [WEBIRC: incorrect password]"}) {
    CAPTURE(line);
    dialogue d({}, with_webirc());
    d.says(line);
    CHECK(d.last == outcome::failed);
    CHECK(d.one->step() == login_step::gateway_password);
    CHECK(d.one->what_follows() == fate::never);
  }
}

TEST_CASE("only what is offered is asked for, also over several lines", "[irc]") {
  dialogue d;
  CHECK(d.says(":s CAP * LS * :message-tags batch x.test/unknown").empty());
  CHECK(d.says(":s CAP * LS :server-time sasl=PLAIN echo-message") ==
        "CAP REQ :message-tags server-time echo-message batch\r\n");
  CHECK(d.says(":s CAP alice ACK :message-tags server-time echo-message batch") == "CAP END\r\n");
  d.welcome();
  CHECK(d.last == outcome::done);
  CHECK(d.one->caps().has(cap::batch));
  CHECK_FALSE(d.one->caps().has(cap::away_notify));
  CHECK(d.one->support().nick_length == 30);
  CHECK(d.one->server() == "irc.test");
  CHECK(d.one->motd() == "Hello\nWorld");
  CHECK(d.one->user_at_host() == std::string("web@192.0.2.7").size());
}

TEST_CASE("a server without capabilities is fine", "[irc]") {
  dialogue d;
  CHECK(d.says(":s CAP * LS :") == "CAP END\r\n");
  dialogue old;
  CHECK(old.says(":s 421 alice CAP :Unknown command").empty());
  old.welcome();
  CHECK(old.last == outcome::done);
}

TEST_CASE("when all together are refused each is asked for alone", "[irc]") {
  dialogue d;
  d.says(":s CAP * LS :batch chghost");
  CHECK(d.says(":s CAP * NAK :batch chghost") == "CAP REQ :batch\r\nCAP REQ :chghost\r\n");
  CHECK(d.says(":s CAP * NAK :batch").empty());
  CHECK(d.says(":s CAP * ACK :chghost") == "CAP END\r\n");
  CHECK(d.one->caps().has(cap::chghost));
  CHECK_FALSE(d.one->caps().has(cap::batch));
}

TEST_CASE("SASL PLAIN logs in before CAP END", "[irc]") {
  dialogue d(with_account());
  CHECK(d.says(":s CAP * LS :sasl=PLAIN,EXTERNAL") == "CAP REQ :sasl\r\n");
  CHECK(d.says(":s CAP * ACK :sasl") == "AUTHENTICATE PLAIN\r\n");
  CHECK(d.says("AUTHENTICATE +") == "AUTHENTICATE YWwAYWwAcHc=\r\n");
  CHECK(d.says(":s 900 alice alice!u@h al :You are now logged in as al").empty());
  CHECK(d.says(":s 903 alice :SASL authentication successful") == "CAP END\r\n");
  d.welcome();
  CHECK(d.last == outcome::done);
  CHECK(d.one->account() == "al");
}

TEST_CASE("a wrong account password is final and says so", "[irc]") {
  dialogue d(with_account());
  d.says(":s CAP * LS :sasl");
  d.says(":s CAP * ACK :sasl");
  d.says("AUTHENTICATE +");
  d.says(":s 904 alice :SASL authentication failed");
  CHECK(d.last == outcome::failed);
  CHECK(d.one->step() == login_step::sasl);
  CHECK(d.one->why().code == failure_code::bad_password);
  CHECK(d.one->what_follows() == fate::never);
}

TEST_CASE("who gave an account does not come in without it", "[irc]") {
  dialogue no_sasl(with_account());
  no_sasl.says(":s CAP * LS :multi-prefix");
  no_sasl.says(":s CAP * ACK :multi-prefix");
  CHECK(no_sasl.last == outcome::failed);
  CHECK(no_sasl.one->why().code == failure_code::not_supported);
  dialogue no_plain(with_account());
  no_plain.says(":s CAP * LS :sasl=EXTERNAL");
  no_plain.says(":s CAP * ACK :sasl");
  CHECK(no_plain.last == outcome::failed);
  dialogue no_caps(with_account());
  no_caps.says(":s 001 alice :Welcome");
  CHECK(no_caps.last == outcome::failed);
}

TEST_CASE("credentials longer than 400 bytes go in pieces", "[irc]") {
  const auto lines_for = [](std::size_t password) {
    std::string out;
    append_sasl_answer(out, {"a", std::string(password, 'p')});
    std::vector<std::size_t> sizes;
    for (std::size_t at = 0; at < out.size();) {
      const std::size_t end = out.find("\r\n", at);
      sizes.push_back(end - at - std::string("AUTHENTICATE ").size());
      at = end + 2;
    }
    return sizes;
  };
  CHECK(lines_for(10) == std::vector<std::size_t>{20});
  CHECK(lines_for(296) ==
        std::vector<std::size_t>{400, 1});  // 300 bytes: exactly one piece, then +
  CHECK(lines_for(400) == std::vector<std::size_t>{400, 140});
}

TEST_CASE("a name in use is varied until one is free", "[irc]") {
  dialogue d;
  CHECK(d.says(":s 433 * alice :Nickname is already in use.") == "NICK alice_\r\n");
  CHECK(d.says(":s 433 * alice_ :Nickname is already in use.") == "NICK alice__\r\n");
  CHECK(d.says(":s 433 * alice__ :Nickname is already in use.") == "NICK alice3\r\n");
  CHECK(d.says(":s 433 * alice3 :Nickname is already in use.") == "NICK alice4\r\n");
  for (int i = 5; i < 40 && d.last == outcome::going_on; ++i) d.says(":s 433 * x :In use");
  CHECK(d.last == outcome::failed);
  CHECK(d.one->why().code == failure_code::nick_in_use);
}

TEST_CASE("a variation too long for the server is followed by a shorter one", "[irc]") {
  visitor who;
  who.nick = "ninechars";
  dialogue d(who);
  CHECK(d.says(":s 433 * ninechars :In use") == "NICK ninechars_\r\n");
  CHECK(d.says(":s 432 * ninechars_ :Erroneous nickname") == "NICK ninechar2\r\n");
}

TEST_CASE("a name the server does not allow is final", "[irc]") {
  dialogue d;
  d.says(":s 432 * alice :Erroneous nickname");
  CHECK(d.last == outcome::failed);
  CHECK(d.one->why().code == failure_code::bad_nick);
  CHECK(d.one->why().field == "nick");
  CHECK(d.one->what_follows() == fate::never);
}

TEST_CASE("bans are final, a full server is not", "[irc]") {
  dialogue banned;
  banned.says(":s 465 alice :You are banned from this server");
  CHECK(banned.one->what_follows() == fate::never);
  CHECK(banned.one->why().code == failure_code::banned);
  dialogue z_line;
  z_line.says("ERROR :Closing link: (u@h) [Z-Lined: go away]");
  CHECK(z_line.one->what_follows() == fate::never);
  dialogue full;
  full.says("ERROR :Closing link: (u@h) [No more connections allowed in your connection class]");
  CHECK(full.last == outcome::failed);
  CHECK(full.one->what_follows() == fate::slow_down);
  CHECK(full.one->why().text.find("No more connections") != std::string::npos);
}

TEST_CASE("a PING before the welcome is answered", "[irc]") {
  dialogue d;
  CHECK(d.says("PING :cookie 1") == "PONG :cookie 1\r\n");
}

TEST_CASE("templates of the configuration are filled", "[irc]") {
  CHECK(fill_template("%h", "alice", "192.0.2.7") == "c0000207");
  CHECK(fill_template("web-%n", "alice", "x") == "web-alice");
  CHECK(fill_template("%h", "alice", "2001:db8::1").empty());
  CHECK(fill_template("100%", "alice", "") == "100%");
}

TEST_CASE("InspIRCd is asked for TBAN, which it does not announce", "[irc]") {
  struct {
    std::string answer;
    bool timed_bans;
  } const cases[] = {{":irc.test 461 alice TBAN :Not enough parameters.", true},
                     {":irc.test 421 alice TBAN :Unknown command", false},
                     {":irc.test PONG irc.test :TBAN", false}};
  for (const auto& one : cases) {
    CAPTURE(one.answer);
    dialogue d;
    d.says(":irc.test 001 alice :Welcome to the Net alice!web@192.0.2.7");
    d.says(":irc.test 004 alice irc.test InspIRCd-3 iosw biklmnopstv :bklo");
    d.says(":irc.test 376 alice :End of MOTD");
    REQUIRE(d.last == outcome::done);
    REQUIRE(d.one->may_know_tban());
    std::string out;
    d.one->ask_for_tban(out);
    CHECK(out == "TBAN\r\nPING :TBAN\r\n");
    d.says(":irc.test 396 alice host :is now your displayed host");
    CHECK(d.last == outcome::going_on);
    d.says(one.answer);
    CHECK(d.last == outcome::done);
    CHECK_FALSE(d.one->may_know_tban());
    CHECK(d.one->support().timed_bans == one.timed_bans);
  }
}

TEST_CASE("no other server is asked for TBAN", "[irc]") {
  dialogue d;
  d.welcome();
  REQUIRE(d.last == outcome::done);
  CHECK_FALSE(d.one->may_know_tban());
  d.says(":irc.test 421 alice TBAN :Unknown command");
  CHECK(d.last == outcome::going_on);
}
