// SPDX-License-Identifier: GPL-3.0-or-later
//
// The XMPP bridge with accounts, under TLS, through losses, and on a second kind of server.
#include <catch2/catch.hpp>
#include <set>

#include "tests/live/xmpp_stage.hpp"

TEST_CASE("accounts log in under TLS and talk to each other", "[xmpp_live]") {
  xmpp_server_options options;
  options.tls = true;
  const xmpp_server server = xmpp_server::prosody(options);
  stage on(server.settings());
  auto juliet = on.member("juliet", "capulet");
  auto romeo = on.member("romeo", "montague");
  const auto online = juliet->wait<online_event>();
  REQUIRE(online);
  CHECK(online->account == "juliet@chat.test");
  REQUIRE(romeo->wait<online_event>());

  SECTION("messages, typing, corrections and the archive") {
    const std::uint64_t n =
        juliet->ask(say_command{"romeo@chat.test", "wherefore", said_kind::message, ""});
    const result_event answer = juliet->answer(n);
    INFO(answer.why.text);
    CHECK(answer.ok);
    const auto own = juliet->wait<said_event>(said("wherefore"));
    REQUIRE(own);
    CHECK(own->self);
    CHECK(own->echo_of == n);
    CHECK(own->where == place{"romeo@chat.test", false});
    const auto heard = romeo->wait<said_event>(said("wherefore"));
    REQUIRE(heard);
    CHECK(heard->where == place{"juliet@chat.test", false});
    CHECK(heard->id == answer.id);
    CHECK(romeo->done(typing_command{"juliet@chat.test", typing_state::active}).ok);
    CHECK(juliet->wait<typing_event>());
    CHECK(juliet->done(edit_command{"romeo@chat.test", answer.id, "why"}).ok);
    const auto edited = romeo->wait<edited_event>();
    REQUIRE(edited);
    CHECK(edited->id == answer.id);
    CHECK(romeo->done(react_command{"juliet@chat.test", answer.id, {"!"}}).ok);
    const auto reacted = juliet->wait<reacted_event>();
    REQUIRE(reacted);
    CHECK(reacted->id == answer.id);
    REQUIRE(romeo->done(history_command{"juliet@chat.test", "", "", 0, 0, 10}).ok);
    const auto page = romeo->wait<history_event>();
    REQUIRE(page);
    REQUIRE(page->items.size() == 1);
    CHECK(page->items[0].body.text == "why");
    CHECK(page->complete);
    for (int i = 0; i < 5; ++i) {
      REQUIRE(romeo
                  ->done(say_command{"juliet@chat.test", "line " + std::to_string(i),
                                     said_kind::message, ""})
                  .ok);
    }
    REQUIRE(juliet->wait<said_event>(said("line 4")));
    REQUIRE(juliet->done(history_command{"romeo@chat.test", "", "", 0, 0, 2}).ok);
    const auto latest = juliet->wait<history_event>();
    REQUIRE(latest);
    REQUIRE(latest->items.size() == 2);
    CHECK(latest->items[1].body.text == "line 4");
    juliet->forget();
    REQUIRE(juliet->done(history_command{"romeo@chat.test", latest->items[0].id, "", 0, 0, 2}).ok);
    const auto older = juliet->wait<history_event>();
    REQUIRE(older);
    REQUIRE(older->items.size() == 2);
    CHECK(older->items[1].body.text == "line 2");
  }

  SECTION("a second device hears what the first says") {
    auto phone = on.member("juliet", "capulet");
    REQUIRE(phone->wait<online_event>());
    REQUIRE(phone->done(ping_command{}).ok);  // carbons are on by now
    CHECK(juliet->done(say_command{"romeo@chat.test", "from my desk", said_kind::message, ""}).ok);
    const auto copy = phone->wait<said_event>(said("from my desk"));
    REQUIRE(copy);
    CHECK(copy->self);
    CHECK(copy->where == place{"romeo@chat.test", false});
  }

  SECTION("contacts find each other") {
    CHECK(juliet->done(contacts_command{contact_verb::add, "romeo@chat.test"}).ok);
    const auto asking = romeo->wait<presence_event>(
        [](const auto& e) { return e.contact && e.subscription == "ask"; });
    REQUIRE(asking);
    CHECK(asking->from == "juliet@chat.test");
    CHECK(romeo->done(contacts_command{contact_verb::accept, "juliet@chat.test"}).ok);
    const auto there = juliet->wait<presence_event>(
        [](const auto& e) { return e.contact && e.away == 0 && e.subscription != "none"; });
    REQUIRE(there);
    CHECK(there->from == "romeo@chat.test");
    CHECK(juliet->wait<presence_event>([](const auto& e) { return e.subscription == "ask"; }));
    CHECK(juliet->done(contacts_command{contact_verb::accept, "romeo@chat.test"}).ok);
    CHECK(juliet->wait<presence_event>([](const auto& e) { return e.subscription == "both"; }));
    CHECK(juliet->done(contacts_command{contact_verb::remove, "romeo@chat.test"}).ok);
    CHECK(juliet->wait<presence_event>([](const auto& e) { return e.subscription == "removed"; }));
    CHECK_FALSE(juliet->done(contacts_command{contact_verb::add, "not an address"}).ok);
  }

  SECTION("invitations arrive") {
    REQUIRE(juliet->done(join_command{"balcony", ""}).ok);
    CHECK(juliet->done(invite_command{"balcony", "romeo@chat.test", "come up"}).ok);
    const auto invited = romeo->wait<invited_event>();
    REQUIRE(invited);
    CHECK(invited->room == server.room("balcony"));
    CHECK(invited->text == "come up");
  }

  SECTION("a wrong password is final and says so") {
    auto paris = on.member("romeo", "wrong");
    const auto offline = paris->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->final);
    CHECK(offline->step == login_step::sasl);
    CHECK(offline->why.code == failure_code::bad_password);
    const auto end = paris->wait_end();
    REQUIRE(end);
    CHECK(end->code == failure_code::bad_password);
  }
}

