// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/translate.hpp"

#include <catch2/catch.hpp>

#include "bridges/irc/numerics.hpp"

using namespace halley;
using namespace halley::irc;

namespace {

constexpr unix_ms arrived = 1000;

isupport names() {
  isupport made;
  made.take_token("STATUSMSG=@+");
  made.take_token("PREFIX=(qaohv)~&@%+");
  made.take_token("CHANMODES=beI,k,l,imnpst");
  return made;
}

std::optional<event> told(const std::string& line) {
  static std::string kept;
  kept = line;
  message parsed;
  REQUIRE(parse_message(kept, parsed));
  return translate(word_of(parsed.command), parsed, names(), arrived);
}

template <class Event>
Event as(const std::string& line) {
  auto got = told(line);
  REQUIRE(got);
  REQUIRE(std::holds_alternative<Event>(*got));
  return std::get<Event>(std::move(*got));
}

}  // namespace

TEST_CASE("a line to a room is said there", "[irc]") {
  const auto said = as<said_event>(
      "@time=2026-11-21T02:03:04.567Z;msgid=x1;account=bobby;+draft/reply=x0 "
      ":bob!b@h PRIVMSG #room :hello \x02you");
  CHECK(said.where == place{"#room", true});
  CHECK(said.from == "bob");
  CHECK(said.body.text == "hello you");
  CHECK(said.body.spans.size() == 1);
  CHECK(said.kind == said_kind::message);
  CHECK(said.id == "x1");
  CHECK(said.account == "bobby");
  CHECK(said.reply_to == "x0");
  CHECK(said.at == parse_iso_time("2026-11-21T02:03:04.567Z"));
  CHECK_FALSE(said.self);
}

TEST_CASE("a line without a time has that of its arrival", "[irc]") {
  CHECK(as<said_event>(":bob!b@h PRIVMSG #room :x").at == arrived);
  CHECK(as<said_event>("@time=nonsense :bob!b@h PRIVMSG #room :x").at == arrived);
}

TEST_CASE("a line to me is a conversation with its sender", "[irc]") {
  CHECK(as<said_event>(":bob!b@h PRIVMSG alice :x").where == place{"bob", false});
}

TEST_CASE("notices, actions and those with a status are told apart", "[irc]") {
  CHECK(as<said_event>(":bob!b@h NOTICE #room :x").kind == said_kind::notice);
  const auto action = as<said_event>(
      ":bob!b@h PRIVMSG #room :\x01"
      "ACTION waves\x01");
  CHECK(action.kind == said_kind::action);
  CHECK(action.body.text == "waves");
  const auto ops = as<said_event>(":bob!b@h PRIVMSG @#room :x");
  CHECK(ops.where == place{"#room", true});
  CHECK(ops.audience == "@");
  CHECK_FALSE(told(":bob!b@h PRIVMSG #room :\x01VERSION\x01"));
  CHECK(as<notice_event>(":irc.test NOTICE alice :look out").kind == "server");
}

TEST_CASE("coming and going", "[irc]") {
  const auto joined = as<joined_event>(":bob!b@h JOIN #room bobby :Bob B.");
  CHECK(joined.room == "#room");
  CHECK(joined.account == "bobby");
  CHECK(joined.real_name == "Bob B.");
  CHECK(as<joined_event>(":bob!b@h JOIN :#room").room == "#room");
  CHECK(as<joined_event>(":bob!b@h JOIN #room * :x").account.empty());
  const auto left = as<left_event>(
      ":bob!b@h PART #room :bye \x03"
      "4now");
  CHECK(left.room == "#room");
  CHECK(left.text == "bye now");
  const auto gone = as<left_event>(":bob!b@h QUIT :Ping timeout");
  CHECK(gone.room.empty());
  CHECK(gone.from == "bob");
  const auto kicked = as<kicked_event>(":bob!b@h KICK #room carol :out");
  CHECK(kicked.who == "carol");
  CHECK(kicked.text == "out");
  const auto nick = as<nick_event>(":bob!b@h NICK :rob");
  CHECK(nick.to == "rob");
  CHECK(nick.room.empty());
}

TEST_CASE("modes are changes, those that are roles say so", "[irc]") {
  const auto mode = as<mode_event>(":bob!b@h MODE #room +ov-b+lk-m carol dave x!*@* 5 key");
  REQUIRE(mode.changes.size() == 6);
  CHECK(mode.changes[0].as_role == static_cast<int>(role::op));
  CHECK(mode.changes[0].value == "carol");
  CHECK(mode.changes[1].as_role == static_cast<int>(role::voice));
  CHECK(mode.changes[1].value == "dave");
  CHECK_FALSE(mode.changes[2].set);
  CHECK(mode.changes[2].value == "x!*@*");
  CHECK(mode.changes[3].value == "5");
  CHECK(mode.changes[4].value == "key");
  CHECK(mode.changes[5].mode == "m");
  CHECK(mode.changes[5].value.empty());
  CHECK_FALSE(told(":alice MODE alice +i"));
}

