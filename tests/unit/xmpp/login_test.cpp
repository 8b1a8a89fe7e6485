// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logging in to servers that do what none should: each step that goes wrong is told as that step,
// in plain words, and costs its own session only.
#include <catch2/catch.hpp>

#include "bridges/xmpp/network.hpp"
#include "tests/support/bridge_user.hpp"
#include "tests/support/scripted_server.hpp"

using namespace halley;
using namespace halley::test;
using line = scripted_server::line;
using script = std::vector<line>;

namespace {

const std::string header =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' from='a.test' version='1.0'>";

std::string features(const std::string& inside) {
  return "<stream:features>" + inside + "</stream:features>";
}
std::string mechanisms(const std::vector<std::string>& names) {
  std::string out = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>";
  for (const std::string& one : names) out += "<mechanism>" + one + "</mechanism>";
  return features(out + "</mechanisms>");
}
const std::string bind_offer = features("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
const std::string success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";

network settings_for(const scripted_server& server) {
  network out;
  out.name = "x";
  out.kind = network_kind::xmpp;
  endpoint where;
  where.host = "127.0.0.1";
  where.port = server.port();
  out.servers = {where};
  out.domain = "a.test";
  out.muc_service = "rooms.a.test";
  out.connect_timeout_s = 1;
  return out;
}

struct attempt {
  attempt(const scripted_server& server, const std::string& account = "",
          tls_mode tls = tls_mode::none)
      : config(settings_for(server)) {
    config.tls = tls;
    shard.run([this] { net = xmpp::make_network(config, shard.loop()); });
    visitor who;
    who.nick = "anna";
    who.account = account;
    who.password = "pencil";
    user = std::make_unique<bridge_user>(shard, *net, who);
  }
  ~attempt() {
    user.reset();
    shard.run([this] { net.reset(); });
  }
  offline_event offline() {
    const auto found = user->wait<offline_event>();
    REQUIRE(found);
    return *found;
  }
  network config;
  shard_thread shard;
  std::unique_ptr<bridge_network> net;
  std::unique_ptr<bridge_user> user;
};

// A guest's login up to the point where the session stands; nothing answers the bind request.
script guest_until_bound(const std::string& after_success) {
  return {{"<stream:stream", header + mechanisms({"ANONYMOUS"})},
          {"<auth", success},
          {"<stream:stream", after_success}};
}

}  // namespace

TEST_CASE("a server that is something else", "[xmpp_login]") {
  const scripted_server server(script{{"<stream:stream", "HTTP/1.1 400 Bad Request\r\n\r\n"}});
  attempt guest(server);
  const offline_event told = guest.offline();
  CHECK(told.step == login_step::login);
  CHECK(told.why.text == "The server sent something that is not XMPP: text between stanzas.");
  CHECK_FALSE(told.final);
}

TEST_CASE("a server that falls silent, or goes, at each step", "[xmpp_login]") {
  SECTION("before its header") {
    const scripted_server server(script{});
    attempt guest(server);
    const offline_event told = guest.offline();
    CHECK(told.why.code == failure_code::timed_out);
    CHECK(told.step == login_step::login);
  }
  SECTION("before it says who may log in") {
    const scripted_server server(script{{"<stream:stream", header}}, true);
    attempt guest(server);
    CHECK(guest.offline().step == login_step::login);
  }
  SECTION("before the session stands") {
    const scripted_server server(guest_until_bound(header + bind_offer));
    attempt guest(server);
    const offline_event told = guest.offline();
    CHECK(told.step == login_step::login);
    CHECK(told.why.code == failure_code::timed_out);
  }
  SECTION("with a stream error") {
    const scripted_server server(script{
        {"<stream:stream", header + "<stream:error><host-unknown "
                                    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                                    "</stream:stream>"}});
    attempt guest(server);
    CHECK(guest.offline().why.text == "The server does not serve the domain of this network.");
  }
}

TEST_CASE("STARTTLS that is not offered, refused, or followed by clear text", "[xmpp_login]") {
  const std::string offer = features("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const std::string proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
  const auto told_by = [&](script lines) {
    const scripted_server server(std::move(lines));
    attempt guest(server, "", tls_mode::starttls);
    const offline_event told = guest.offline();
    CHECK(told.step == login_step::tls);
    return told.why.text;
  };
  CHECK(told_by({{"<stream:stream", header + mechanisms({"ANONYMOUS"})}}) ==
        "The server offers no encryption (STARTTLS).");
  CHECK(told_by({{"<stream:stream", header + offer},
                 {"<starttls", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}}) ==
        "The server refused to encrypt the connection.");
  CHECK(told_by({{"<stream:stream", header + offer}, {"<starttls", proceed + "<message/>"}}) ==
        "Bytes came in clear after TLS was agreed on.");
}

TEST_CASE("passwords go only where they may", "[xmpp_login]") {
  SECTION("no way to log in that is known") {
    const scripted_server server(
        script{{"<stream:stream", header + mechanisms({"SCRAM-SHA-256"})}});
    attempt juliet(server, "juliet");
    const offline_event told = juliet.offline();
    CHECK(told.final);
    CHECK(told.why.code == failure_code::refused);
  }
  SECTION("a guest is not logged in otherwise") {
    const scripted_server server(script{{"<stream:stream", header + mechanisms({"PLAIN"})}});
    attempt guest(server);
    CHECK(guest.offline().why.code == failure_code::account_needed);
  }
  SECTION("a challenge that would cost the shard its time") {
    // r=<anything>,s=...,i=99999999
    const scripted_server server(script{{"<stream:stream", header + mechanisms({"SCRAM-SHA-1"})},
                                        {"</auth>",
                                         "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                                         "cj14LHM9QUFBQSxpPTk5OTk5OTk5</challenge>"}});
    attempt juliet(server, "juliet");
    const offline_event told = juliet.offline();
    CHECK(told.why.text == "The server's login challenge is not sound.");
    CHECK(told.step == login_step::sasl);
  }
}

TEST_CASE("a banned visitor does not come back", "[xmpp_login]") {
  const scripted_server server(
      script{{"<stream:stream",
              header + "<stream:error><policy-violation "
                       "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text>go away</text>"
                       "</stream:error>"}});
  attempt guest(server);
  const offline_event told = guest.offline();
  CHECK(told.final);
  CHECK(told.why.code == failure_code::not_allowed);
  REQUIRE(guest.user->wait_end());
}

// --- a running session ---------------------------------------------------------------------------

namespace {

// A guest in the room r@rooms.a.test as "anna", with bob there, until the server says something
// that no server should.
script in_a_room(const std::string& then) {
  script out = guest_until_bound(header + bind_offer);
  const std::string room = "r@rooms.a.test";
  const std::string user =
      "<x xmlns='http://jabber.org/protocol/muc#user'>"
      "<item affiliation='none' role='participant'/>";
  out.push_back({"<bind",
                 "<iq type='result' id='@id'><bind "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>g@a.test/x</jid></bind></iq>"});
  out.push_back(
      {"<history", "<presence from='" + room + "/bob'>" + user + "</x></presence>" +
                       "<presence from='" + room + "/anna'>" + user +
                       "<status code='110'/></x></presence><message type='groupchat' from='" +
                       room + "'><subject/></message>" + then});
  return out;
}

visitor anna_in_the_room() {
  visitor who;
  who.nick = "anna";
  who.rooms.push_back({"r", ""});
  return who;
}

struct room_attempt {
  explicit room_attempt(const scripted_server& server) : config(settings_for(server)) {
    config.connect_timeout_s = 5;
    shard.run([this] { net = xmpp::make_network(config, shard.loop()); });
    user = std::make_unique<bridge_user>(shard, *net, anna_in_the_room());
    REQUIRE(user->wait<topic_event>());
  }
  ~room_attempt() {
    user.reset();
    shard.run([this] { net.reset(); });
  }
  network config;
  shard_thread shard;
  std::unique_ptr<bridge_network> net;
  std::unique_ptr<bridge_user> user;
};

}  // namespace

TEST_CASE("what a server may not send ends the stream, and only that", "[xmpp_login]") {
  const std::string from = "<message type='groupchat' from='r@rooms.a.test/bob'><body>";
  const std::string bad[] = {
      from + "\x01</body></message>",
      from + "</subject></message>",
      from + "<!-- --></body></message>",
      from + "\xC0\x80</body></message>",
      from + std::string(300 * 1024, 'x'),
      [] {
        std::string deep;
        for (int i = 0; i < 400000; ++i) deep += "<a>";
        return deep;
      }(),
      "<message><a></b></message>",
  };
  for (const std::string& one : bad) {
    INFO(one.substr(0, 100));
    const scripted_server server(in_a_room(one));
    room_attempt guest(server);
    const auto told = guest.user->wait<offline_event>();
    REQUIRE(told);
    CHECK(told->step == login_step::running);
    CHECK(told->why.text.find("not XMPP") != std::string::npos);
    CHECK_FALSE(told->final);
  }
}

TEST_CASE("odd but harmless stanzas change nothing", "[xmpp_login]") {
  const std::string room = "from='r@rooms.a.test";
  const std::string odd =
      "<presence/><message/><iq/><iq type='result'/><iq type='result' id='nobody'/>"
      "<message type='groupchat' " +
      room +
      "'/><message type='groupchat' from='other@x/y'><body>no"
      "</body></message><presence " +
      room + "'/><presence " + room +
      "/x' type='unavailable'/>"
      "<presence type='error' " +
      room + "/anna'/><message type='error' " + room +
      "/zoe'/>"
      "<unknown xmlns='urn:x'/><message from='a@b'><result xmlns='urn:xmpp:mam:2' queryid='x'>"
      "<forwarded><message><body>forged</body></message></forwarded></result></message>"
      "<message from='evil@x'><received xmlns='urn:xmpp:carbons:2'><forwarded "
      "xmlns='urn:xmpp:forward:0'><message from='bank@x'><body>forged</body></message></forwarded>"
      "</received></message>"
      "<message from='evil@x'><x xmlns='http://jabber.org/protocol/muc#user'/></message>"
      "<iq type='set' id='p' from='evil@x'><query xmlns='jabber:iq:roster'><item "
      "jid='z@z'/></query></iq>"
      "<message type='groupchat' " +
      room + "/bob'><body>&#x1F600; done</body></message>";
  const scripted_server server(in_a_room(odd));
  room_attempt guest(server);
  const auto said = guest.user->wait<said_event>();
  REQUIRE(said);
  CHECK(said->body.text == "\xF0\x9F\x98\x80 done");
  CHECK(guest.user->count<offline_event>([](const auto&) { return true; }) == 0);
  CHECK(guest.user->count<presence_event>([](const auto&) { return true; }) == 0);
}
