// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/isupport.hpp"

#include <catch2/catch.hpp>

#include "bridges/irc/features.hpp"

using namespace halley;
using namespace halley::irc;

namespace {

isupport from(std::string line) {
  isupport made;
  message parsed;
  line = ":srv 005 me " + line + " :are supported by this server";
  REQUIRE(parse_message(line, parsed));
  made.take(parsed);
  return made;
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

TEST_CASE("what a server says of itself is read", "[irc]") {
  const isupport got = from(
      "CASEMAPPING=ascii CHANTYPES=# PREFIX=(qaohv)~&@%+ CHANMODES=IXbegw,k,FHJLdfjl,ABC "
      "NICKLEN=30 "
      "CHANNELLEN=64 TOPICLEN=307 LINELEN=1024 TARGMAX=NAMES:1,JOIN:4,KICK: MODES=20 STATUSMSG=@+ "
      "UTF8ONLY BOT=B CHATHISTORY=100 MSGREFTYPES=timestamp,msgid EXCEPTS INVEX=I "
      "NETWORK=Some\\x20Net EXTBAN=,ACNOQRSTUacjmprsuz ELIST=CMNTU");
  CHECK(got.mapping == case_mapping::ascii);
  CHECK(got.channel_types == "#");
  CHECK(got.prefix_modes == "qaohv");
  CHECK(got.prefix_marks == "~&@%+");
  CHECK(got.list_modes == "IXbegw");
  CHECK(got.param_modes == "k");
  CHECK(got.set_modes == "FHJLdfjl");
  CHECK(got.nick_length == 30);
  CHECK(got.channel_length == 64);
  CHECK(got.topic_length == 307);
  CHECK(got.line_length == 1024);
  CHECK(got.join_targets == 4);
  CHECK(got.modes_a_line == 20);
  CHECK(got.status_marks == "@+");
  CHECK(got.utf8_only);
  CHECK(got.bot_mode == "B");
  CHECK(got.history_limit == 100);
  CHECK(got.history_references == "timestamp,msgid");
  CHECK(got.except_mode == "e");
  CHECK(got.invite_mode == "I");
  CHECK(got.network == "Some Net");
  CHECK(got == got);
  CHECK_FALSE(got == isupport{});
}

TEST_CASE("nonsense in ISUPPORT leaves something that works", "[irc]") {
  const isupport got =
      from("PREFIX= CHANMODES= NICKLEN=x LINELEN=9 MODES= TARGMAX= = ==== CHATHISTORY=");
  CHECK(got.prefix_modes.empty());
  CHECK(got.line_length == 512);
  CHECK(got.modes_a_line == 20);
  CHECK(got.nick_length == 0);
  CHECK(from("LINELEN=99999999").line_length == 4096);
}

TEST_CASE("names are folded as the server folds them", "[irc]") {
  isupport names;
  CHECK(names.fold("Ab[]\\~Z") == "ab{}|^z");
  CHECK(names.same("#Room[1]", "#rOOM{1}"));
  names.take_token("CASEMAPPING=ascii");
  CHECK(names.fold("Ab[]\\~Z") == "ab[]\\~z");
  CHECK_FALSE(names.same("a[", "a{"));
  names.take_token("CASEMAPPING=strict-rfc1459");
  CHECK(names.fold("[]\\~") == "{}|~");
  CHECK_FALSE(names.same("ab", "abc"));
}

TEST_CASE("modes and marks are roles, unknown ones above the operator too", "[irc]") {
  const isupport names = from("PREFIX=(Yqaohv)!~&@%+");
  CHECK(names.role_of_mark('@') == static_cast<int>(role::op));
  CHECK(names.role_of_mark('!') == static_cast<int>(role::owner));
  CHECK(names.role_of_mark('+') == static_cast<int>(role::voice));
  CHECK(names.role_of_mark('#') == -1);
  CHECK(names.role_of_mode('b') == -1);
  CHECK(names.mode_of_role(role::halfop) == 'h');
  CHECK(isupport{}.mode_of_role(role::owner) == '\0');
  CHECK(names.takes_value('o', false));
  CHECK(names.takes_value('b', false));
  CHECK(names.takes_value('l', true));
  CHECK_FALSE(names.takes_value('l', false));
  CHECK_FALSE(names.takes_value('n', true));
}

TEST_CASE("features follow from capabilities and ISUPPORT, and nothing else is promised", "[irc]") {
  const auto plain = features_of({}, {}, false);
  CHECK(has(plain, "topic"));
  for (const char* absent : {"typing", "data", "react", "reply", "message_ids", "history", "echo", "raw",
                             "register", "login", "mute", "timed_ban", "moderate", "edit", "retract", "contacts",
                             "account_ban", "exception_list", "invite_list", "slow"}) {
    CAPTURE(absent);
    CHECK_FALSE(has(plain, absent));
  }
  cap_set caps;
  for (const cap one :
       {cap::message_tags, cap::batch, cap::chathistory, cap::echo_message, cap::sasl})
    caps.add(one);
  const auto rich = features_of(caps, from("EXTBAN=,jmr"), true);
  for (const char* wanted : {"typing", "data", "react", "history", "echo", "login", "mute", "raw"}) {
    CAPTURE(wanted);
    CHECK(has(rich, wanted));
  }
  isupport timed;
  timed.timed_bans = true;
  CHECK(has(features_of({}, timed, false), "timed_ban"));
  cap_set redacting;
  redacting.add(cap::message_redaction);
  CHECK(has(features_of(redacting, {}, false), "moderate"));
}

TEST_CASE("how an account is banned follows from what the server says", "[irc]") {
  CHECK(account_ban_of(from("EXTBAN=,jmR")) == "R:");
  CHECK(account_ban_of(from("EXTBAN=$,ajrxz")) == "$a:");
  CHECK(account_ban_of(from("EXTBAN=~,acjmq")) == "~a:");
  CHECK(account_ban_of(from("EXTBAN=~,acjmq ACCOUNTEXTBAN=account,a")) == "~account:");
  CHECK(account_ban_of(from("EXTBAN=,ACjm")).empty());
  CHECK(account_ban_of(from("EXTBAN=~,R")).empty());
  CHECK(account_ban_of({}).empty());
  CHECK(has(features_of({}, from("EXTBAN=,jmR"), false), "account_ban"));
}

TEST_CASE("the lists and limits of a room are those the server has", "[irc]") {
  const isupport full = from("EXCEPTS=x INVEX CHANMODES=bxI,k,fl,imnt");
  CHECK(list_mode_of(full, list_kind::bans) == "b");
  CHECK(list_mode_of(full, list_kind::exceptions) == "x");
  CHECK(list_mode_of(full, list_kind::invites) == "I");
  CHECK(has(features_of({}, full, false), "exception_list"));
  CHECK(has(features_of({}, full, false), "invite_list"));
  CHECK_FALSE(has_line_limit(full));  // there +f may forward those who cannot come in
  isupport inspircd = full;
  inspircd.is_inspircd = true;
  CHECK(has_line_limit(inspircd));
  CHECK(has(features_of({}, inspircd, false), "slow"));
  inspircd.set_modes = "l";
  CHECK_FALSE(has_line_limit(inspircd));
}

TEST_CASE("client-only tags that a server denies are not promised", "[irc]") {
  cap_set caps;
  caps.add(cap::message_tags);
  const auto all_but_one = features_of(caps, from("CLIENTTAGDENY=*,-typing"), false);
  CHECK(has(all_but_one, "typing"));
  CHECK_FALSE(has(all_but_one, "data"));
  CHECK_FALSE(has(all_but_one, "react"));
  const auto one = features_of(caps, from("CLIENTTAGDENY=halley/data"), false);
  CHECK(has(one, "reply"));
  CHECK_FALSE(has(one, "data"));
  CHECK(has(features_of(caps, from("CLIENTTAGDENY="), false), "data"));
}

TEST_CASE("each kind of server silences people in its own way", "[irc]") {
  CHECK(mute_form_of(from("EXTBAN=,jmr")).before_mask == "m:");
  CHECK(mute_form_of(from("EXTBAN=~,cqr")).before_mask == "~q:");
  CHECK(mute_form_of(from("CHANMODES=eIbq,k,l,imn EXTBAN=$,ajr")).mode == "q");
  CHECK(mute_form_of(isupport{}).mode.empty());
}
