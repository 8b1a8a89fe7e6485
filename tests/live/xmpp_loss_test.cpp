// SPDX-License-Identifier: GPL-3.0-or-later
//
// The XMPP bridge when its connection is lost: nothing that a room said is lost or told twice, and
// what was being said finds its true fate. Each on Prosody and on ejabberd.
#include <catch2/catch.hpp>
#include <set>

#include "tests/live/xmpp_stage.hpp"
#include "tests/support/relay.hpp"

namespace {

struct kind_of_server {
  const char* name;
  xmpp_server (*start)(const xmpp_server_options&);
};
const kind_of_server servers[] = {{"Prosody", &xmpp_server::prosody},
                                  {"ejabberd", &xmpp_server::ejabberd}};

xmpp_server_options with_registration() {
  xmpp_server_options options;
  options.registration = true;
  return options;
}

// One person behind a relay, another at the server itself.
struct lossy_stage {
  explicit lossy_stage(xmpp_server made)
      : server(std::move(made)), way(server.port()), far(through(way)), near(server.settings()) {}
  network through(const relay& passage) const {
    network out = server.settings();
    out.servers[0].port = passage.port();
    return out;
  }
  // ejabberd keeps its accounts where only it can write.
  void open_accounts() {
    auto clerk = near.guest("clerk");
    REQUIRE(clerk->wait<online_event>());
    (void)clerk->done(register_command{"juliet", "capulet", ""});
    (void)clerk->done(register_command{"romeo", "montague", ""});
  }
  void say(bridge_user& who, const std::string& text) {
    REQUIRE(who.done(say_command{server.room("lobby"), text, said_kind::message, ""}).ok);
  }
  xmpp_server server;
  relay way;
  stage far;
  stage near;
};

std::size_t times(bridge_user& who, const std::string& text) {
  return who.count<said_event>(said(text));
}

bool back_online(bridge_user& who) {
  return who.wait<offline_event>().has_value() &&
         who.wait<online_event>([](const auto& e) { return e.resumed; }).has_value();
}

bool is_healed(bridge_user& who, const std::string& room) {
  const auto healed =
      who.wait<healed_event>([&room](const healed_event& e) { return e.room == room; });
  return healed && healed->complete;
}

}  // namespace

TEST_CASE("an account's stream is resumed: no gap, rooms are still joined", "[xmpp_loss]") {
  for (const kind_of_server& kind : servers) {
    DYNAMIC_SECTION(kind.name) {
      lossy_stage on(kind.start(with_registration()));
      on.open_accounts();
      const std::string room = on.server.room("lobby");
      auto juliet = on.far.member("juliet", "capulet", {"lobby"});
      enter(*juliet, room);
      auto bob = on.near.guest("bob", {"lobby"});
      enter(*bob, room);
      on.say(*bob, "before");
      REQUIRE(juliet->wait<said_event>(said("before")));
      juliet->forget();
      on.way.close_door(true);
      on.way.cut();
      REQUIRE(juliet->wait<offline_event>());
      for (int i = 0; i < 5; ++i) on.say(*bob, "missed " + std::to_string(i));
      on.way.close_door(false);
      REQUIRE(back_online(*juliet));
      for (int i = 0; i < 5; ++i) {
        REQUIRE(juliet->wait<said_event>(said("missed " + std::to_string(i))));
      }
      on.say(*juliet, "back");
      REQUIRE(bob->wait<said_event>(said("back")));
      for (int i = 0; i < 5; ++i) CHECK(times(*juliet, "missed " + std::to_string(i)) == 1);
      CHECK(times(*juliet, "before") == 0);
      CHECK(times(*juliet, "back") == 1);
      CHECK(juliet->count<gap_event>([](const auto&) { return true; }) == 0);
      CHECK(juliet->count<joined_event>([](const auto& e) { return e.self; }) == 0);
      CHECK(bob->count<left_event>([](const auto&) { return true; }) == 0);
    }
  }
}

