// SPDX-License-Identifier: GPL-3.0-or-later
//
// What no real server does on demand: a server that follows a script loses a copy, sends one twice,
// sends us elsewhere, or ends the stream for good.
#include <catch2/catch.hpp>

#include "tests/live/xmpp_stage.hpp"
#include "tests/support/scripted_server.hpp"

namespace {

using script = std::vector<scripted_server::line>;

const std::string header =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    "from='chat.test' id='1' version='1.0'>";
const std::string room = "lobby@rooms.chat.test";

// Logs a guest in and lets him into the room, which never says what it can do.
script guest_in_room() {
  return {{"<stream:stream", header +
                                 "<stream:features><mechanisms "
                                 "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS"
                                 "</mechanism></mechanisms></stream:features>"},
          {"<auth", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"},
          {"<stream:stream", header +
                                 "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                                 "</stream:features>"},
          {"</bind></iq>", "<iq type='result' id='@id'><bind "
                           "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>g@chat.test/x</jid>"
                           "</bind></iq>"},
          {"</presence>",
           "<presence from='" + room +
               "/anna'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' "
               "role='participant'/><status code='110'/></x></presence><message type='groupchat' "
               "from='" + room + "'><subject/></message>"}};
}

network settings_of(const scripted_server& server) {
  network out;
  out.name = "scripted";
  out.kind = network_kind::xmpp;
  endpoint where;
  where.host = "127.0.0.1";
  where.port = server.port();
  out.servers = {where};
  out.domain = out.anonymous_domain = "chat.test";
  out.muc_service = "rooms.chat.test";
  out.connect_timeout_s = 10;
  return out;
}

std::size_t times_said(bridge_user& who, const std::string& text) {
  return who.count<said_event>(said(text));
}

std::string copy_of_line(const std::string& text) {
  return "<message type='groupchat' id='@id' from='" + room + "/anna'><body>" + text +
         "</body></message>";
}

std::string line_of_bob(const std::string& text) {
  return "<message type='groupchat' id='b' from='" + room + "/bob'><body>" + text +
         "</body></message>";
}

}  // namespace

TEST_CASE("a copy of an own line that comes twice is told once", "[xmpp_fault]") {
  script lines = guest_in_room();
  lines.push_back({"<body>hello</body>", copy_of_line("hello") + copy_of_line("hello")});
  lines.push_back({"<body>bye</body>", copy_of_line("bye")});
  scripted_server server(lines);
  stage on(settings_of(server));
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  CHECK(anna->done(say_command{room, "hello", said_kind::message, ""}).ok);
  CHECK(anna->done(say_command{room, "bye", said_kind::message, ""}).ok);
  CHECK(anna->texts() == std::vector<std::string>{"hello", "bye"});
}

TEST_CASE("a copy that never comes: we ask whether we are still in, and come in again",
          "[xmpp_fault]") {
  script lines = guest_in_room();
  const std::string entered = lines.back().send;
  lines.push_back({"<body>gone</body>", ""});
  lines.push_back({"urn:xmpp:ping", "<iq type='error' id='@id' from='" + room +
                                        "/anna'><error type='cancel'><not-acceptable "
                                        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"});
  lines.push_back({"</presence>", entered});
  lines.push_back({"<body>here</body>", copy_of_line("here")});
  scripted_server server(lines);
  stage on(settings_of(server));
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  const std::uint64_t n = anna->ask(say_command{room, "gone", said_kind::message, ""});
  std::optional<result_event> answer;
  for (int i = 0; i < 6 && !answer; ++i) {  // 20 s until the copy is missed
    answer = anna->wait<result_event>([n](const result_event& e) { return e.n == n; });
  }
  REQUIRE(answer);
  CHECK_FALSE(answer->ok);
  CHECK(answer->why.code == failure_code::lost);
  CHECK(anna->count<joined_event>([](const auto& e) { return e.self; }) == 2);
  CHECK(anna->done(say_command{room, "here", said_kind::message, ""}).ok);
}

TEST_CASE("the server is told whether anybody looks", "[xmpp_fault]") {
  script lines = guest_in_room();
  lines[2].send = header +
                  "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                  "<csi xmlns='urn:xmpp:csi:0'/></stream:features>";
  lines.push_back({"<inactive", line_of_bob("nobody looks")});
  lines.push_back({"<active", line_of_bob("somebody looks")});
  scripted_server server(lines);
  stage on(settings_of(server));
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  anna->attach(false);
  REQUIRE(anna->wait<said_event>(said("nobody looks")));
  CHECK(times_said(*anna, "somebody looks") == 0);
  anna->attach(true);
  REQUIRE(anna->wait<said_event>(said("somebody looks")));
}

TEST_CASE("a server that ends the stream for good is not asked again", "[xmpp_fault]") {
  struct row {
    const char* condition;
    failure_code code;
  };
  const row rows[] = {{"policy-violation", failure_code::not_allowed},
                      {"conflict", failure_code::refused},
                      {"not-authorized", failure_code::bad_password}};
  for (const row& one : rows) {
    DYNAMIC_SECTION(one.condition) {
      script lines = guest_in_room();
      lines.push_back({"<body>x</body>", std::string("<stream:error><") + one.condition +
                                             " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                                             "</stream:error></stream:stream>"});
      scripted_server server(lines);
      stage on(settings_of(server));
      auto anna = on.guest("anna", {"lobby"});
      enter(*anna, room);
      const std::uint64_t n = anna->ask(say_command{room, "x", said_kind::message, ""});
      const auto offline = anna->wait<offline_event>();
      REQUIRE(offline);
      CHECK(offline->final);
      CHECK(offline->why.code == one.code);
      CHECK_FALSE(anna->answer(n).ok);
      REQUIRE(anna->wait_end());
    }
  }
}

TEST_CASE("a server that names another one is followed there", "[xmpp_fault]") {
  scripted_server second(guest_in_room());
  script lines = guest_in_room();
  lines.push_back({"<body>x</body>",
                   "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                   "127.0.0.1:" + std::to_string(second.port()) +
                       "</see-other-host></stream:error></stream:stream>"});
  scripted_server first(lines);
  stage on(settings_of(first));
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  anna->forget();
  (void)anna->ask(say_command{room, "x", said_kind::message, ""});
  const auto offline = anna->wait<offline_event>();
  REQUIRE(offline);
  CHECK_FALSE(offline->final);
  REQUIRE(anna->wait<online_event>());
  enter(*anna, room);
}

TEST_CASE("a room without an archive: what lay between cannot be known", "[xmpp_fault]") {
  scripted_server second(guest_in_room());
  script lines = guest_in_room();
  lines.push_back({"<body>x</body>",
                   "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                   "127.0.0.1:" + std::to_string(second.port()) +
                       "</see-other-host></stream:error></stream:stream>"});
  scripted_server first(lines);
  stage on(settings_of(first));
  auto anna = on.guest("anna", {"lobby"});
  enter(*anna, room);
  const std::uint64_t n = anna->ask(say_command{room, "x", said_kind::message, ""});
  const auto gap = anna->wait<gap_event>();
  REQUIRE(gap);
  CHECK(gap->room == room);
  CHECK_FALSE(gap->healing);
  CHECK(gap->reason == "network");
  CHECK(gap->from_at > 0);
  const result_event answer = anna->answer(n);
  CHECK_FALSE(answer.ok);
  CHECK(answer.why.code == failure_code::lost);
}
