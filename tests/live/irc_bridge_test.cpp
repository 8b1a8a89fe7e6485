// SPDX-License-Identifier: GPL-3.0-or-later
//
// The IRC bridge alone against real servers: the plainest in use and a rich one. The other people
// sit at bare sockets.
#include <catch2/catch.hpp>

#include "bridges/irc/network.hpp"
#include "tests/support/bridge_user.hpp"
#include "tests/support/irc_server.hpp"

using namespace halley;
using namespace halley::test;

namespace {

struct stage {
  explicit stage(irc_kind kind) : server(kind), config(server.settings()) {}
  // Made late, so that a test can change the settings.
  bridge_network& network_of() {
    if (!made) shard.run([this] { made = irc::make_network(config, shard.loop()); });
    return *made;
  }
  ~stage() {
    shard.run([this] { made.reset(); });
  }
  irc_server server;
  network config;
  shard_thread shard;
  std::unique_ptr<bridge_network> made;
};

visitor named(const std::string& nick, const std::string& room = {}) {
  visitor who;
  who.nick = nick;
  who.address = "192.0.2.44";
  if (!room.empty()) who.rooms.push_back({room, ""});
  return who;
}

// In the room with its members told.
void arrive(bridge_user& user, const std::string& room) {
  REQUIRE(user.wait<online_event>());
  REQUIRE(user.wait<joined_event>([&](const auto& e) { return e.self && e.room == room; }));
  REQUIRE(user.wait<members_event>([&](const auto& e) { return e.room == room && e.last; }));
}

std::optional<said_event> heard(bridge_user& user, const std::string& text) {
  return user.wait<said_event>([&](const auto& e) { return e.body.text == text; });
}

say_command say(const std::string& to, const std::string& text) {
  say_command what;
  what.to = to;
  what.text = text;
  return what;
}

}  // namespace

TEST_CASE("two visitors and a person talk in a room", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  bridge_user bob(on.shard, on.network_of(), named("bob", "#cxx"));
  arrive(alice, "#cxx");
  arrive(bob, "#cxx");

  const auto n = alice.ask(say("#cxx", "hello, w\xc3\xb6rld"));
  CHECK(alice.answer(n).ok);
  const auto echo = heard(alice, "hello, w\xc3\xb6rld");
  REQUIRE(echo);
  CHECK(echo->self);
  CHECK(echo->echo_of == n);
  const auto got = heard(bob, "hello, w\xc3\xb6rld");
  REQUIRE(got);
  CHECK(got->from == "alice");
  CHECK_FALSE(got->self);
  CHECK_FALSE(carol.hears({":alice!", "PRIVMSG #cxx :hello, w\xc3\xb6rld"}).empty());

  carol.send("PRIVMSG #cxx :\x02hi\x02 both");
  REQUIRE(heard(alice, "hi both"));
  CHECK(heard(alice, "hi both")->body.spans.size() == 1);
  REQUIRE(heard(bob, "hi both"));
  // One line, one event for all.
  const auto is_hi = [](const said_event& e) { return e.body.text == "hi both"; };
  CHECK(alice.identity_of<said_event>(is_hi) == bob.identity_of<said_event>(is_hi));
  CHECK(alice.count<said_event>(is_hi) == 1);

  carol.send("PRIVMSG alice :psst");
  const auto aside = heard(alice, "psst");
  REQUIRE(aside);
  CHECK(aside->where == place{"carol", false});
  CHECK(alice.done(say("carol", "what?")).ok);
  CHECK_FALSE(carol.hears({"PRIVMSG carol :what?"}).empty());
  CHECK(heard(alice, "what?")->where == place{"carol", false});
}

TEST_CASE("the network sees the visitor's address, not the gateway's", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  carol.send("WHOIS alice");
  CHECK_FALSE(carol.hears({" 311 ", " 192.0.2.44 "}).empty());
}

TEST_CASE("a wrong WEBIRC password lets nobody in and says so", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  on.config.webirc_password = "wrong";
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  const auto offline = alice.wait<offline_event>();
  REQUIRE(offline);
  INFO(offline->why.text);
  CHECK(offline->step == login_step::gateway_password);
  CHECK(alice.count<online_event>([](const auto&) { return true; }) == 0);
  if (offline->final) CHECK(alice.wait_end());
}

