// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/advice.hpp"

#include <catch2/catch.hpp>

using namespace halley;

namespace {

network irc_network() {
  network one;
  one.name = "irc";
  one.kind = network_kind::irc;
  one.servers = {{"irc.example.org", 6667, ""}};
  one.webirc_password = "s3cret";
  one.webirc_gateway = "halley";
  return one;
}

findings seen_as(server_kind kind) {
  findings seen;
  seen.kind = kind;
  seen.gateway = "192.0.2.1";
  seen.is_local = true;
  return seen;
}

std::string all_of(const std::vector<advice_block>& blocks) {
  std::string text;
  for (const advice_block& one : blocks) text += one.where + ": " + one.why + '\n' + one.lines;
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a server is known by what it calls itself", "[check]") {
  struct {
    const char* version;
    server_kind kind;
  } const table[] = {
      {"ngircd-26.1", server_kind::ngircd},
      {"InspIRCd-3", server_kind::inspircd3},
      {"InspIRCd-3.15.0. irc.example.org", server_kind::inspircd3},
      {"InspIRCd-4", server_kind::inspircd4},
      {"UnrealIRCd-6.1.7.2", server_kind::unrealircd},
      {"solanum-1.0-dev", server_kind::solanum},
      {"charybdis-4.1.2", server_kind::solanum},
      {"ergo-2.14.0", server_kind::ergo},
      {"ergo-v2.11.1-abcdef", server_kind::ergo},
      {"server/im Prosody", server_kind::prosody},
      {"ejabberd 23.01", server_kind::ejabberd},
      {"u2.10.12.19", server_kind::unknown},
      {"", server_kind::unknown},
  };
  for (const auto& row : table) {
    CAPTURE(row.version);
    CHECK(server_kind_of(row.version) == row.kind);
  }
}

TEST_CASE("each IRC server gets the gateway's address and password in its own syntax", "[check]") {
  struct {
    server_kind kind;
    const char* file;
    std::vector<const char*> lines;
  } const table[] = {
      {server_kind::ngircd, "ngircd.conf", {"WebircPassword = s3cret\n", "MaxConnectionsIP = 0\n"}},
      {server_kind::inspircd3,
       "inspircd.conf",
       {"<module name=\"cgiirc\">",
        "<cgihost type=\"webirc\" mask=\"192.0.2.1\" password=\"s3cret\">", "webirc=\"halley\"",
        "<exception host=\"*@192.0.2.1\""}},
      {server_kind::inspircd4,
       "inspircd.conf",
       {"<module name=\"gateway\">",
        "<gateway type=\"webirc\" mask=\"192.0.2.1\" password=\"s3cret\">"}},
      {server_kind::unrealircd,
       "unrealircd.conf",
       {"proxy halley {", "match { ip 192.0.2.1; }", "password \"s3cret\";", "maxperip;"}},
      {server_kind::solanum,
       "ircd.conf (Solanum)",
       {"loadmodule \"extensions/m_webirc\";", "user = \"webirc@192.0.2.1\";",
        "spoof = \"webirc.\";", "password = \"s3cret\";", "exempt { ip = \"192.0.2.1\"; };"}},
      {server_kind::ergo,
       "ircd.yaml (Ergo)",
       {"webirc:", "`ergo genpasswd` for: s3cret\n", "- \"192.0.2.1\"\n", "exempted:"}},
  };
  for (const auto& row : table) {
    auto blocks = irc_advice(irc_network(), seen_as(row.kind), true);
    REQUIRE(blocks.size() == 1);
    CHECK(blocks[0].where == row.file);
    for (const char* line : row.lines) {
      CAPTURE(row.file, line, blocks[0].lines);
      CHECK(has(blocks[0].lines, line));
    }
    CHECK_FALSE(has(blocks[0].lines, "{gw}"));
    CHECK_FALSE(has(blocks[0].lines, "{pw}"));
  }
}

TEST_CASE("a password is shown only when asked for", "[check]") {
  for (server_kind kind : {server_kind::unknown, server_kind::ngircd, server_kind::inspircd3,
                           server_kind::unrealircd, server_kind::solanum, server_kind::ergo}) {
    const std::string hidden = all_of(irc_advice(irc_network(), seen_as(kind), false));
    CHECK_FALSE(has(hidden, "s3cret"));
    CHECK(has(hidden, "<webirc_password of halley.toml>"));
  }
  network without = irc_network();
  without.webirc_password.clear();
  CHECK(has(all_of(irc_advice(without, seen_as(server_kind::ngircd), true)),
            "<a new password, the same as webirc_password>"));
}

TEST_CASE("a password keeps its quotes in the server's syntax", "[check]") {
  network quoted = irc_network();
  quoted.webirc_password = "a\"b&c";
  auto lines = [&](server_kind kind) { return all_of(irc_advice(quoted, seen_as(kind), true)); };
  CHECK(has(lines(server_kind::inspircd3), "password=\"a&quot;b&amp;c\""));
  CHECK(has(lines(server_kind::unrealircd), "password \"a\\\"b&c\";"));
  CHECK(has(lines(server_kind::ngircd), "WebircPassword = a\"b&c\n"));
}

TEST_CASE("a server that never said what it is gets the lines of all five", "[check]") {
  auto blocks = irc_advice(irc_network(), seen_as(server_kind::unknown), false);
  REQUIRE(blocks.size() == 5);
  CHECK(has(blocks[0].why, "if the server is ngIRCd"));
  CHECK(has(blocks[1].why, "if the server is InspIRCd 3"));
  CHECK(has(blocks[2].why, "if the server is UnrealIRCd"));
  CHECK(has(blocks[3].why, "if the server is Solanum"));
  CHECK(has(blocks[4].why, "if the server is Ergo"));
}

TEST_CASE("a slow server gets a pace for both sides", "[check]") {
  findings slow = seen_as(server_kind::ngircd);
  slow.is_slowed = true;
  slow.lines = {16, 16, 5, 1.07};
  auto blocks = irc_advice(irc_network(), slow, false);
  REQUIRE(blocks.size() == 2);
  CHECK(has(blocks[0].lines, "MaxPenaltyTime = 0"));
  CHECK(blocks[1].where == "halley.toml");
  CHECK(blocks[1].lines == "flood_burst = 5\nflood_rate = 1.0\n");
}

TEST_CASE("a server across the network without TLS is told how to have it", "[check]") {
  findings far = seen_as(server_kind::inspircd3);
  far.is_local = false;
  auto blocks = irc_advice(irc_network(), far, false);
  REQUIRE(blocks.size() == 2);
  CHECK(has(blocks[0].lines, "port=\"6697\""));
  CHECK(has(blocks[1].lines, "tls = \"direct\""));

  network secure = irc_network();
  secure.tls = tls_mode::direct;
  CHECK(irc_advice(secure, far, false).size() == 1);
}

TEST_CASE("over a Unix socket InspIRCd knows the gateway by the socket's path", "[check]") {
  network local = irc_network();
  local.servers = {{"", 0, "/run/ircd.sock"}};
  findings seen = seen_as(server_kind::inspircd3);
  seen.gateway.clear();
  CHECK(has(all_of(irc_advice(local, seen, false)), "mask=\"/run/ircd.sock\""));
}

TEST_CASE("short nicks are named where they can be made longer", "[check]") {
  findings seen = seen_as(server_kind::ngircd);
  seen.nick_length = 9;
  CHECK(has(all_of(irc_advice(irc_network(), seen, false)), "MaxNickLength = 24"));
  seen.nick_length = 30;
  CHECK_FALSE(has(all_of(irc_advice(irc_network(), seen, false)), "MaxNickLength"));
}

TEST_CASE("XMPP servers are told what was missing, and nothing else", "[check]") {
  network one;
  one.kind = network_kind::xmpp;
  one.domain = "example.org";
  one.tls = tls_mode::starttls;

  findings whole = seen_as(server_kind::prosody);
  std::string text = all_of(xmpp_advice(one, whole));
  CHECK_FALSE(has(text, "\nVirtualHost"));
  CHECK_FALSE(has(text, "Component"));
  CHECK(has(text, "proxy_trusted_proxies = { \"192.0.2.1\" }"));
  CHECK_FALSE(has(text, "ejabberd"));

  whole.needs_anonymous = whole.needs_muc = true;
  text = all_of(xmpp_advice(one, whole));
  CHECK(has(text, "VirtualHost \"guest.example.org\"\n    authentication = \"anonymous\""));
  CHECK(has(text, "Component \"rooms.example.org\" \"muc\""));

  whole.kind = server_kind::ejabberd;
  text = all_of(xmpp_advice(one, whole));
  CHECK(has(text, "anonymous_protocol: sasl_anon"));
  CHECK(has(text, "use_proxy_protocol: true"));
  CHECK(has(text, "host: rooms.example.org"));

  whole.kind = server_kind::unknown;
  CHECK(xmpp_advice(one, whole).size() == 2);
}
