// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/dialects/chat.hpp"
#include "gateway/dialects/json_text.hpp"

using namespace halley;
using nlohmann::json;
using namespace std::string_literals;

namespace {

const chat_dialect chat;

json encoded(event what) { return json::parse(chat.encode(what)); }

template <class Command>
Command decoded(const std::string& text) {
  const auto read = chat.decode(text);
  REQUIRE(read.has_value());
  REQUIRE(read->commands.size() == 1);
  const auto* one = std::get_if<numbered_command>(&read->commands.front());
  if (const auto* refused = std::get_if<refused_command>(&read->commands.front()))
    FAIL(refused->why.text);
  return std::get<Command>(one->what);
}

failure refusal(const std::string& text) {
  const auto read = chat.decode(text);
  if (!read.has_value()) return read.error();
  for (const auto& one : read->commands)
    if (const auto* refused = std::get_if<refused_command>(&one)) return refused->why;
  FAIL("nothing was refused in " << text);
  return {};
}

}  // namespace

TEST_CASE("a line of a room looks as the format says", "[chat]") {
  said_event e;
  e.where = {"#halley", true};
  e.from = "ada";
  e.body = {"hello bold", {{6, 4, style_bold, 0xFF0000, span::no_color}}};
  e.at = 1795226584567;
  e.id = "abc";
  CHECK(encoded(e) == json::parse(R"({"ev":"said","room":"#halley","from":"ada","text":"hello bold",
    "spans":[{"start":6,"length":4,"bold":true,"fg":"#ff0000"}],"at":1795226584567,"id":"abc"})"));
}

TEST_CASE("a private line names the other side, an own one its command", "[chat]") {
  said_event e;
  e.where = {"bob", false};
  e.from = "me";
  e.body.text = "psst";
  e.kind = said_kind::action;
  e.at = 5;
  e.self = true;
  e.echo_of = 7;
  CHECK(encoded(e) == json::parse(R"({"ev":"said","with":"bob","from":"me","text":"psst",
    "kind":"action","at":5,"self":true,"echo_of":7})"));
}

TEST_CASE("every event has its name and is valid JSON", "[chat]") {
  const std::vector<std::pair<event, std::string>> all{
      {online_event{}, "online"},     {offline_event{}, "offline"},
      {joined_event{}, "joined"},     {left_event{}, "left"},
      {nick_event{}, "nick"},         {topic_event{}, "topic"},
      {members_event{}, "members"},   {presence_event{}, "presence"},
      {said_event{}, "said"},         {typing_event{}, "typing"},
      {reacted_event{}, "reacted"},   {edited_event{}, "edited"},
      {retracted_event{}, "retracted"}, {kicked_event{}, "kicked"},
      {mode_event{}, "mode"},         {history_event{}, "history"},
      {gap_event{}, "gap"},           {result_event{}, "result"},
      {error_event{}, "error"},       {notice_event{}, "notice"},
      {invited_event{}, "invited"},   {closing_event{}, "closing"},
      {healed_event{}, "healed"},     {sent_event{}, "sent"},
      {members_changed_event{}, "members_changed"},
      {data_event{}, "data"},         {data_lost_event{}, "data_lost"},
      {room_features_event{}, "features"}, {waiting_event{}, "waiting"},
      {read_marker_event{}, "read"}};
  CHECK(all.size() == std::variant_size_v<event>);
  for (const auto& [value, name] : all) CHECK(encoded(value)["ev"] == name);
}

TEST_CASE("data is told as it is, whatever somebody put into it", "[chat]") {
  data_event e;
  e.where = {"#a", true};
  e.from = "bob";
  e.type = "sketch";
  e.value = "{ \"b\" : [1.50, \"x y \\\" <\"],\n\"a\":null}";
  e.at = 5;
  e.echo_of = 7;
  e.self = true;
  const std::string text = chat.encode(e);
  CHECK(text == R"({"ev":"data","room":"#a","from":"bob","type":"sketch",)"
                R"("value":{"b":[1.50,"x y \" \u003c"],"a":null},"at":5,"self":true,"echo_of":7})");
  const std::string deep = std::string(17, '[') + std::string(17, ']');
  for (const std::string& bad : {std::string("{\"a\":1}, \"ev\":\"said\""), std::string("1,2"),
                                 std::string(""), std::string("'x'"), std::string("\"\n\""), "1\0,\"ev\":2"s, deep}) {
    e.value = bad;
    CHECK(encoded(e)["value"] == json(bad));
  }
  for (const char* const good : {"\"\xE2\x80\xA8\"", "\"\\\\\"", "12345678901234567890123", "true"}) {
    e.value = good;
    CHECK(encoded(e)["value"] == json::parse(good));
  }
  CHECK(encoded(data_lost_event{3}) == json::parse(R"({"ev":"data_lost","count":3})"));
}