TEST_CASE("long text arrives whole, cut where the server would have cut it away", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  std::string text;
  while (text.size() < 5000)
    text += "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82-" + std::to_string(text.size()) + " ";
  text += "end-of-paste";
  const auto n = alice.ask(say("#cxx", text));
  CHECK(alice.answer(n).ok);
  REQUIRE_FALSE(carol.hears({"end-of-paste"}).empty());
  std::string whole;
  std::size_t pieces = 0, longest = 0;
  for (const std::string& line : carol.lines()) {
    const std::size_t at = line.find(" PRIVMSG #cxx :");
    if (at == std::string::npos) continue;
    if (!whole.empty()) whole += ' ';
    whole += line.substr(at + 15);
    longest = std::max(longest, line.size() + 2);
    ++pieces;
  }
  CHECK(whole == text);
  CHECK(longest > 480);  // and no more pieces than needed
  CHECK(alice.count<said_event>([&](const auto& e) { return e.echo_of == n; }) == pieces);
}

TEST_CASE("a name that is taken is varied, and told", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("carol", "#cxx"));
  arrive(alice, "#cxx");
  CHECK(alice.wait<online_event>()->nick == "carol_");
  CHECK(alice.done(nick_command{"carol"}).why.code == failure_code::nick_in_use);
  CHECK(alice.done(nick_command{"anna"}).ok);
  const auto changed = alice.wait<nick_event>();
  REQUIRE(changed);
  CHECK(changed->self);
  CHECK(changed->from == "carol_");
  CHECK(alice.done(say("#cxx", "as anna")).ok);
  CHECK_FALSE(carol.hears({":anna!", "as anna"}).empty());
}

TEST_CASE("refusals come back to the command that caused them", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  CHECK(alice.done(say("nobodyhere", "x")).why.code == failure_code::no_such_nick);
  CHECK(alice.done(say("#elsewhere", "x")).why.code == failure_code::not_in_room);
  CHECK(alice.done(kick_command{"#cxx", "carol", "out"}).why.code == failure_code::no_privilege);
  mode_command role_of_carol;
  role_of_carol.room = "#cxx";
  role_of_carol.verb = mode_verb::role;
  role_of_carol.who = "carol";
  CHECK(alice.done(role_of_carol).why.code == failure_code::no_privilege);
  CHECK(alice.done(whois_command{"nobodyhere", ""}).why.code == failure_code::no_such_nick);
  CHECK(alice.done(join_command{"no hash", ""}).why.code == failure_code::bad_room);
  CHECK(alice.done(say("carol,bob", "x")).why.field == "to");
  CHECK(alice.done(say("#cxx", "two\nlines")).ok);
  CHECK_FALSE(carol.hears({"PRIVMSG #cxx :lines"}).empty());
  carol.send("MODE #cxx +m");
  REQUIRE(alice.wait<mode_event>([](const auto& e) { return e.from == "carol"; }));
  CHECK(alice.done(say("#cxx", "x")).why.code == failure_code::cannot_speak);
  CHECK(alice.done(raw_command{"QUIT"}).why.code == failure_code::not_allowed);
  irc_person dave(on.server, "dave", "#shut");
  dave.send("MODE #shut +i");
  REQUIRE_FALSE(dave.hears({"MODE #shut", "+i"}).empty());
  CHECK(alice.done(join_command{"#shut", ""}).why.code == failure_code::invite_only);
}

