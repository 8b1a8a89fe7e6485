// SPDX-License-Identifier: GPL-3.0-or-later
//
// The XMPP bridge, without the rest of the gateway, on real servers.
#include <catch2/catch.hpp>

#include "tests/live/xmpp_stage.hpp"

namespace {

void pass_data(const xmpp_server& server) {
  stage on(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  auto bob = on.guest("bob", {"lobby"});
  enter(*bob, room);
  const auto online = anna->wait<online_event>();
  REQUIRE(online);
  CHECK(std::count(online->features.begin(), online->features.end(), "data") == 1);
  const std::string value = R"({"points":[[1,2],[3,4]],"by":"<a> & \"\u00e9\""})";
  const std::uint64_t n = anna->ask(data_command{room, "sketch", value});
  CHECK(anna->answer(n).ok);
  const auto heard = bob->wait<data_event>();
  REQUIRE(heard);
  CHECK(heard->where == place{room, true});
  CHECK(heard->from == "anna");
  CHECK(heard->type == "sketch");
  CHECK(heard->value == value);
  CHECK_FALSE(heard->self);
  const auto own = anna->wait<data_event>();
  REQUIRE(own);
  CHECK(own->self);
  CHECK(own->echo_of == n);
  const auto is_private = [](const auto& e) { return !e.where.is_room; };
  CHECK(anna->done(data_command{room + "/bob", "x", "1"}).ok);
  const auto secret = bob->wait<data_event>(is_private);
  REQUIRE(secret);
  CHECK(secret->where == place{room + "/anna", false});
  REQUIRE(anna->wait<data_event>(is_private));
  CHECK(anna->wait<data_event>(is_private)->self);
  CHECK(anna->done(say_command{room, "for people", said_kind::message, ""}).ok);

  // Who comes later is told what people said, not what passed.
  auto carl = on.guest("carl", {"lobby"});
  enter(*carl, room);
  const auto history = carl->wait<history_event>();
  REQUIRE(history);
  CHECK(history->items.size() == 1);
  CHECK(carl->count<data_event>([](const auto&) { return true; }) == 0);
  CHECK(anna->count<data_event>([](const auto&) { return true; }) == 2);
}

}  // namespace

TEST_CASE("data for programs passes on Prosody, each own once, and is not kept", "[xmpp_live]") {
  pass_data(xmpp_server::prosody());
}

TEST_CASE("data for programs passes on ejabberd, each own once, and is not kept", "[xmpp_live]") {
  pass_data(xmpp_server::ejabberd());
}