TEST_CASE("what an account was saying when the stream was lost is said once", "[xmpp_loss]") {
  for (const kind_of_server& kind : servers) {
    DYNAMIC_SECTION(kind.name) {
      lossy_stage on(kind.start(with_registration()));
      on.open_accounts();
      const std::string room = on.server.room("lobby");
      auto juliet = on.far.member("juliet", "capulet", {"lobby"});
      enter(*juliet, room);
      auto bob = on.near.guest("bob", {"lobby"});
      enter(*bob, room);
      auto romeo = on.near.member("romeo", "montague");
      REQUIRE(romeo->wait<online_event>());
      on.say(*juliet, "first");
      SECTION("the words never arrived") {
        on.way.lose_to_server();
        const std::uint64_t n = juliet->ask(say_command{room, "lost", said_kind::message, ""});
        const std::uint64_t to_romeo =
            juliet->ask(say_command{"romeo@chat.test", "private", said_kind::message, ""});
        on.way.cut();
        CHECK(juliet->answer(n).ok);
        CHECK(juliet->answer(to_romeo).ok);
        REQUIRE(romeo->wait<said_event>(said("private")));
        CHECK(times(*juliet, "private") == 1);
      }
      SECTION("only the copy was lost") {
        on.way.lose_to_client();
        const std::uint64_t n = juliet->ask(say_command{room, "lost", said_kind::message, ""});
        REQUIRE(bob->wait<said_event>(said("lost")));
        on.way.cut();
        CHECK(juliet->answer(n).ok);
      }
      REQUIRE(bob->wait<said_event>(said("lost")));
      const auto own = juliet->wait<said_event>(said("lost"));
      REQUIRE(own);
      CHECK(own->self);
      CHECK(own->echo_of != 0);
      on.say(*bob, "afterwards");
      REQUIRE(juliet->wait<said_event>(said("afterwards")));
      CHECK(times(*juliet, "lost") == 1);
      CHECK(times(*bob, "lost") == 1);
      CHECK(times(*romeo, "private") <= 1);
    }
  }
}

TEST_CASE("a guest's rooms are healed from their archives", "[xmpp_loss]") {
  for (const kind_of_server& kind : servers) {
    DYNAMIC_SECTION(kind.name) {
      lossy_stage on(kind.start({}));
      const std::string room = on.server.room("lobby");
      auto bob = on.near.guest("bob", {"lobby"});
      enter(*bob, room);
      auto anna = on.far.guest("anna", {"lobby"});
      enter(*anna, room);
      on.say(*bob, "before");
      REQUIRE(anna->wait<said_event>(said("before")));
      on.way.close_door(true);
      on.way.cut();
      REQUIRE(anna->wait<offline_event>());
      for (int i = 0; i < 230; ++i) on.say(*bob, "missed " + std::to_string(i));
      anna->forget();
      on.way.close_door(false);
      // Lines that come while the history is being fetched stand behind it.
      REQUIRE(anna->wait<online_event>());
      for (int i = 0; i < 20; ++i) on.say(*bob, "live " + std::to_string(i));
      REQUIRE(is_healed(*anna, room));
      REQUIRE(anna->wait<said_event>(said("live 19")));
      const auto gap = anna->wait<gap_event>();
      REQUIRE(gap);
      CHECK(gap->room == room);
      CHECK(gap->healing);
      CHECK(gap->from_at > 0);
      CHECK(gap->to_at >= gap->from_at);
      const auto replayed = anna->wait<said_event>(said("missed 7"));
      REQUIRE(replayed);
      CHECK(replayed->replayed);
      CHECK(replayed->from == "bob");
      CHECK(times(*anna, "before") == 0);
      std::vector<std::string> expected;
      for (int i = 0; i < 230; ++i) expected.push_back("missed " + std::to_string(i));
      for (int i = 0; i < 20; ++i) expected.push_back("live " + std::to_string(i));
      CHECK(anna->texts() == expected);
    }
  }
}

TEST_CASE("what a guest was saying when the stream was lost is said once", "[xmpp_loss]") {
  for (const kind_of_server& kind : servers) {
    DYNAMIC_SECTION(kind.name) {
      lossy_stage on(kind.start({}));
      const std::string room = on.server.room("lobby");
      auto bob = on.near.guest("bob", {"lobby"});
      enter(*bob, room);
      auto anna = on.far.guest("anna", {"lobby"});
      enter(*anna, room);
      on.say(*anna, "first");
      std::uint64_t n = 0;
      SECTION("the words never arrived") {
        on.way.lose_to_server();
        n = anna->ask(say_command{room, "lost", said_kind::message, ""});
        on.way.cut();
      }
      SECTION("only the copy was lost") {
        on.way.lose_to_client();
        n = anna->ask(say_command{room, "lost", said_kind::message, ""});
        REQUIRE(bob->wait<said_event>(said("lost")));
        on.way.cut();
      }
      const result_event answer = anna->answer(n);
      CHECK(answer.ok);
      REQUIRE(bob->wait<said_event>(said("lost")));
      const auto own = anna->wait<said_event>(said("lost"));
      REQUIRE(own);
      CHECK(own->self);
      CHECK(own->echo_of == n);
      CHECK(own->id == answer.id);
      on.say(*bob, "afterwards");
      REQUIRE(anna->wait<said_event>(said("afterwards")));
      CHECK(times(*anna, "lost") == 1);
      CHECK(times(*bob, "lost") == 1);
      CHECK(times(*anna, "first") == 1);
    }
  }
}