TEST_CASE("a gap, its healing and a crowd that changed look as the format says", "[chat]") {
  gap_event gap;
  gap.room = "#a";
  gap.reason = "network";
  gap.from_at = 5;
  gap.to_at = 9;
  gap.healing = true;
  CHECK(encoded(gap) == json::parse(R"({"ev":"gap","room":"#a","reason":"network","from_at":5,
    "to_at":9,"healing":true})"));
  CHECK(encoded(healed_event{"#a", true, 3}) ==
        json::parse(R"({"ev":"healed","room":"#a","complete":true,"count":3})"));
  CHECK(encoded(left_event{"a@r", "me", "bye", true, 5, "closed", "b@r"}) ==
        json::parse(R"({"ev":"left","room":"a@r","from":"me","text":"bye","self":true,"at":5,
        "why":"closed","moved_to":"b@r"})"));
  CHECK(encoded(room_features_event{"#a", {"moderate"}}) ==
        json::parse(R"({"ev":"features","room":"#a","features":["moderate"]})"));
  CHECK(encoded(sent_event{7}) == json::parse(R"({"ev":"sent","n":7})"));
  CHECK(encoded(waiting_event{7, 1500}) == json::parse(R"({"ev":"waiting","n":7,"ms":1500})"));
  CHECK(encoded(read_marker_event{{"#a", true}, "id", 0}) ==
        json::parse(R"({"ev":"read","room":"#a","id":"id"})"));
  CHECK(encoded(read_marker_event{{"bob", false}, "", 5}) ==
        json::parse(R"({"ev":"read","with":"bob","at":5})"));
  CHECK(encoded(error_event{"", {failure_code::too_fast, "Slow down.", "", 1500}}) ==
        json::parse(R"({"ev":"error","error":{"code":"too_fast","text":"Slow down.","retry_after":1500}})"));
  members_changed_event crowd;
  crowd.room = "#a";
  crowd.joined = {{"ada", {}, false, false, ""}};
  crowd.left = {"bob", "eve"};
  CHECK(encoded(crowd) == json::parse(R"({"ev":"members_changed","room":"#a",
    "joined":[{"nick":"ada"}],"left":["bob","eve"]})"));
}

TEST_CASE("roles are told, the highest first; none of them is an ordinary member", "[chat]") {
  members_event e;
  e.room = "#a";
  role_set both(role::voice);
  both.add(role::op);
  e.members = {{"ada", both, false, true, "ada"}, {"bob", {}, true, false, ""}};
  CHECK(encoded(e) == json::parse(R"({"ev":"members","room":"#a","members":[
    {"nick":"ada","roles":["op","voice"],"self":true,"account":"ada"},{"nick":"bob","away":true}],
    "first":true,"last":true})"));
}

TEST_CASE("a refused command tells code, field and words", "[chat]") {
  result_event e;
  e.n = 3;
  e.ok = false;
  e.why = {failure_code::nick_in_use, "ada is in use.", "nick"};
  CHECK(encoded(e) == json::parse(R"({"ev":"result","n":3,"ok":false,
    "error":{"code":"nick_in_use","field":"nick","text":"ada is in use."}})"));
}

TEST_CASE("strings survive the way through JSON, and cannot end a script", "[json]") {
  const std::string text = GENERATE("plain"s, "\"quoted\" \\ back"s, "line\nbreak\ttab"s,
                                    "\x01\x1F\x7F"s, "</script>"s, "\xE2\x80\xA8\xE2\x80\xA9"s,
                                    "\xE2\x82\xAC \xF0\x9F\x98\x80"s, "a\0b"s);
  std::string out;
  append_json_string(out, text);
  CHECK(json::parse(out).get<std::string>() == text);
  CHECK(out.find('<') == std::string::npos);
  CHECK(out.find("\xE2\x80\xA8") == std::string::npos);
  CHECK(out.find('\n') == std::string::npos);
}

TEST_CASE("commands are read with their fields", "[chat]") {
  const auto say = decoded<say_command>(
      R"({"n":1,"do":"say","to":"#a","text":"two\nlines","kind":"notice","reply_to":"x"})");
  CHECK(say.to == "#a");
  CHECK(say.text == "two\nlines");
  CHECK(say.kind == said_kind::notice);
  CHECK(say.reply_to == "x");
  CHECK(decoded<join_command>(R"({"n":1,"do":"join","room":"#a","key":"k"})").key == "k");
  CHECK_FALSE(decoded<topic_command>(R"({"n":1,"do":"topic","room":"#a"})").set);
  CHECK(decoded<topic_command>(R"({"n":1,"do":"topic","room":"#a","text":""})").set);
  CHECK(decoded<history_command>(R"({"n":1,"do":"history","to":"#a","before":"m1"})").limit == 50);
  const auto role_change =
      decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","role":"op","who":"bob","set":false})");
  CHECK(role_change.verb == mode_verb::role);
  CHECK(role_change.as_role == role::op);
  CHECK_FALSE(role_change.set);
  const auto ban = decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","ban":"bob"})");
  CHECK(ban.verb == mode_verb::ban);
  CHECK(ban.who == "bob");
  CHECK(ban.lasts_ms == 0);
  CHECK(decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","ban":"bob","lasts":60000})")
            .lasts_ms == 60000);
  CHECK_FALSE(ban.by_account);
  CHECK(decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","ban":"zoe","by":"account"})")
            .by_account);
  const auto asked = decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","list":"exceptions"})");
  CHECK(asked.verb == mode_verb::list);
  CHECK(asked.list == list_kind::exceptions);
  CHECK(asked.who.empty());
  const auto met = decoded<mode_command>(
      R"({"n":1,"do":"mode","room":"#a","list":"bans","who":"zoe","by":"account"})");
  CHECK(met.verb == mode_verb::list);
  CHECK(met.who == "zoe");
  CHECK(met.by_account);
  const auto entry = decoded<mode_command>(
      R"({"n":1,"do":"mode","room":"#a","list":"invites","who":"*!*@b","set":false})");
  CHECK(entry.verb == mode_verb::entry);
  CHECK(entry.list == list_kind::invites);
  CHECK(entry.who == "*!*@b");
  CHECK_FALSE(entry.set);
  const auto slow = decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","slow":10})");
  CHECK(slow.verb == mode_verb::slow);
  CHECK(slow.every_s == 10);
  CHECK(decoded<mode_command>(R"({"n":1,"do":"mode","room":"#a","changes":[{"mode":"m"}]})")
            .changes.size() == 1);
  const auto data = decoded<data_command>(
      R"({"n":1,"do":"data","to":"#a","type":"urn:x#y","value":{"x":[1,"\u00e9\n"]}})");
  CHECK(data.type == "urn:x#y");
  CHECK(data.value == "{\"x\":[1,\"\xC3\xA9\\n\"]}");
  CHECK(decoded<data_command>(R"({"n":1,"do":"data","to":"#a","type":"x","value":null})").value ==
        "null");
  CHECK(decoded<react_command>(R"({"n":1,"do":"react","to":"#a","id":"m","reactions":["+1"]})")
            .reactions.size() == 1);
}

TEST_CASE("the settings of a room are asked for, changed and told", "[chat]") {
  CHECK(decoded<settings_command>(R"({"n":1,"do":"settings","room":"#a"})").changes.empty());
  const auto set = decoded<settings_command>(
      R"({"n":1,"do":"settings","room":"#a","set":{"a":true,"b":"x","c":7,"d":["y","z"],"e":false}})");
  REQUIRE(set.changes.size() == 5);
  CHECK(set.changes[0].values == std::vector<std::string>{"1"});
  CHECK(set.changes[1].values == std::vector<std::string>{"x"});
  CHECK(set.changes[2].values == std::vector<std::string>{"7"});
  CHECK(set.changes[3].values == std::vector<std::string>{"y", "z"});
  CHECK(set.changes[4].values == std::vector<std::string>{"0"});

  result_event told;
  told.n = 1;
  told.ok = false;
  told.why = {failure_code::bad_field, "No.", "b"};
  told.data = std::vector<room_setting>{
      {"a", setting_type::flag, "", {"1"}, {}},
      {"b", setting_type::choice, "B", {"x"}, {{"x", "X"}, {"y", ""}}},
      {"d", setting_type::lines, "", {"y", "z"}, {}},
      {"p", setting_type::secret, "", {}, {}}};
  CHECK(encoded(told) == json::parse(R"({"ev":"result","n":1,"ok":false,
    "error":{"code":"bad_field","field":"b","text":"No."},"settings":[
    {"name":"a","type":"flag","value":true},
    {"name":"b","type":"choice","label":"B","value":"x","options":[{"value":"x","label":"X"},{"value":"y"}]},
    {"name":"d","type":"lines","value":["y","z"]},{"name":"p","type":"secret","value":""}]})"));
}

TEST_CASE("an acknowledgement may stand alone or beside commands", "[chat]") {
  auto read = chat.decode(R"({"ack":12})");
  REQUIRE(read.has_value());
  CHECK(read->acknowledged == 12);
  CHECK(read->commands.empty());
  read = chat.decode(R"([{"ack":3},{"n":1,"do":"ping"},{"n":2,"do":"ping"}])");
  REQUIRE(read.has_value());
  CHECK(read->acknowledged == 3);
  CHECK(read->commands.size() == 2);
}

TEST_CASE("what is wrong is named by code and field", "[chat]") {
  const auto [text, code, field] = GENERATE(table<std::string, failure_code, std::string>({
      {"", failure_code::bad_request, ""},
      {"not json", failure_code::bad_request, ""},
      {"\"text\"", failure_code::bad_request, ""},
      {"[1]", failure_code::bad_request, ""},
      {std::string(10000, '['), failure_code::bad_request, ""},
      {"{\"n\":1,\"do\":\"say\",\"to\":\"#a\",\"text\":\"caf\xE9\"}", failure_code::bad_request, ""},
      {R"({"do":"ping"})", failure_code::bad_field, "n"},
      {R"({"n":0,"do":"ping"})", failure_code::bad_field, "n"},
      {R"({"n":-1,"do":"ping"})", failure_code::bad_field, "n"},
      {R"({"n":1.5,"do":"ping"})", failure_code::bad_field, "n"},
      {R"({"n":"1","do":"ping"})", failure_code::bad_field, "n"},
      {R"({"n":1})", failure_code::bad_field, "do"},
      {R"({"n":1,"do":"fly"})", failure_code::unknown_command, "do"},
      {R"({"n":1,"do":"join"})", failure_code::bad_field, "room"},
      {R"({"n":1,"do":"mode","room":"#a","ban":"b","lasts":-1})", failure_code::bad_field, "lasts"},
      {R"({"n":1,"do":"mode","room":"#a","ban":"b","lasts":40000000000})", failure_code::bad_field, "lasts"},
      {R"({"n":1,"do":"mode","room":"#a","ban":"b","by":"ear"})", failure_code::bad_field, "by"},
      {R"({"n":1,"do":"settings","room":"#a","set":{"a":{}}})", failure_code::bad_field, "set"},
      {R"({"n":1,"do":"settings","room":"#a","set":{"a":"x\ny"}})", failure_code::bad_field, "set"},
      {R"({"n":1,"do":"settings","room":"#a","set":[]})", failure_code::bad_field, "set"},
      {R"({"n":1,"do":"mode","room":"#a","list":"friends"})", failure_code::bad_field, "list"},
      {R"({"n":1,"do":"mode","room":"#a","list":"bans","set":true})", failure_code::bad_field, "who"},
      {R"({"n":1,"do":"mode","room":"#a","slow":-1})", failure_code::bad_field, "slow"},
      {R"({"n":1,"do":"mode","room":"#a","slow":3601})", failure_code::bad_field, "slow"},
      {R"({"n":1,"do":"join","room":""})", failure_code::bad_field, "room"},
      {R"({"n":1,"do":"join","room":7})", failure_code::bad_field, "room"},
      {R"({"n":1,"do":"join","room":"#a\r\nQUIT"})", failure_code::bad_field, "room"},
      {R"({"n":1,"do":"join","room":"#a\nQUIT"})", failure_code::bad_field, "room"},
      {R"({"n":1,"do":"join","room":"#a\u0000"})", failure_code::bad_field, "room"},
      {R"({"n":1,"do":"say","to":"#a","text":"a\rb"})", failure_code::bad_field, "text"},
      {R"({"n":1,"do":"say","to":"#a","text":"a\u0001b"})", failure_code::bad_field, "text"},
      {R"({"n":1,"do":"say","to":"#a","text":"a\uFFFEb"})", failure_code::bad_field, "text"},
      {R"({"n":1,"do":"say","to":"#a","text":"a","kind":"shout"})", failure_code::bad_field, "kind"},
      {R"({"n":1,"do":"data","to":"#a","type":"x"})", failure_code::bad_field, "value"},
      {R"({"n":1,"do":"data","to":"#a","value":1})", failure_code::bad_field, "type"},
      {R"({"n":1,"do":"data","to":"#a","type":"a b","value":1})", failure_code::bad_field, "type"},
      {R"({"n":1,"do":"data","to":"#a","type":"x","value":"\uFFFE"})", failure_code::bad_field, "value"},
      {R"({"n":1,"do":"data","to":"#a","type":"x","value":")" + std::string(3999, 'x') + "\"}",
       failure_code::bad_field, "value"},
      {R"({"n":1,"do":"topic","room":"#a","text":"x\ny"})", failure_code::bad_field, "text"},
      {R"({"n":1,"do":"history","to":"#a","limit":100000})", failure_code::bad_field, "limit"},
      {R"({"n":1,"do":"history","to":"#a","before":"a","after":"b"})", failure_code::bad_field,
       "before"},
      {R"({"n":1,"do":"mode","room":"#a","changes":[{"set":1,"mode":"m"}]})",
       failure_code::bad_field, "changes"},
      {R"({"n":1,"do":"say","to":"#a","text":")" + std::string(17000, 'x') + "\"}",
       failure_code::bad_field, "text"},
      {R"({"n":1,"do":"nick","nick":")" + std::string(300, 'x') + "\"}", failure_code::bad_field,
       "nick"},
  }));
  CAPTURE(text.substr(0, 100));
  const failure why = refusal(text);
  CHECK(why.code == code);
  CHECK(why.field == field);
  CHECK_FALSE(why.text.empty());
}

TEST_CASE("one bad command of many is refused alone", "[chat]") {
  const auto read = chat.decode(R"([{"n":1,"do":"ping"},{"n":2,"do":"fly"},{"n":3,"do":"ping"}])");
  REQUIRE(read.has_value());
  REQUIRE(read->commands.size() == 3);
  CHECK(std::holds_alternative<numbered_command>(read->commands[0]));
  CHECK(std::get<refused_command>(read->commands[1]).n == 2);
  CHECK(std::holds_alternative<numbered_command>(read->commands[2]));
}

TEST_CASE("entering is read with its rooms", "[chat]") {
  const auto read = chat.decode_enter(
      R"({"network":"irc","nick":"ada","password":"p","rooms":["#a",{"room":"#b","key":"k"}]})");
  REQUIRE(read.has_value());
  CHECK(read->network == "irc");
  CHECK(read->who.account == "ada");  // a password without an account is the nick's
  REQUIRE(read->who.rooms.size() == 2);
  CHECK(read->who.rooms[1].key == "k");
}

TEST_CASE("a bad entrance names its field", "[chat]") {
  const auto [text, field] = GENERATE(table<std::string, std::string>({
      {"[]", ""},
      {R"({"nick":"ada"})", "network"},
      {R"({"network":"irc"})", "nick"},
      {R"({"network":"irc","nick":"a\nb"})", "nick"},
      {R"({"network":"irc","nick":"ada","rooms":"#a"})", "rooms"},
      {R"({"network":"irc","nick":"ada","rooms":["#a\r\n"]})", "rooms"},
      {R"({"network":"irc","nick":"ada","rooms":[[]]})", "rooms"},
  }));
  CAPTURE(text);
  const auto read = chat.decode_enter(text);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().field == field);
}