TEST_CASE("direct TLS: accounts, guests, and a certificate nobody vouches for", "[xmpp_live]") {
  xmpp_server_options options;
  options.direct_tls = true;
  const xmpp_server server = xmpp_server::prosody(options);
  network settings = server.settings();
  SECTION("the right certificate") {
    stage on(settings);
    auto juliet = on.member("juliet", "capulet", {"lobby"});
    enter(*juliet, server.room("lobby"));
    auto anna = on.guest("anna", {"lobby"});
    enter(*anna, server.room("lobby"));
    CHECK(anna->done(say_command{"lobby", "under TLS", said_kind::message, ""}).ok);
    CHECK(juliet->wait<said_event>(said("under TLS")));
  }
  SECTION("a certificate nobody vouches for") {
    settings.tls_ca_file.clear();
    stage on(settings);
    auto juliet = on.member("juliet", "capulet");
    const auto offline = juliet->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->step == login_step::tls);
  }
  SECTION("a certificate for another name") {
    settings.tls_name = "elsewhere.test";
    stage on(settings);
    auto juliet = on.member("juliet", "capulet");
    const auto offline = juliet->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->step == login_step::tls);
    CHECK_FALSE(offline->final);
  }
}

TEST_CASE("an account is opened where the server allows it", "[xmpp_live]") {
  xmpp_server_options options;
  options.registration = true;
  options.tls = true;
  const xmpp_server server = xmpp_server::prosody(options);
  stage on(server.settings());
  auto guest = on.guest("anna");
  const auto online = guest->wait<online_event>();
  REQUIRE(online);
  CHECK(std::find(online->features.begin(), online->features.end(), "register") !=
        online->features.end());
  CHECK(guest->done(register_command{"anna", "secret", ""}).ok);
  const result_event again = guest->done(register_command{"anna", "other", ""});
  CHECK(again.why.code == failure_code::nick_in_use);
  auto anna = on.member("anna", "secret");
  const auto in = anna->wait<online_event>();
  REQUIRE(in);
  CHECK(in->account == "anna@chat.test");
}

TEST_CASE("a password is never sent in clear, and a foreign certificate is refused",
          "[xmpp_live]") {
  SECTION("STARTTLS is refused by a server that has none to offer for this name") {
    xmpp_server_options options;
    options.tls = true;
    const xmpp_server server = xmpp_server::prosody(options);
    network settings = server.settings();
    settings.tls_ca_file.clear();  // the system's: our certificate is self-signed
    stage on(settings);
    auto juliet = on.member("juliet", "capulet");
    const auto offline = juliet->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->step == login_step::tls);
    CHECK_FALSE(offline->final);
  }
  SECTION("a server that wants encryption is understood when the settings have none") {
    xmpp_server_options options;
    options.tls = true;
    const xmpp_server server = xmpp_server::prosody(options);
    network settings = server.settings();
    settings.tls = tls_mode::none;
    stage on(settings);
    auto juliet = on.member("juliet", "capulet");
    const auto offline = juliet->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->why.text == "The server wants an encrypted connection.");
  }
}

