// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/settings/option_table.hpp"

#include <algorithm>

#include "gateway/settings/value_rules.hpp"

namespace halley {
namespace {

// The address of a member, reached through the members named: in<&settings::sessions,
// &session_limits::outbox, &outbox_limits::bytes>.
template <auto... Path>
slot in(settings& all, network&) {
  return &(all.*....*Path);
}
template <auto Member>
slot of(settings&, network& one) {
  return &(one.*Member);
}

using node = settings::node_part;
using web = http_settings;
using limits = session_limits;
constexpr auto in_node = &settings::node;
constexpr auto in_http = &settings::http;
constexpr auto in_ops = &settings::ops;
constexpr auto in_sessions = &settings::sessions;
constexpr auto in_bayeux = &http_settings::bayeux;
constexpr auto in_outbox = &session_limits::outbox;
constexpr auto for_irc = applies_to::irc;
constexpr auto for_xmpp = applies_to::xmpp;

constexpr double day = 24 * 3600;
constexpr double gib = 1024.0 * 1024 * 1024;

constexpr text_rule node_name{is_node_name, "1 to 16 of a-z and 0-9"};
constexpr text_rule log_level{is_log_level, "\"debug\", \"info\", \"warn\" or \"error\""};
constexpr text_rule file{is_file_or_empty, "a file that exists and can be read", true};
constexpr text_rule folder{is_folder_or_empty, "a folder that exists", true};
constexpr text_rule origin{
    is_origin_or_null,
    "an origin such as \"https://www.example.org\" or \"https://*.example.org\", without a path"};
constexpr text_rule websocket_address{is_websocket_address_or_empty,
                                      "an address such as \"wss://chat.example.org/xmpp-websocket\""};
constexpr text_rule cidr{is_cidr,
                         "an address or a range such as \"192.0.2.0/24\" or \"2001:db8::/32\""};
constexpr text_rule network_name{is_network_name, "1 to 32 of a-z, 0-9, _ and -"};
constexpr text_rule line{is_line, "one line of text"};
constexpr text_rule word{is_word, "one word"};
constexpr text_rule secret{is_word_or_empty, "one word, not beginning with \":\""};
constexpr text_rule publish_key{is_key_or_empty, "at least 16 characters without a space"};
constexpr text_rule resolver{is_resolver_or_empty,
                             "an address and a port such as \"127.0.0.1:53\""};
constexpr text_rule domain{is_domain_or_empty, "a domain name"};

constexpr option table[] = {
    {"node", "name", in<in_node, &node::name>, 0, 0, &node_name},
    {"node", "shards", in<in_node, &node::shards>, 0, 256},
    {"node", "key_file", in<in_node, &node::key_file>, 0, 0, &file},
    {"node", "drain_s", in<in_node, &node::drain_ms>, 0, 3600},
    {"node", "log_level", in<in_node, &node::log_level>, 0, 0, &log_level},

    {"http", "listen", in<in_http, &web::listen>},
    {"http", "tls_cert_file", in<in_http, &web::tls_cert_file>, 0, 0, &file},
    {"http", "tls_key_file", in<in_http, &web::tls_key_file>, 0, 0, &file},
    {"http", "origins", in<in_http, &web::origins>, 0, 0, &origin},
    {"http", "allow_missing_origin", in<in_http, &web::allow_missing_origin>},
    {"http", "script_carrier", in<in_http, &web::script_carrier>},
    {"http", "trusted_proxies", in<in_http, &web::trusted_proxies>, 0, 0, &cidr},
    {"http", "xmpp_successor", in<in_http, &web::xmpp_successor>, 0, 0, &websocket_address},
    {"http", "static_root", in<in_http, &web::static_root>, 0, 0, &folder},
    {"http", "body_limit", in<in_http, &web::body_limit>, 1024, 16 * 1024 * 1024},
    {"http", "header_limit", in<in_http, &web::header_limit>, 1024, 1024 * 1024},
    {"http", "header_timeout_s", in<in_http, &web::header_timeout_ms>, 0.1, 3600},
    {"http", "body_timeout_s", in<in_http, &web::body_timeout_ms>, 0.1, 3600},
    {"http", "idle_timeout_s", in<in_http, &web::idle_timeout_ms>, 0.1, day},
    {"http", "connections_per_address", in<in_http, &web::connections_per_address>, 1, 1e6},

    {"bayeux", "enabled", in<in_http, in_bayeux, &bayeux_settings::enabled>},
    {"bayeux", "polls_per_browser", in<in_http, in_bayeux, &bayeux_settings::polls_per_browser>, 0,
     1e6},
    {"bayeux", "idle_s", in<in_http, in_bayeux, &bayeux_settings::idle_ms>, 0, day},
    {"bayeux", "publish_key", in<in_http, in_bayeux, &bayeux_settings::publish_key>, 0, 0, &publish_key},
    {"bayeux", "publish_nick", in<in_http, in_bayeux, &bayeux_settings::publish_nick>, 0, 0, &word},

    {"ops", "listen", in<in_ops, &settings::ops_part::listen>},

    {"sessions", "outbox_bytes", in<in_sessions, in_outbox, &outbox_limits::bytes>, 4096, gib},
    {"sessions", "outbox_count", in<in_sessions, in_outbox, &outbox_limits::count>, 16, 1e6},
    {"sessions", "outbox_age_s", in<in_sessions, in_outbox, &outbox_limits::age>, 1, day},
    {"sessions", "grace_s", in<in_sessions, &limits::grace_ms>, 0, day},
    {"sessions", "hold_s", in<in_sessions, &limits::hold_ms>, 0.1, 3600},
    {"sessions", "heartbeat_s", in<in_sessions, &limits::heartbeat_ms>, 0.1, 3600},
    {"sessions", "poll_s", in<in_sessions, &limits::poll_ms>, 0.1, 60},
    {"sessions", "stream_bytes", in<in_sessions, &limits::stream_bytes>, 16384, gib},
    {"sessions", "per_address", in<in_sessions, &limits::per_address>, 1, 1e6},
    {"sessions", "detached_per_address", in<in_sessions, &limits::detached_per_address>, 0, 1e6},
    {"sessions", "total", in<in_sessions, &limits::total>, 1, 1e6},
    {"sessions", "command_rate", in<in_sessions, &limits::command_rate>, 0.1, 1e6},
    {"sessions", "command_burst", in<in_sessions, &limits::command_burst>, 1, 1e6},

    {"network", "name", of<&network::name>, 0, 0, &network_name},
    {"network", "title", of<&network::title>, 0, 0, &line},
    {"network", "kind", of<&network::kind>},
    {"network", "servers", of<&network::servers>},
    {"network", "tls", of<&network::tls>},
    {"network", "tls_name", of<&network::tls_name>, 0, 0, &domain},
    {"network", "tls_ca_file", of<&network::tls_ca_file>, 0, 0, &file},
    {"network", "tls_cert_file", of<&network::tls_cert_file>, 0, 0, &file},
    {"network", "tls_key_file", of<&network::tls_key_file>, 0, 0, &file},
    {"network", "proxy_header", of<&network::proxy_header>},
    {"network", "resolver", of<&network::resolver>, 0, 0, &resolver},
    {"network", "connects_at_once", of<&network::connects_at_once>, 1, 10000},
    {"network", "guests", of<&network::guests>},
    {"network", "accounts", of<&network::accounts>},
    {"network", "raw_clients", of<&network::raw_clients>},
    {"network", "rooms", of<&network::rooms>, 0, 0, &word},
    {"network", "quit_text", of<&network::quit_text>, 0, 0, &line},
    {"network", "watch_rooms", of<&network::watch_rooms>, 0, 0, &word},
    {"network", "watch_lines", of<&network::watch_lines>, 0, 100},
    {"network", "watch_nick", of<&network::watch_nick>, 0, 0, &word},
    {"network", "connect_timeout_s", of<&network::connect_timeout_s>, 1, 600},
    {"network", "keepalive_s", of<&network::keepalive_s>, 1, day},

    {"network", "server_password", of<&network::server_password>, 0, 0, &line, for_irc},
    {"network", "webirc_password", of<&network::webirc_password>, 0, 0, &secret, for_irc},
    {"network", "webirc_gateway", of<&network::webirc_gateway>, 0, 0, &word, for_irc},
    {"network", "user_name", of<&network::user_name>, 0, 0, &word, for_irc},
    {"network", "real_name", of<&network::real_name>, 0, 0, &line, for_irc},
    {"network", "flood_rate", of<&network::flood_rate>, 0.1, 1e6, nullptr, for_irc},
    {"network", "flood_burst", of<&network::flood_burst>, 1, 1e6, nullptr, for_irc},
    {"network", "allow_raw", of<&network::allow_raw>, 0, 0, nullptr, for_irc},

    {"network", "domain", of<&network::domain>, 0, 0, &domain, for_xmpp},
    {"network", "anonymous_domain", of<&network::anonymous_domain>, 0, 0, &domain, for_xmpp},
    {"network", "muc_service", of<&network::muc_service>, 0, 0, &domain, for_xmpp},
    {"network", "resource", of<&network::resource>, 0, 0, &word, for_xmpp},
};

}  // namespace

std::span<const option> all_options() {
  return table;
}

const option* find_option(std::string_view table_name, std::string_view key) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const option& it) {
    return it.table == table_name && it.key == key;
  });
  return found == std::end(table) ? nullptr : &*found;
}

}  // namespace halley