TEST_CASE("an operator of a room has its tools", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  bridge_user alice(on.shard, on.network_of(), named("alice", "#mine"));
  arrive(alice, "#mine");
  irc_person carol(on.server, "carol", "#mine");
  REQUIRE(alice.wait<joined_event>([](const auto& e) { return e.from == "carol"; }));

  topic_command topic;
  topic.room = "#mine";
  topic.text = "set by alice";
  topic.set = true;
  CHECK(alice.done(topic).ok);
  CHECK(alice.wait<topic_event>()->topic.text == "set by alice");

  mode_command mode;
  mode.room = "#mine";
  mode.verb = mode_verb::role;
  mode.as_role = role::voice;
  mode.who = "carol";
  CHECK(alice.done(mode).ok);
  CHECK_FALSE(carol.hears({"MODE #mine +v", "carol"}).empty());
  mode.verb = mode_verb::raw;
  mode.changes = {{true, "m", "", -1}, {true, "k", "secret", -1}};
  CHECK(alice.done(mode).ok);
  mode.verb = mode_verb::ban;
  mode.who = "carol";
  CHECK(alice.done(mode).ok);
  mode.verb = mode_verb::list;
  mode.who = "";
  const result_event bans = alice.done(mode);
  CHECK(bans.ok);
  REQUIRE(std::holds_alternative<std::vector<list_entry>>(bans.data));
  REQUIRE(std::get<std::vector<list_entry>>(bans.data).size() == 1);
  CHECK(std::get<std::vector<list_entry>>(bans.data)[0].mask == "*!*@127.0.0.1");
  CHECK(alice.done(kick_command{"#mine", "carol", "out"}).ok);
  CHECK(alice.wait<kicked_event>()->who == "carol");
  carol.send("JOIN #mine secret");
  CHECK_FALSE(carol.hears({" 474 "}).empty());
  CHECK(alice.done(invite_command{"#mine", "carol", ""}).ok);
  CHECK_FALSE(carol.hears({"INVITE carol", "#mine"}).empty());

  const result_event who = alice.done(whois_command{"carol", ""});
  REQUIRE(who.ok);
  CHECK(std::get<person>(who.data).host == "127.0.0.1");
  CHECK(std::get<person>(who.data).real_name == "a person");
  const result_event rooms = alice.done(list_command{"MINE"});
  REQUIRE(std::get<std::vector<room_entry>>(rooms.data).size() == 1);
  CHECK(std::get<std::vector<room_entry>>(rooms.data)[0].topic == "set by alice");
  CHECK(alice.done(list_command{"no such"}).ok);
  CHECK(alice.done(away_command{"lunch"}).ok);
  CHECK(alice.wait<presence_event>()->text == "lunch");
  CHECK(alice.done(away_command{""}).ok);
  CHECK(alice.done(ping_command{}).ok);
  CHECK(alice.done(part_command{"#mine", "bye"}).ok);
  CHECK(alice.wait<left_event>()->self);
}

TEST_CASE("a network that dies is come back to, with the rooms and their keys", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  CHECK(alice.done(join_command{"#keyed", "key"}).ok);
  alice.forget();
  on.server.kill();
  const auto lost = alice.wait<offline_event>();
  REQUIRE(lost);
  CHECK(lost->step == login_step::running);
  CHECK(lost->retry_in > 0);
  CHECK(alice.done(say("#cxx", "x")).why.code == failure_code::not_online);
  on.server.start();
  const auto back = alice.wait<online_event>();
  REQUIRE(back);
  CHECK(back->resumed);
  CHECK(alice.wait<joined_event>([](const auto& e) { return e.self && e.room == "#cxx"; }));
  CHECK(alice.wait<joined_event>([](const auto& e) { return e.self && e.room == "#keyed"; }));
  CHECK(alice.done(say("#cxx", "back")).ok);
}