TEST_CASE("rooms refuse in plain words", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  stage on(server.settings());
  const std::string room = server.room("guarded");
  auto anna = on.guest("anna", {"guarded"});
  enter(*anna, room);
  auto bob = on.guest("bob");
  REQUIRE(bob->wait<online_event>());
  const auto set = [&](const std::string& name, const std::string& value) {
    mode_command mode = power(room, mode_verb::raw, "");
    mode.changes.push_back({true, name, value, -1});
    REQUIRE(anna->done(mode).ok);
  };
  const auto code = [&](const std::string& name, const std::string& key) {
    const result_event answer = bob->done(join_command{name, key});
    INFO(answer.why.text);
    CHECK((answer.ok || !answer.why.text.empty()));
    return answer.why.code;
  };
  SECTION("a password") {
    set("password", "sesame");
    CHECK(code("guarded", "") == failure_code::room_key);
    CHECK(code("guarded", "wrong") == failure_code::room_key);
    CHECK(bob->done(join_command{"guarded", "sesame"}).ok);
  }
  SECTION("members only") {
    set("members_only", "");
    CHECK(code("guarded", "") == failure_code::invite_only);
  }
  SECTION("names no room can have, and rooms nobody serves") {
    CHECK(code("a b", "") == failure_code::bad_room);
    CHECK(code("x/y", "") == failure_code::bad_room);
    CHECK(code("a@b@c", "") == failure_code::bad_room);
    CHECK(code("x@rooms.nowhere.invalid", "") != failure_code::internal);
  }
  SECTION("commands for a room not joined, unknown people, things this network has not") {
    CHECK(bob->done(say_command{"guarded", "x", said_kind::message, ""}).why.code ==
          failure_code::not_in_room);
    CHECK(bob->done(kick_command{room, "anna", ""}).why.code == failure_code::not_in_room);
    CHECK(anna->done(kick_command{room, "nobody", ""}).why.code == failure_code::no_such_nick);
    CHECK(anna->done(say_command{room, "x", said_kind::notice, ""}).why.code ==
          failure_code::not_supported);
    CHECK(anna->done(say_command{"nobody@chat.test", "x", said_kind::message, ""}).why.code ==
          failure_code::no_such_nick);
    CHECK(anna->done(contacts_command{contact_verb::list, ""}).why.code ==
          failure_code::not_supported);
    CHECK(anna->done(whois_command{"nobody", room}).why.code == failure_code::no_such_nick);
    const result_event who = anna->done(whois_command{"anna", room});
    REQUIRE(who.ok);
    CHECK(std::get<person>(who.data).nick == "anna");
    CHECK(anna->done(history_command{"elsewhere", "", "", 0, 0, 10}).why.code ==
          failure_code::not_in_room);
    CHECK(anna->done(ping_command{}).ok);
    CHECK(anna->done(nick_command{""}).why.code == failure_code::bad_nick);
    CHECK(anna->done(raw_command{"<presence/>"}).why.code == failure_code::not_allowed);
  }
}

TEST_CASE("a server that dies and comes back", "[xmpp_live]") {
  xmpp_server server = xmpp_server::prosody();
  stage on(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  anna->forget();
  server.kill();
  const auto offline = anna->wait<offline_event>();
  REQUIRE(offline);
  CHECK(offline->step == login_step::running);
  CHECK_FALSE(offline->final);
  CHECK(offline->retry_in > 0);
  CHECK(anna->done(say_command{room, "x", said_kind::message, ""}).why.code ==
        failure_code::not_online);
  server.start_again();
  const auto online = anna->wait<online_event>();
  REQUIRE(online);
  CHECK(online->resumed);
  enter(*anna, room);
  CHECK(anna->done(say_command{room, "back", said_kind::message, ""}).ok);
  CHECK(anna->wait<gap_event>());
}

TEST_CASE("nothing listens, and a server without guests", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  network settings = server.settings();
  SECTION("a closed port") {
    settings.servers[0].port = 1;
    stage on(settings);
    auto anna = on.guest("anna");
    const auto offline = anna->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->step == login_step::connect);
  }
  SECTION("no guests") {
    settings.anonymous_domain = settings.domain;
    stage on(settings);
    auto anna = on.guest("anna");
    const auto offline = anna->wait<offline_event>();
    REQUIRE(offline);
    CHECK(offline->final);
    CHECK(offline->why.code == failure_code::account_needed);
  }
  SECTION("the room service is found when it is not configured") {
    settings.muc_service.clear();
    stage on(settings);
    auto anna = on.guest("anna", {"lobby"});
    enter(*anna, server.room("lobby"));
  }
}

