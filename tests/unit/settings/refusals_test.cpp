// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a settings file is refused for: one row a mistake, with the exact line a person reads.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "gateway/settings/settings.hpp"

namespace halley {
namespace {

const std::string good_network = R"(
[[network]]
name = "a"
servers = ["127.0.0.1:6667"]
)";

// What is said about a text; empty if it is accepted.
std::string refusal(const std::string& text) {
  try {
    parse_settings(text, "h.toml");
    return "";
  } catch (const settings_error& error) {
    return error.what();
  }
}

struct row {
  std::string text;
  std::string said;
};

TEST_CASE("a mistake in [node], [http] or [sessions] is refused with its place and what was meant",
          "[settings]") {
  const std::vector<row> rows = {
      {"[node]\nshard = 2", "h.toml:2:1: node.shard: unknown key; did you mean shards?"},
      {"[node]\ngrace_s = 2", "h.toml:2:1: node.grace_s: unknown key; it belongs to sessions"},
      {"[node]\nzzzzzzzzzz = 2", "h.toml:2:1: node.zzzzzzzzzz: unknown key"},
      {"[nodes]\nshards = 2", "h.toml:1:2: nodes: unknown table; did you mean node?"},
      {"[colours]\nred = 2",
       "h.toml:1:2: colours: unknown table; there are node, http, bayeux, ops, sessions and network"},
      {"node = 3", "h.toml:1:8: node: expected the table [node]"},
      {"[node]\nshards = \"two\"",
       "h.toml:2:10: node.shards: expected a whole number from 0 to 256, not a text"},
      {"[node]\nshards = 1.5",
       "h.toml:2:10: node.shards: expected a whole number from 0 to 256, "
       "not a number with a fraction"},
      {"[node]\nshards = 257", "h.toml:2:10: node.shards: expected a whole number from 0 to 256"},
      {"[node]\nshards = -1", "h.toml:2:10: node.shards: expected a whole number from 0 to 256"},
      {"[node]\ndrain_s = nan",
       "h.toml:2:11: node.drain_s: expected a number of seconds from 0 to 3600"},
      {"[node]\ndrain_s = \"10s\"",
       "h.toml:2:11: node.drain_s: expected a number of seconds from 0 to 3600, not a text"},
      {"[node]\nname = \"N-1\"", "h.toml:2:8: node.name: expected 1 to 16 of a-z and 0-9"},
      {"[node]\nname = \"\"", "h.toml:2:8: node.name: expected 1 to 16 of a-z and 0-9"},
      {"[node]\nlog_level = \"loud\"",
       "h.toml:2:13: node.log_level: expected \"debug\", \"info\", \"warn\" or \"error\""},
      {"[node]\nkey_file = \"/nowhere/key\"",
       "h.toml:2:12: node.key_file: expected a file that exists and can be read"},
      {"[http]\nlisten = \"127.0.0.1:80\"",
       "h.toml:2:10: http.listen: expected a list of \"host:port\", \"[IPv6 address]:port\" or "
       "\"unix:/path\", not a text"},
      {"[http]\nlisten = []", "h.toml:2:10: http.listen: expected at least one address"},
      {"[http]\nlisten = [\"8080\"]",
       "h.toml:2:11: http.listen: expected \"host:port\", \"[IPv6 address]:port\" or "
       "\"unix:/path\""},
      {"[http]\nlisten = [\"[::1]:80\", \"[::1]:80\"]",
       "h.toml:2:10: http.listen: expected each address once"},
      {"[ops]\nlisten = [\"127.0.0.1:8080\"]",
       "h.toml:2:10: ops.listen: expected another address than http.listen"},
      {"[http]\ntls_cert_file = \"/etc/passwd\"",
       "h.toml:2:17: http.tls_cert_file: expected tls_key_file beside it"},
      {"[http]\ntls_key_file = \"/etc/passwd\"",
       "h.toml:2:16: http.tls_key_file: expected tls_cert_file beside it"},
      {"[http]\nallow_missing_origin = 1",
       "h.toml:2:24: http.allow_missing_origin: expected true or false"},
      {"[http]\norigins = [\"https://a.example\", \"b.example\"]",
       "h.toml:2:33: http.origins: expected an origin such as \"https://www.example.org\" or "
       "\"https://*.example.org\", without a path"},
      {"[http]\norigins = [3]",
       "h.toml:2:12: http.origins: expected a text in quotes, not a whole number"},
      {"[http]\ntrusted_proxies = [\"10.0.0.0/33\"]",
       "h.toml:2:20: http.trusted_proxies: expected an address or a range such as "
       "\"192.0.2.0/24\" or \"2001:db8::/32\""},
      {"[http]\nxmpp_successor = \"https://a\"",
       "h.toml:2:18: http.xmpp_successor: expected an address such as "
       "\"wss://chat.example.org/xmpp-websocket\""},
      {"[http]\nstatic_root = \"/nowhere\"",
       "h.toml:2:15: http.static_root: expected a folder that exists"},
      {"[sessions]\nper_address = 5\ndetached_per_address = 6",
       "h.toml:3:24: sessions.detached_per_address: expected at most per_address, 5"},
      {"[sessions]\ncommand_rate = 0",
       "h.toml:2:16: sessions.command_rate: expected a number from 0.1 to 1000000"},
      {"[sessions\n", "h.toml:1:10: not TOML"},
  };
  for (const auto& it : rows) {
    CAPTURE(it.text);
    const std::string said = refusal(it.text + good_network);
    if (it.said.ends_with("not TOML")) {
      CHECK(said.starts_with(it.said));
    } else {
      CHECK(said == it.said);
    }
  }
}

TEST_CASE("a mistake in a network is refused with its place and what was meant", "[settings]") {
  const std::string names = "[[network]]\nname = \"a\"\nservers = [\"127.0.0.1:1\"]\n";
  const std::vector<row> rows = {
      {"", "h.toml:1:1: network: missing; there is nobody to talk with"},
      {"[network]\nname = \"a\"",
       "h.toml:1:1: network: expected [[network]] in double brackets, once for each network"},
      {"[[network]]",
       "h.toml:1:1: network.name: missing; every network has one\n"
       "h.toml:1:1: network.servers: missing; every network of kind = \"irc\" has one"},
      {names + names, "h.toml:5:8: network.name: expected a name no other network has"},
      {"[[network]]\nname = \"A B\"\nservers = [\"127.0.0.1:1\"]",
       "h.toml:2:8: network.name: expected 1 to 32 of a-z, 0-9, _ and -"},
      {"[[network]]\nname = \"a\"\nservers = []",
       "h.toml:3:11: network.servers: expected at least one"},
      {"[[network]]\nname = \"a\"\nservers = [\"irc.example.org\"]",
       "h.toml:3:12: network.servers: expected \"host:port\", \"[IPv6 address]:port\", "
       "\"srv:domain\" or \"unix:/path\""},
      {"[[network]]\nname = \"a\"\nservers = [\"srv:192.0.2.1\"]",
       "h.toml:3:12: network.servers: expected \"host:port\", \"[IPv6 address]:port\", "
       "\"srv:domain\" or \"unix:/path\""},
      {names + "resolver = \"dns.example.org:53\"",
       "h.toml:4:12: network.resolver: expected an address and a port such as \"127.0.0.1:53\""},
      {names + "connects_at_once = 0",
       "h.toml:4:20: network.connects_at_once: expected a whole number from 1 to 10000"},
      {names + "kind = \"matrix\"", "h.toml:4:8: network.kind: expected \"irc\" or \"xmpp\""},
      {names + "kind = \"xmpp\"",
       "h.toml:1:1: network.domain: missing; every network of kind = \"xmpp\" has one"},
      {names + "kind = \"xmpp\"\ndomain = \"a.example\"\nwebirc_password = \"x\"",
       "h.toml:6:1: network.webirc_password: expected only where kind = \"irc\""},
      {names + "domain = \"a.example\"",
       "h.toml:4:1: network.domain: expected only where kind = \"xmpp\""},
      {names + "tls = true",
       "h.toml:4:7: network.tls: expected \"none\", \"starttls\" or \"direct\""},
      {names + "tls = \"starttls\"",
       "h.toml:4:7: network.tls: expected \"none\" or \"direct\": there is no STARTTLS to rely on "
       "in "
       "IRC"},
      {names + "tls_name = \"a.example\"",
       "h.toml:4:12: network.tls_name: expected only with tls = \"direct\" or \"starttls\""},
      {names + "tls = \"direct\"\ntls_cert_file = \"/etc/passwd\"",
       "h.toml:5:17: network.tls_cert_file: expected tls_key_file beside it"},
      {"[[network]]\nname = \"a\"\nservers = [\"unix:/run/ircd\"]\ntls = \"direct\"",
       "h.toml:4:7: network.tls: expected tls_name beside it: a Unix socket has no name to verify"},
      {names + "guests = false\naccounts = false",
       "h.toml:4:10: network.guests: expected guests or accounts to be true, or nobody can enter"},
      {names + "rooms = [\"#a,#b\"]",
       "h.toml:4:9: network.rooms: expected one room in each text, no commas"},
      {names + "rooms = [\"#a b\"]", "h.toml:4:10: network.rooms: expected one word"},
      {names + "quit_text = \"a\\r\\nQUIT\"",
       "h.toml:4:13: network.quit_text: expected one line of text"},
      {names + "webirc_password = \"a b\"",
       "h.toml:4:19: network.webirc_password: expected one word, not beginning with \":\""},
      {names + "webirc_password = \"a\"\nproxy_header = true",
       "h.toml:5:16: network.proxy_header: expected only one of webirc_password and proxy_header"},
      {names + "proxy_header = \"v3\"",
       "h.toml:4:16: network.proxy_header: expected \"v1\", \"v2\", true (v2) or false"},
      {names + "webirc_pasword = \"a\"",
       "h.toml:4:1: network.webirc_pasword: unknown key; did you mean webirc_password?"},
      {names + "flood_burst = 0",
       "h.toml:4:15: network.flood_burst: expected a whole number from 1 to 1000000"},
  };
  for (const auto& it : rows) {
    CAPTURE(it.text);
    CHECK(refusal(it.text) == it.said);
  }
}

TEST_CASE("all mistakes of a file are said in one go, in the order of the file", "[settings]") {
  const std::string said = refusal(R"([node]
shards = "many"
[http]
trusted_proxies = ["nonsense", "10.0.0.0/8", "10.0.0.0/99"]
tls_cert_file = "/etc/passwd"
[[network]]
name = "a"
severs = ["127.0.0.1:1"]
guests = false
accounts = false
)");
  CHECK(said ==
        "h.toml:2:10: node.shards: expected a whole number from 0 to 256, not a text\n"
        "h.toml:4:20: http.trusted_proxies: expected an address or a range such as "
        "\"192.0.2.0/24\" or \"2001:db8::/32\"\n"
        "h.toml:4:46: http.trusted_proxies: expected an address or a range such as "
        "\"192.0.2.0/24\" or \"2001:db8::/32\"\n"
        "h.toml:5:17: http.tls_cert_file: expected tls_key_file beside it\n"
        "h.toml:6:1: network.servers: missing; every network of kind = \"irc\" has one\n"
        "h.toml:8:1: network.severs: unknown key; did you mean servers?\n"
        "h.toml:9:10: network.guests: expected guests or accounts to be true, or nobody can enter");
}

TEST_CASE("a refusal never repeats a secret", "[settings]") {
  const std::string said =
      refusal("[[network]]\nname = \"a\"\nservers = [\"h:1\"]\nwebirc_password = \"top secret\"");
  CHECK(said.find("webirc_password") != said.npos);
  CHECK(said.find("secret") == said.npos);
}

TEST_CASE("a file that is not there is refused by name", "[settings]") {
  CHECK_THROWS_WITH(read_settings("/nowhere/halley.toml"),
                    "/nowhere/halley.toml: cannot be read: No such file or directory");
  CHECK_THROWS_WITH(read_settings("/tmp"), "/tmp: cannot be read: Is a directory");
}

}  // namespace
}  // namespace halley