TEST_CASE("what changes about a person is presence", "[irc]") {
  const auto away = as<presence_event>(":bob!b@h AWAY :lunch");
  CHECK(away.away == 1);
  CHECK(away.text == "lunch");
  CHECK(as<presence_event>(":bob!b@h AWAY").away == 0);
  const auto account = as<presence_event>(":bob!b@h ACCOUNT bobby");
  CHECK(account.has_account);
  CHECK(account.account == "bobby");
  CHECK(as<presence_event>(":bob!b@h ACCOUNT *").account.empty());
  CHECK(as<presence_event>(":bob!b@h SETNAME :New Name").real_name == "New Name");
}

TEST_CASE("data is a type and a value", "[irc]") {
  const auto data = as<data_event>(
      "@time=2026-11-21T00:00:00.000Z;+halley/data=sketch\\s{\"a\":\"b\\:\\s\\\\n\"} :bob!b@h TAGMSG #room");
  CHECK(data.where == place{"#room", true});
  CHECK(data.from == "bob");
  CHECK(data.type == "sketch");
  CHECK(data.value == R"({"a":"b; \n"})");
  CHECK(data.at == 1795219200000);
  CHECK(as<data_event>("@+halley/data=x\\s1 :bob!b@h TAGMSG alice").where == place{"bob", false});
  for (const char* bad : {"@+halley/data :bob!b@h TAGMSG #room", "@+halley/data=x :bob!b@h TAGMSG #room",
                          "@+halley/data=\\s1 :bob!b@h TAGMSG #room"})
    CHECK_FALSE(told(bad));
  CHECK_FALSE(told("@+halley/data=" + std::string(65, 'x') + "\\s1 :bob!b@h TAGMSG #room"));
}

TEST_CASE("typing, reactions, redactions", "[irc]") {
  CHECK(as<typing_event>("@+typing=active :bob!b@h TAGMSG #room").state == typing_state::active);
  CHECK(as<typing_event>("@+typing=done :bob!b@h TAGMSG alice").where == place{"bob", false});
  const auto reacted = as<reacted_event>("@+draft/reply=x1;+draft/react=:) :bob!b@h TAGMSG #room");
  CHECK(reacted.id == "x1");
  CHECK(reacted.reactions == std::vector<std::string>{":)"});
  CHECK_FALSE(told("@+draft/react=:) :bob!b@h TAGMSG #room"));
  CHECK(as<retracted_event>(":bob!b@h REDACT #room x1 :oops").id == "x1");
}

TEST_CASE("a NAMES entry gives roles, nick and mask", "[irc]") {
  std::string_view mask;
  const member one = read_names_entry("@+bob!b@h", names(), mask);
  CHECK(one.nick == "bob");
  CHECK(one.roles.has(role::op));
  CHECK(one.roles.has(role::voice));
  CHECK(mask == "b@h");
  CHECK(read_names_entry("carol", names(), mask).roles.empty());
  CHECK(mask.empty());
}

TEST_CASE("no text of a server becomes invalid UTF-8", "[irc]") {
  const auto said = as<said_event>("@msgid=\xff :b\xe9!u@h PRIVMSG #r\xe9 :caf\xe9");
  CHECK(said.from == "b\xc3\xa9");
  CHECK(said.where.name == "#r\xc3\xa9");
  CHECK(said.body.text == "caf\xc3\xa9");
  CHECK(said.id == "\xc3\xbf");
}

TEST_CASE("what goes to many can be shared, the rest not", "[irc]") {
  struct {
    std::string line;
    bool shared;
  } const cases[] = {{":b!u@h PRIVMSG #r :x", true},  {":b!u@h PRIVMSG me :x", false},
                     {":b!u@h PRIVMSG @#r :x", true}, {":b!u@h MODE #r +o x", true},
                     {":me MODE me +i", false},       {":b!u@h QUIT :x", true},
                     {":s PONG s x", false},          {":s 353 me = #r :a", false},
                     {":b!u@h INVITE me #r", false}};
  for (const auto& one : cases) {
    CAPTURE(one.line);
    message parsed;
    REQUIRE(parse_message(one.line, parsed));
    CHECK(goes_to_many(word_of(parsed.command), parsed, names()) == one.shared);
  }
}

TEST_CASE("refusals are told in plain words, with code and field", "[irc]") {
  const auto refusal = [](const std::string& line) {
    message parsed;
    static std::string kept;
    kept = line;
    REQUIRE(parse_message(kept, parsed));
    REQUIRE(is_refusal(parsed.numeric()));
    return failure_of(parsed);
  };
  CHECK(refusal(":s 401 me bob :No such nick").text == "Nobody here goes by the name bob.");
  CHECK(refusal(":s 433 me bob :In use").code == failure_code::nick_in_use);
  CHECK(refusal(":s 433 me bob :In use").field == "nick");
  CHECK(refusal(":s 471 me #r :Cannot join channel (+l)").code == failure_code::room_full);
  CHECK(refusal(":s 473 me #r :x").code == failure_code::invite_only);
  CHECK(refusal(":s 474 me #r :x").code == failure_code::banned);
  CHECK(refusal(":s 475 me #r :x").field == "key");
  CHECK(refusal(":s 482 me #r :x").code == failure_code::no_privilege);
  const failure unknown = refusal(":s 599 me x :Something odd");
  CHECK(unknown.code == failure_code::refused);
  CHECK(unknown.text == "Something odd");
  CHECK(refusal(":s 441").text.find('%') == std::string::npos);
}