TEST_CASE("the present state can be told at any time, also by who did not lead", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  auto alice = std::make_unique<bridge_user>(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(*alice, "#cxx");
  bridge_user bob(on.shard, on.network_of(), named("bob", "#cxx"));
  arrive(bob, "#cxx");
  carol.send("TOPIC #cxx :about it");
  carol.send("MODE #cxx +v bob");
  REQUIRE(bob.wait<mode_event>([](const auto& e) { return e.from == "carol"; }));
  REQUIRE(alice->wait<mode_event>([](const auto& e) { return e.from == "carol"; }));

  const auto members_in = [](const std::vector<event_ptr>& events) {
    std::vector<std::string> nicks;
    for (const event_ptr& one : events)
      if (const auto* members = std::get_if<members_event>(&one->value()))
        for (const member& who : members->members)
          nicks.push_back(who.nick + (who.roles.has(role::voice) ? "+" : "") +
                          (who.self ? "!" : ""));
    std::sort(nicks.begin(), nicks.end());
    return nicks;
  };
  const auto events = bob.describe();
  CHECK(std::holds_alternative<online_event>(events.at(0)->value()));
  CHECK(members_in(events) == std::vector<std::string>{"alice", "bob+!", "carol"});
  bool topic = false;
  for (const event_ptr& one : events)
    if (const auto* told = std::get_if<topic_event>(&one->value()))
      topic = told->topic.text == "about it";
  CHECK(topic);

  alice.reset();  // it led the room
  REQUIRE(bob.wait<left_event>([](const auto& e) { return e.from == "alice"; }));
  bob.forget();
  CHECK(members_in(bob.describe()).empty());  // in doubt: asked for again
  const auto fresh = bob.wait<members_event>();
  REQUIRE(fresh);
  CHECK(fresh->members.size() == 2);
  CHECK(members_in(bob.describe()) == std::vector<std::string>{"bob+!", "carol"});
}

TEST_CASE("leaving says why, and the bridge ends", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  alice.end("gone\r\nfishing");
  CHECK(alice.wait_end());
  CHECK_FALSE(carol.hears({":alice!", " QUIT :", "gonefishing"}).empty());
}

TEST_CASE("text that is no UTF-8 is repaired", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  carol.send("PRIVMSG #cxx :caf\xe9");
  CHECK(heard(alice, "caf\xc3\xa9"));
}

TEST_CASE("CTCP is answered, but not to everybody at any rate", "[live]") {
  stage on(GENERATE(irc_kind::ngircd, irc_kind::inspircd));
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  carol.send("PRIVMSG alice :\x01VERSION\x01");
  CHECK_FALSE(carol.hears({"NOTICE carol :\x01VERSION Halley\x01"}).empty());
  carol.send("PRIVMSG alice :\x01PING 123\x01");
  carol.send("PRIVMSG #cxx :\x01VERSION\x01");
  carol.send(
      "PRIVMSG #cxx :\x01"
      "ACTION waves\x01");
  CHECK(heard(alice, "waves")->kind == said_kind::action);
  CHECK(alice.done(say("carol", "after")).ok);
  CHECK_FALSE(carol.hears({"PRIVMSG carol :after"}).empty());
  std::size_t notices = 0;
  for (const std::string& line : carol.lines()) notices += line.find("NOTICE carol") != line.npos;
  CHECK(notices == 1);
}

TEST_CASE("what was said before is told on joining, as history", "[live]") {
  stage on(irc_kind::inspircd);
  irc_person carol(on.server, "carol", "#cxx");
  carol.send("MODE #cxx +H 20:1h");
  REQUIRE_FALSE(carol.hears({"MODE #cxx +H"}).empty());
  carol.send("PRIVMSG #cxx :first");
  carol.send("PRIVMSG #cxx :\x02second");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  const auto history = alice.wait<history_event>();
  REQUIRE(history);
  CHECK(history->where == place{"#cxx", true});
  CHECK(history->n == 0);
  REQUIRE(history->items.size() == 2);
  CHECK(history->items[0].body.text == "first");
  CHECK(history->items[0].from == "carol");
  CHECK_FALSE(history->items[0].id.empty());
  CHECK(history->items[1].body.text == "second");
  CHECK(alice.count<said_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("typing, reactions and replies pass where the network has tags", "[live]") {
  stage on(irc_kind::inspircd);
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  bridge_user bob(on.shard, on.network_of(), named("bob", "#cxx"));
  arrive(alice, "#cxx");
  arrive(bob, "#cxx");
  CHECK(alice.done(typing_command{"#cxx", typing_state::active}).ok);
  REQUIRE(bob.wait<typing_event>());
  CHECK(bob.wait<typing_event>()->from == "alice");
  const result_event said = alice.done(say("#cxx", "react to this"));
  REQUIRE(said.ok);
  REQUIRE_FALSE(said.id.empty());
  CHECK(heard(bob, "react to this")->id == said.id);
  CHECK(bob.done(react_command{"#cxx", said.id, {"\xf0\x9f\x91\x8d"}}).ok);
  const auto reacted = alice.wait<reacted_event>();
  REQUIRE(reacted);
  CHECK(reacted->id == said.id);
  CHECK(bob.wait<reacted_event>()->self);
  say_command reply = say("#cxx", "I did");
  reply.reply_to = said.id;
  CHECK(bob.done(reply).ok);
  CHECK(heard(alice, "I did")->reply_to == said.id);
  CHECK(alice.count<typing_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("data for programs passes where the network has tags, each own once", "[live]") {
  stage on(irc_kind::inspircd);
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");  // first, and so its operator
  bridge_user bob(on.shard, on.network_of(), named("bob", "#cxx"));
  arrive(bob, "#cxx");
  const std::string value = R"({"points":[[1,2],[3,4]],"by":"a;b \\ \u00e9"})";
  const std::uint64_t n = alice.ask(data_command{"#cxx", "sketch", value});
  CHECK(alice.answer(n).ok);
  const auto heard_data = bob.wait<data_event>();
  REQUIRE(heard_data);
  CHECK(heard_data->where == place{"#cxx", true});
  CHECK(heard_data->from == "alice");
  CHECK(heard_data->type == "sketch");
  CHECK(heard_data->value == value);
  CHECK_FALSE(heard_data->self);
  const auto own = alice.wait<data_event>();
  REQUIRE(own);
  CHECK(own->self);
  CHECK(own->echo_of == n);

  CHECK(alice.done(data_command{"bob", "x", "1"}).ok);
  const auto secret = bob.wait<data_event>([](const auto& e) { return e.type == "x"; });
  REQUIRE(secret);
  CHECK(secret->where == place{"alice", false});
  const auto is_mine = [](const auto& e) { return e.type == "x"; };
  REQUIRE(alice.wait<data_event>(is_mine));
  CHECK(alice.wait<data_event>(is_mine)->where == place{"bob", false});

  // As much as the specification lets a client send, and one byte more.
  const std::size_t most = 4095 - 32 - std::string_view("@+halley/data=x\\s").size();
  CHECK(alice.done(data_command{"#cxx", "x", '"' + std::string(most - 2, 'z') + '"'}).ok);
  const auto is_long = [most](const auto& e) { return e.value.size() == most; };
  CHECK(bob.wait<data_event>(is_long));
  const result_event too_long =
      alice.done(data_command{"#cxx", "x", '"' + std::string(most - 1, 'z') + '"'});
  CHECK(too_long.why.code == failure_code::bad_field);
  CHECK(too_long.why.field == "value");

  mode_command moderate;
  moderate.room = "#cxx";
  moderate.changes = {{true, "m", "", -1}};
  CHECK(alice.done(moderate).ok);
  const result_event moderated = bob.done(data_command{"#cxx", "x", "2"});
  CHECK(moderated.why.code == failure_code::cannot_speak);
  CHECK(bob.count<data_event>([](const auto& e) { return e.self; }) == 0);
  CHECK(alice.count<data_event>([](const auto& e) { return e.self; }) == 3);
}

TEST_CASE("data is refused where the network has no tags", "[live]") {
  stage on(irc_kind::ngircd);
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  const auto online = alice.wait<online_event>();
  REQUIRE(online);
  CHECK(std::count(online->features.begin(), online->features.end(), "data") == 0);
  const result_event answer = alice.done(data_command{"#cxx", "x", "1"});
  CHECK_FALSE(answer.ok);
  CHECK(answer.why.code == failure_code::not_supported);
}

TEST_CASE("a server can be reached over TLS, if its certificate is right", "[live]") {
  stage on(irc_kind::ngircd);
  on.config.servers = {{"127.0.0.1", on.server.tls_port(), ""}};
  on.config.tls = tls_mode::direct;
  on.config.tls_ca_file = on.server.certificate();
  SECTION("right") {
    on.config.tls_name = "irc.test";
    bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
    arrive(alice, "#cxx");
    CHECK(alice.done(say("#cxx", "encrypted")).ok);
  }
  SECTION("another name") {
    on.config.tls_name = "other.test";
    bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
    const auto offline = alice.wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->step == login_step::tls);
  }
}

TEST_CASE("a server on this machine can be reached over a Unix socket", "[live]") {
  stage on(irc_kind::inspircd);
  on.config.servers = {{"", 0, on.server.unix_path()}};
  irc_person carol(on.server, "carol", "#cxx");
  bridge_user alice(on.shard, on.network_of(), named("alice", "#cxx"));
  arrive(alice, "#cxx");
  CHECK(alice.done(say("#cxx", "next door")).ok);
  CHECK_FALSE(carol.hears({"next door"}).empty());
}