TEST_CASE("the sessions of a shard share what they hear", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  stage on(server.settings());
  const std::string room = server.room("crowd");
  std::vector<std::unique_ptr<bridge_user>> users;
  constexpr int count = 20;
  for (int i = 0; i < count; ++i) {
    users.push_back(on.guest("user" + std::to_string(i), {"crowd"}));
    enter(*users.back(), room);
  }
  REQUIRE(users[0]->done(say_command{room, "everybody", said_kind::message, ""}).ok);
  std::set<const void*> objects;
  for (int i = 1; i < count; ++i) {
    REQUIRE(users[static_cast<std::size_t>(i)]->wait<said_event>(said("everybody")));
    objects.insert(users[static_cast<std::size_t>(i)]->identity_of<said_event>(said("everybody")));
  }
  CHECK(objects.size() == 1);
  for (auto& user : users) user->forget();
  // Joins, a nick change, a kick and leavings are told to each of them, once.
  auto late = on.guest("late", {"crowd"});
  enter(*late, room);
  REQUIRE(late->done(nick_command{"later"}).ok);
  REQUIRE(users[0]->done(power(room, mode_verb::mute, "later")).ok);
  REQUIRE(users[0]->done(kick_command{room, "later", "out"}).ok);
  REQUIRE(late->wait<kicked_event>());  // before it may come again
  late->forget();
  REQUIRE(late->done(join_command{room, ""}).ok);
  late->end("gone");
  for (auto& user : users) {
    REQUIRE(user->wait<left_event>());
    CHECK(user->count<joined_event>([](const auto& e) { return e.from == "late"; }) == 1);
    CHECK(user->count<joined_event>([](const auto& e) { return e.from == "later"; }) == 1);
    CHECK(user->count<nick_event>([](const auto& e) { return e.to == "later"; }) == 1);
    CHECK(user->count<presence_event>([](const auto& e) { return e.roles.has(role::visitor); }) ==
          1);
    CHECK(user->count<kicked_event>([](const auto& e) { return e.who == "later"; }) == 1);
    CHECK(user->count<left_event>([](const auto& e) { return e.from == "later"; }) == 1);
    for (const event_ptr& one : user->describe()) {
      if (const auto* all = std::get_if<members_event>(&one->value())) {
        CHECK(all->members.size() == count);
      }
    }
  }
}

TEST_CASE("the same on ejabberd", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::ejabberd();
  stage on(server.settings());
  const std::string room = server.room("lobby");
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  auto bob = on.guest("bob", {"lobby"});
  enter(*bob, room);
  const result_event answer =
      anna->done(say_command{room, "hi \xF0\x9F\x98\x80", said_kind::message, ""});
  CHECK(answer.ok);
  const auto heard = bob->wait<said_event>(said("hi \xF0\x9F\x98\x80"));
  REQUIRE(heard);
  CHECK(heard->id == answer.id);
  CHECK(anna->done(topic_command{room, "a topic", true}).ok);
  CHECK(bob->wait<topic_event>([](const auto& e) { return e.topic.text == "a topic"; }));
  CHECK(bob->done(nick_command{"robert"}).ok);
  CHECK(anna->wait<nick_event>());
  CHECK(anna->done(kick_command{room, "robert", "out"}).ok);
  CHECK(bob->wait<kicked_event>());
  CHECK(anna->wait<kicked_event>());
  anna->forget();
  CHECK(bob->done(join_command{room, ""}).ok);
  CHECK(anna->wait<joined_event>([](const auto& e) { return e.from == "robert"; }));
  CHECK(anna->done(power(room, mode_verb::ban, "robert")).ok);
  CHECK(bob->wait<kicked_event>([](const auto& e) { return e.ban; }));
  CHECK(bob->done(join_command{room, ""}).why.code == failure_code::banned);
  REQUIRE(anna->done(history_command{room, "", "", 0, 0, 10}).ok);
  const auto page = anna->wait<history_event>([](const auto& e) { return e.n != 0; });
  REQUIRE(page);
  CHECK(page->items.size() == 1);
  const result_event rooms = anna->done(list_command{""});
  REQUIRE(rooms.ok);
  CHECK(std::get<std::vector<room_entry>>(rooms.data).size() == 1);
  auto carl = on.guest("anna", {"lobby"});
  const auto in = carl->wait<joined_event>(self_in(room));
  REQUIRE(in);
  CHECK(in->from == "anna_");
  CHECK(anna->done(part_command{room, "bye"}).ok);
  CHECK(carl->wait<left_event>([](const auto& e) { return e.from == "anna"; }));
}
