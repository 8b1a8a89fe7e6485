// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a good file becomes, and that the shipped one documents every option with its true default.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "gateway/settings/option_table.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/value_rules.hpp"

namespace halley {

bool operator==(const endpoint& a, const endpoint& b) {
  return a.host == b.host && a.port == b.port && a.unix_path == b.unix_path &&
         a.by_srv == b.by_srv;
}
bool operator==(const http_settings::listen_address& a, const http_settings::listen_address& b) {
  return a.host == b.host && a.port == b.port;
}

namespace {

std::string shipped_text() {
  std::ifstream file(HALLEY_SOURCE_DIR "/config/halley.toml");
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The same file with every "#key = default" made a real line.
std::string with_defaults_written_out(const std::string& text) {
  return std::regex_replace(text, std::regex("(^|\n)#([a-z_]+ = )"), "$1$2");
}

bool same(const option& it, settings& a, network& in_a, settings& b, network& in_b) {
  return std::visit(
      [&](auto* left) { return *left == *std::get<decltype(left)>(it.place(b, in_b)); },
      it.place(a, in_a));
}

TEST_CASE("the PROXY header is named by its version, or wanted as it was before there were two",
          "[settings]") {
  const std::vector<std::pair<std::string, proxy_version>> rows = {
      {"", proxy_version::none},
      {"proxy_header = false", proxy_version::none},
      {"proxy_header = true", proxy_version::v2},
      {"proxy_header = \"v1\"", proxy_version::v1},
      {"proxy_header = \"v2\"", proxy_version::v2},
  };
  for (const auto& [line, version] : rows) {
    const auto all = parse_settings(
        "[[network]]\nname = \"a\"\nservers = [\"127.0.0.1:1\"]\n" + line, "h.toml");
    CHECK(all.networks[0].proxy_header == version);
  }
}

TEST_CASE("servers may be found by SRV records, and those of an XMPP domain need no word",
          "[settings]") {
  const auto all = parse_settings(R"(
[[network]]
name = "irc"
servers = ["srv:irc.example.org", "backup.example.org:6697"]
[[network]]
name = "xmpp"
kind = "xmpp"
domain = "example.org"
)",
                                  "h.toml");
  CHECK(all.networks[0].servers == std::vector<endpoint>{{"irc.example.org", 0, "", true},
                                                         {"backup.example.org", 6697, ""}});
  CHECK(all.networks[1].servers == std::vector<endpoint>{{"example.org", 0, "", true}});
}

TEST_CASE("every kind of value reaches its member", "[settings]") {
  const auto all = parse_settings(R"(
[node]
name = "n7"
shards = 3
drain_s = 0.25
[http]
listen = ["0.0.0.0:80", "[::1]:8080", "unix:/run/halley.sock", "localhost:0"]
origins = ["https://*.example.org:8443", "null"]
trusted_proxies = ["127.0.0.1", "2001:db8::/32"]
[sessions]
outbox_bytes = 65536
outbox_age_s = 90
grace_s = 0
command_rate = 2
[[network]]
name = "irc"
servers = ["irc.example.org:6697", "unix:/run/ircd.sock"]
tls = "direct"
tls_name = "irc.example.org"
flood_rate = 0.5
rooms = ["#a", "#b"]
allow_raw = true
[[network]]
name = "xmpp"
kind = "xmpp"
servers = ["[2001:db8::1]:5222"]
tls = "starttls"
domain = "example.org"
guests = false
)",
                                  "h.toml");
  CHECK(all.node.name == "n7");
  CHECK(all.node.shards == 3);
  CHECK(all.node.drain_ms == 250);
  const std::vector<http_settings::listen_address> listen = {
      {"0.0.0.0", 80}, {"::1", 8080}, {"unix:/run/halley.sock", 0}, {"localhost", 0}};
  CHECK(all.http.listen == listen);
  CHECK(all.http.origins == std::vector<std::string>{"https://*.example.org:8443", "null"});
  CHECK(all.http.trusted_proxies == std::vector<std::string>{"127.0.0.1", "2001:db8::/32"});
  CHECK(all.sessions.outbox.bytes == 65536);
  CHECK(all.sessions.outbox.age == 90 * 1000);
  CHECK(all.sessions.grace_ms == 0);
  CHECK(all.sessions.command_rate == 2);
  REQUIRE(all.networks.size() == 2);
  const network& irc = all.networks[0];
  CHECK(irc.kind == network_kind::irc);
  const std::vector<endpoint> servers = {{"irc.example.org", 6697, ""}, {"", 0, "/run/ircd.sock"}};
  CHECK(irc.servers == servers);
  CHECK(irc.tls == tls_mode::direct);
  CHECK(irc.flood_rate == 0.5);
  CHECK(irc.rooms == std::vector<std::string>{"#a", "#b"});
  CHECK(irc.allow_raw);
  const network& xmpp = all.networks[1];
  CHECK(xmpp.kind == network_kind::xmpp);
  CHECK(xmpp.servers == std::vector<endpoint>{{"2001:db8::1", 5222, ""}});
  CHECK(xmpp.tls == tls_mode::starttls);
  CHECK_FALSE(xmpp.guests);
}

TEST_CASE("a relative path counts from the folder of the settings file", "[settings]") {
  const auto all = parse_settings(
      "[http]\nstatic_root = \".\"\ntls_cert_file = \"passwd\"\ntls_key_file = \"../etc/passwd\"\n"
      "[[network]]\nname = \"a\"\nservers = [\"h:1\"]",
      "/etc/h.toml");
  CHECK(all.http.tls_cert_file == "/etc/passwd");
  CHECK(all.http.tls_key_file == "/etc/passwd");
  CHECK(all.http.static_root == "/etc/");
}

TEST_CASE("the shipped file is accepted and sets nothing but its two example networks",
          "[settings]") {
  auto shipped = read_settings(HALLEY_SOURCE_DIR "/config/halley.toml");
  REQUIRE(shipped.networks.size() == 2);
  settings fresh;
  network unused;
  for (const auto& it : all_options()) {
    if (it.table == "network") continue;
    CAPTURE(it.table, it.key);
    CHECK(same(it, shipped, unused, fresh, unused));
  }
}

TEST_CASE("what the shipped file shows as default is the default", "[settings]") {
  auto plain = parse_settings(shipped_text(), "h.toml");
  auto written = parse_settings(with_defaults_written_out(shipped_text()), "h.toml");
  REQUIRE(written.networks.size() == plain.networks.size());
  for (std::size_t i = 0; i < plain.networks.size(); ++i) {
    for (const auto& it : all_options()) {
      CAPTURE(i, it.table, it.key);
      CHECK(same(it, plain, plain.networks[i], written, written.networks[i]));
    }
  }
}

TEST_CASE("the shipped file names every option in its table and no other", "[settings]") {
  std::set<std::string> named;
  std::string table;
  std::string line;
  std::istringstream lines(shipped_text());
  const std::regex header("\\[+([a-z]+)\\]+");
  const std::regex key("#?([a-z_]+) = .*");
  for (std::smatch match; std::getline(lines, line);) {
    if (std::regex_match(line, match, header)) {
      table = match[1];
    } else if (std::regex_match(line, match, key)) {
      named.insert(table + "." + match[1].str());
    }
  }
  for (const auto& it : all_options()) {
    const std::string whole = std::string(it.table) + "." + std::string(it.key);
    CAPTURE(whole);
    CHECK(named.erase(whole) == 1);
  }
  CHECK(named == std::set<std::string>{});
}

TEST_CASE("addresses are taken apart or refused", "[settings]") {
  for (const auto* good :
       {"a:1", "irc.example.org:65535", "192.0.2.1:6667", "[::1]:1", "unix:/a"}) {
    CAPTURE(good);
    CHECK(parse_endpoint(good));
  }
  for (const auto* bad :
       {"",       ":1",     "a",      "a:",    "a:0",           "a:65536",  "a:1 ",
        " a:1",   "::1:80", "[::1]",  "[a]:1", "192.0.2.300:1", "a b:1",    "-a:1",
        "a..b:1", "unix:",  "unix:a", "a:-1",  "a:+1",          "irc://a:1"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_endpoint(bad));
  }
  CHECK(parse_listen_address("127.0.0.1:0"));
  CHECK_FALSE(parse_endpoint("unix:/" + std::string(107, 'a')));
}

TEST_CASE("origins are scheme and host and nothing else", "[settings]") {
  for (const auto* good : {"https://a.example", "http://localhost:3000", "https://*.a.example",
                           "http://192.0.2.1", "https://[::1]:8443"}) {
    CAPTURE(good);
    CHECK(is_origin(good));
  }
  for (const auto* bad : {"", "a.example", "https://", "https://a.example/", "https://a.example/p",
                          "*", "https://a*.example", "ftp://a.example", "https://a.example:0",
                          "https://user@a.example", "null"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_origin(bad));
  }
  CHECK(is_origin_or_null("null"));
  CHECK(is_origin_or_null("https://*.a.example"));
  for (const auto* bad : {"NULL", "null/", "nullx", "https://", "*", ""}) {
    CAPTURE(bad);
    CHECK_FALSE(is_origin_or_null(bad));
  }
}

}  // namespace
}  // namespace halley
