// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is right option by option and wrong together.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "gateway/settings/mistakes.hpp"
#include "gateway/settings/value_rules.hpp"

namespace halley {
namespace {

// One table of the document: says where a key stands, or where the table begins if it does not.
class place_in_table {
 public:
  place_in_table(const toml::table& table, std::string name, mistakes& found)
      : table_(table), name_(std::move(name)), found_(found) {}

  bool has(std::string_view key) const { return table_.contains(key); }
  // Written as [], other than a list of refused items.
  bool is_empty_list(std::string_view key) const {
    const auto* list = table_[key].as_array();
    return list && list->empty();
  }
  void refuse(std::string_view key, const std::string& text) const {
    const auto* value = table_.get(key);
    found_.add(value ? value->source() : table_.source(), fmt::format("{}.{}", name_, key), text);
  }
  // Both or none.
  void check_pair(std::string_view a, std::string_view b) const {
    if (has(a) && !has(b)) refuse(a, fmt::format("expected {} beside it", b));
    if (has(b) && !has(a)) refuse(b, fmt::format("expected {} beside it", a));
  }

 private:
  const toml::table& table_;
  std::string name_;
  mistakes& found_;
};

bool same_address(const http_settings::listen_address& a, const http_settings::listen_address& b) {
  const bool any_free_port = a.port == 0 && !a.host.starts_with("unix:");
  return !any_free_port && a.host == b.host && a.port == b.port;
}

void check_http(const place_in_table& at, const http_settings& http) {
  at.check_pair("tls_cert_file", "tls_key_file");
  if (at.is_empty_list("listen")) at.refuse("listen", "expected at least one address");
  for (auto it = http.listen.begin(); it != http.listen.end(); ++it)
    if (std::any_of(http.listen.begin(), it, [&](const auto& one) { return same_address(one, *it); }))
      at.refuse("listen", "expected each address once");
}

// Two listeners may share a port: then the kernel would hand browsers to the operators' server.
void check_ops(const place_in_table& at, const settings& all) {
  for (const auto& mine : all.ops.listen)
    for (const auto& theirs : all.http.listen)
      if (same_address(mine, theirs)) at.refuse("listen", "expected another address than http.listen");
}

void check_sessions(const place_in_table& at, const session_limits& limits) {
  if (limits.detached_per_address > limits.per_address) {
    at.refuse("detached_per_address",
              fmt::format("expected at most per_address, {}", limits.per_address));
  }
}

void check_tls(const place_in_table& at, const network& one) {
  at.check_pair("tls_cert_file", "tls_key_file");
  if (one.tls == tls_mode::starttls && one.kind == network_kind::irc) {
    at.refuse("tls", "expected \"none\" or \"direct\": there is no STARTTLS to rely on in IRC");
  }
  if (one.tls == tls_mode::none) {
    for (const auto* key : {"tls_name", "tls_ca_file", "tls_cert_file"}) {
      if (at.has(key)) at.refuse(key, "expected only with tls = \"direct\" or \"starttls\"");
    }
    return;
  }
  const bool nameless = std::any_of(one.servers.begin(), one.servers.end(),
                                    [](const endpoint& it) { return it.host.empty(); });
  // XMPP verifies the domain when no name is given (RFC 6120, 13.7.2.1).
  if (nameless && one.tls_name.empty() && one.kind == network_kind::irc) {
    at.refuse("tls", "expected tls_name beside it: a Unix socket has no name to verify");
  }
}

void check_irc(const place_in_table& at, const network& one) {
  for (const auto& room : one.rooms) {
    if (room.find(',') != room.npos)
      at.refuse("rooms", "expected one room in each text, no commas");
  }
  if (!one.webirc_password.empty() && one.proxy_header != proxy_version::none) {
    at.refuse("proxy_header", "expected only one of webirc_password and proxy_header");
  }
}

void check_network(const place_in_table& at, const network& one) {
  if (!at.has("name")) at.refuse("name", "missing; every network has one");
  if (!at.has("servers") && one.kind == network_kind::irc)
    at.refuse("servers", "missing; every network of kind = \"irc\" has one");
  if (at.is_empty_list("servers")) at.refuse("servers", "expected at least one");
  if (one.kind == network_kind::xmpp && !at.has("domain")) {
    at.refuse("domain", "missing; every network of kind = \"xmpp\" has one");
  }
  if (!one.guests && !one.accounts) {
    at.refuse("guests", "expected guests or accounts to be true, or nobody can enter");
  }
  check_tls(at, one);
  if (one.kind == network_kind::irc) check_irc(at, one);
}

void check_networks(const toml::array& list, const settings& all, mistakes& found) {
  for (std::size_t i = 0; i < list.size() && i < all.networks.size(); ++i) {
    const network& one = all.networks[i];
    const auto* table = list[i].as_table();
    if (!table) continue;
    const place_in_table at(*table, "network", found);
    check_network(at, one);
    const bool twice =
        std::any_of(all.networks.begin(), all.networks.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const network& before) { return before.name == one.name; });
    if (twice && !one.name.empty()) at.refuse("name", "expected a name no other network has");
  }
}

}  // namespace

void find_contradictions(const toml::table& document, const settings& all, mistakes& found) {
  if (const auto* http = document["http"].as_table()) {
    const place_in_table at(*http, "http", found);
    check_http(at, all.http);
  }
  if (const auto* ops = document["ops"].as_table()) {
    check_ops(place_in_table(*ops, "ops", found), all);
  }
  if (const auto* sessions = document["sessions"].as_table()) {
    check_sessions(place_in_table(*sessions, "sessions", found), all.sessions);
  }
  const auto* networks = document["network"].as_array();
  if (networks) {
    check_networks(*networks, all, found);
  } else if (!document.contains("network")) {
    found.add(document.source(), "network", "missing; there is nobody to talk with");
  }
}

}  // namespace halley