TEST_CASE("guests talk in a room", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  stage on(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on.guest("anna", {"lobby"});
  const auto online = anna->wait<online_event>();
  REQUIRE(online);
  CHECK(online->nick == "anna");
  enter(*anna, room);
  auto bob = on.guest("bob", {"lobby"});
  enter(*bob, room);
  const auto joined = anna->wait<joined_event>([](const auto& e) { return e.from == "bob"; });
  REQUIRE(joined);
  CHECK_FALSE(joined->self);
  const auto members = bob->wait<members_event>();
  REQUIRE(members);
  CHECK(members->members.size() == 2);

  const std::string text =
      "h\xC3\xA9llo <b> & \xF0\x9F\x98\x80 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\nline two";
  const std::uint64_t n = anna->ask(say_command{"lobby", text, said_kind::message, ""});
  const result_event answer = anna->answer(n);
  CHECK(answer.ok);
  CHECK_FALSE(answer.id.empty());
  const auto own = anna->wait<said_event>(said(text));
  REQUIRE(own);
  CHECK(own->self);
  CHECK(own->echo_of == n);
  CHECK(own->id == answer.id);
  const auto heard = bob->wait<said_event>(said(text));
  REQUIRE(heard);
  CHECK_FALSE(heard->self);
  CHECK(heard->from == "anna");
  CHECK(heard->id == answer.id);
  CHECK(heard->where == place{room, true});

  SECTION("correction, reaction, retraction, action and styles") {
    REQUIRE(anna->done(edit_command{room, answer.id, "better"}).ok);
    const auto edited = bob->wait<edited_event>();
    REQUIRE(edited);
    CHECK(edited->id == answer.id);
    CHECK(edited->body.text == "better");
    REQUIRE(bob->done(react_command{room, answer.id, {"\xF0\x9F\x91\x8D"}}).ok);
    const auto reacted = anna->wait<reacted_event>();
    REQUIRE(reacted);
    CHECK(reacted->id == answer.id);
    CHECK(reacted->complete);
    CHECK(reacted->reactions == std::vector<std::string>{"\xF0\x9F\x91\x8D"});
    REQUIRE(bob->done(say_command{room, "*yes*", said_kind::message, answer.id}).ok);
    const auto replied = anna->wait<said_event>(said("*yes*"));
    REQUIRE(replied);
    CHECK(replied->reply_to == answer.id);
    REQUIRE(replied->body.spans.size() == 1);
    CHECK(replied->body.spans[0].style == style_bold);
    REQUIRE(anna->done(say_command{room, "waves", said_kind::action, ""}).ok);
    const auto waved = bob->wait<said_event>(said("waves"));
    REQUIRE(waved);
    CHECK(waved->kind == said_kind::action);
    REQUIRE(anna->done(retract_command{room, answer.id, ""}).ok);
    const auto retracted = bob->wait<retracted_event>();
    REQUIRE(retracted);
    CHECK(retracted->id == answer.id);
    REQUIRE(bob->done(typing_command{room, typing_state::active}).ok);
    const auto typing = anna->wait<typing_event>();
    REQUIRE(typing);
    CHECK(typing->from == "bob");
  }

  SECTION("topic, nick, private messages, away and leaving") {
    CHECK(anna->done(topic_command{room, "Welcome & <hello>", true}).ok);
    const auto topic = bob->wait<topic_event>([](const auto& e) { return !e.topic.text.empty(); });
    REQUIRE(topic);
    CHECK(topic->topic.text == "Welcome & <hello>");
    CHECK(topic->from == "anna");
    CHECK_FALSE(topic->initial);
    const result_event refused = bob->done(topic_command{room, "mine", true});
    CHECK_FALSE(refused.ok);
    CHECK(refused.why.code == failure_code::no_privilege);

    CHECK(bob->done(nick_command{"robert"}).ok);
    const auto renamed = anna->wait<nick_event>();
    REQUIRE(renamed);
    CHECK(renamed->from == "bob");
    CHECK(renamed->to == "robert");
    const auto own_nick = bob->wait<nick_event>();
    REQUIRE(own_nick);
    CHECK(own_nick->self);
    const result_event taken = bob->done(nick_command{"anna"});
    CHECK_FALSE(taken.ok);
    CHECK(taken.why.code == failure_code::nick_in_use);

    CHECK(anna->done(say_command{room + "/robert", "psst", said_kind::message, ""}).ok);
    const auto whisper = bob->wait<said_event>(said("psst"));
    REQUIRE(whisper);
    CHECK(whisper->where == place{room + "/anna", false});
    CHECK(whisper->from == "anna");
    const result_event nobody =
        anna->done(say_command{room + "/nobody", "x", said_kind::message, ""});
    CHECK(nobody.why.code == failure_code::no_such_nick);

    CHECK(bob->done(away_command{"lunch"}).ok);
    const auto away = anna->wait<presence_event>([](const auto& e) { return e.away == 1; });
    REQUIRE(away);
    CHECK(away->from == "robert");
    CHECK(away->text == "lunch");
    CHECK(bob->done(away_command{""}).ok);
    CHECK(anna->wait<presence_event>([](const auto& e) { return e.away == 0; }));

    CHECK(bob->done(part_command{room, "bye"}).ok);
    const auto left = anna->wait<left_event>();
    REQUIRE(left);
    CHECK(left->from == "robert");
    CHECK(left->text == "bye");
    CHECK(bob->done(say_command{room, "x", said_kind::message, ""}).why.code ==
          failure_code::not_in_room);
  }

  SECTION("the moderator's powers") {
    CHECK(anna->done(power(room, mode_verb::mute, "bob")).ok);
    const auto muted = bob->wait<presence_event>([](const auto& e) { return e.has_roles; });
    REQUIRE(muted);
    CHECK(muted->roles.has(role::visitor));
    CHECK(anna->done(power(room, mode_verb::role, "bob")).ok);
    CHECK(bob->wait<presence_event>([](const auto& e) { return e.roles.has(role::op); }));
    mode_command moderated = power(room, mode_verb::raw, "");
    moderated.changes.push_back({true, "moderated", "", -1});
    CHECK(anna->done(moderated).ok);
    const result_event list = anna->done(list_command{""});
    REQUIRE(list.ok);
    const auto& rooms = std::get<std::vector<room_entry>>(list.data);
    REQUIRE(rooms.size() == 1);
    CHECK(rooms[0].room == room);
    CHECK(rooms[0].members == 2);
    CHECK(anna->done(power(room, mode_verb::role, "bob", false)).ok);
    CHECK(anna->done(kick_command{room, "bob", "enough"}).ok);
    const auto kicked = bob->wait<kicked_event>();
    REQUIRE(kicked);
    CHECK(kicked->self);
    CHECK(kicked->who == "bob");
    CHECK(kicked->text == "enough");
    const auto seen = anna->wait<kicked_event>();
    REQUIRE(seen);
    CHECK_FALSE(seen->self);
    bob->forget();
    CHECK(bob->done(join_command{room, ""}).ok);
    CHECK(anna->done(power(room, mode_verb::ban, "bob")).ok);
    const auto banned = bob->wait<kicked_event>();
    REQUIRE(banned);
    CHECK(banned->ban);
    const result_event refused = bob->done(join_command{room, ""});
    CHECK(refused.why.code == failure_code::banned);
    const result_event bans =
        anna->done(power(room, mode_verb::list, ""));
    REQUIRE(bans.ok);
    CHECK(std::get<std::vector<list_entry>>(bans.data).size() == 1);
  }

  SECTION("history comes from the archive and on joining") {
    for (int i = 0; i < 5; ++i) {
      REQUIRE(bob->done(say_command{room, "line " + std::to_string(i), said_kind::message, ""}).ok);
    }
    REQUIRE(anna->done(history_command{room, "", "", 0, 0, 3}).ok);
    const auto page = anna->wait<history_event>([](const auto& e) { return e.n != 0; });
    REQUIRE(page);
    REQUIRE(page->items.size() == 3);
    CHECK(page->items[2].body.text == "line 4");
    CHECK_FALSE(page->complete);
    anna->forget();
    REQUIRE(anna->done(history_command{room, page->items[0].id, "", 0, 0, 50}).ok);
    const auto older = anna->wait<history_event>();
    REQUIRE(older);
    CHECK(older->complete);
    CHECK(older->items.back().body.text == "line 1");
    auto carol = on.guest("carol", {"lobby"});
    const auto joining = carol->wait<history_event>();
    REQUIRE(joining);
    CHECK(joining->n == 0);
    CHECK(joining->items.back().body.text == "line 4");
    CHECK(joining->items.back().id == page->items[2].id);
  }

  SECTION("a taken nick gets an underscore") {
    auto second = on.guest("anna", {"lobby"});
    const auto in = second->wait<joined_event>(self_in(room));
    REQUIRE(in);
    CHECK(in->from == "anna_");
    bool found = false;
    for (const event_ptr& one : second->describe()) {
      if (const auto* all = std::get_if<members_event>(&one->value())) {
        found = all->members.size() == 3;
      }
    }
    CHECK(found);
  }

  SECTION("leaving the network is told with its reason") {
    bob->end("Page closed");
    CHECK(bob->wait_end());
    const auto left = anna->wait<left_event>();
    REQUIRE(left);
    CHECK(left->text == "Page closed");
  }
}