TEST_CASE("a server that is restarted in mid-talk loses and doubles nothing", "[xmpp_loss]") {
  for (const kind_of_server& kind : servers) {
    DYNAMIC_SECTION(kind.name) {
      xmpp_server_options options;
      options.lasting = true;
      lossy_stage on(kind.start(options));
      const std::string room = on.server.room("lobby");
      auto bob = on.near.guest("bob", {"lobby"});
      enter(*bob, room);
      auto anna = on.far.guest("anna", {"lobby"});
      enter(*anna, room);
      std::vector<std::string> spoken;
      for (int round = 0; round < 2; ++round) {
        // Anna's leg is down while bob talks; then the server goes, with bob's words in its archive.
        on.say(*bob, "both hear this " + std::to_string(round));
        spoken.push_back("both hear this " + std::to_string(round));
        REQUIRE(anna->wait<said_event>(said(spoken.back())));
        on.way.close_door(true);
        on.way.cut();
        for (int i = 0; i < 10; ++i) {
          spoken.push_back("round " + std::to_string(round) + " line " + std::to_string(i));
          on.say(*bob, spoken.back());
        }
        on.server.stop();
        on.server.start_again();
        on.way.close_door(false);
        REQUIRE(anna->wait<said_event>(said(spoken.back())));
        // Nobody says anything before both are back.
        for (bridge_user* one : {bob.get(), anna.get()}) {
          std::set<const healed_event*> ends;
          REQUIRE(one->wait<healed_event>([&ends, round](const healed_event& e) {
            ends.insert(&e);
            return ends.size() > static_cast<std::size_t>(round);
          }));
        }
      }
      CHECK(anna->texts() == spoken);
      CHECK(bob->texts() == spoken);
      CHECK(anna->count<healed_event>([](const auto& e) { return !e.complete; }) == 0);
    }
  }
}

TEST_CASE("an account that cannot be resumed finds its conversations in its archive",
          "[xmpp_loss]") {
  lossy_stage on(xmpp_server::prosody({}));
  auto juliet = on.far.member("juliet", "capulet");
  auto romeo = on.near.member("romeo", "montague");
  REQUIRE(juliet->wait<online_event>());
  REQUIRE(romeo->wait<online_event>());
  const auto tell = [](bridge_user& who, const std::string& to, const std::string& text) {
    return who.done(say_command{to + "@chat.test", text, said_kind::message, ""}).ok;
  };
  REQUIRE(tell(*romeo, "juliet", "before"));
  REQUIRE(juliet->wait<said_event>(said("before")));
  REQUIRE(tell(*juliet, "romeo", "answer"));
  on.way.lose_to_server();
  const std::uint64_t n =
      juliet->ask(say_command{"romeo@chat.test", "on its way", said_kind::message, ""});
  on.way.close_door(true);
  on.way.cut();
  REQUIRE(juliet->wait<offline_event>());
  romeo->forget();
  on.server.kill();  // what it knew of her stream is gone with it
  on.server.start_again();
  REQUIRE(romeo->wait<online_event>());
  REQUIRE(tell(*romeo, "juliet", "while you were away"));
  on.way.close_door(false);
  const auto missed = juliet->wait<said_event>(said("while you were away"));
  REQUIRE(missed);
  CHECK(missed->replayed);
  CHECK(missed->where == place{"romeo@chat.test", false});
  CHECK(is_healed(*juliet, ""));
  CHECK(juliet->answer(n).ok);
  REQUIRE(romeo->wait<said_event>(said("on its way")));
  REQUIRE(tell(*romeo, "juliet", "afterwards"));
  REQUIRE(juliet->wait<said_event>(said("afterwards")));
  CHECK(juliet->texts() == std::vector<std::string>{"before", "answer", "while you were away",
                                                    "on its way", "afterwards"});
  CHECK(times(*romeo, "on its way") == 1);
}

TEST_CASE("what a browser's log has lost comes from the rooms' archives", "[xmpp_loss]") {
  for (const kind_of_server& kind : servers) {
    DYNAMIC_SECTION(kind.name) {
      lossy_stage on(kind.start({}));
      const std::string room = on.server.room("lobby");
      auto bob = on.near.guest("bob", {"lobby"});
      enter(*bob, room);
      auto anna = on.near.guest("anna", {"lobby"});
      enter(*anna, room);
      on.say(*anna, "mine");
      for (int i = 0; i < 3; ++i) on.say(*bob, "line " + std::to_string(i));
      REQUIRE(anna->wait<said_event>(said("line 2")));
      const auto first = anna->wait<said_event>(said("mine"));
      REQUIRE(first);
      anna->forget();
      REQUIRE(anna->heal(first->at));
      CHECK(is_healed(*anna, room));
      CHECK(anna->texts() == std::vector<std::string>{"mine", "line 0", "line 1", "line 2"});
      CHECK(anna->count<said_event>([](const auto& e) { return e.replayed; }) == 4);
      const auto own = anna->wait<said_event>(said("mine"));
      REQUIRE(own);
      CHECK(own->self);
      CHECK(anna->count<gap_event>([](const auto&) { return true; }) == 0);  // the session's to tell
    }
  }
}
