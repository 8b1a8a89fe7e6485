// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/advice.hpp"

namespace halley {

namespace {

std::string guests_of(const network& config) {
  return config.anonymous_domain.empty() ? "guest." + config.domain : config.anonymous_domain;
}

std::string rooms_of(const network& config) {
  return config.muc_service.empty() ? "rooms." + config.domain : config.muc_service;
}

// Global options stand before the first VirtualHost in this file.
std::string prosody_lines(const network& config, const findings& seen) {
  std::string lines = "-- in the global section, before the first VirtualHost:\n";
  if (seen.bytes_per_second > 0)
    lines +=
        "limits = { c2s = { rate = \"50kb/s\"; burst = \"5s\" } }   -- each visitor is one c2s "
        "connection\n";
  if (config.proxy_header == proxy_version::none)
    lines +=
        "-- so that bans and limits see each visitor's own address (mod_net_proxy, community), "
        "with\n"
        "-- that port and proxy_header = true in halley.toml:\n"
        "--   modules_enabled = { ...; \"net_proxy\" }   proxy_ports = { 5225 }\n"
        "--   proxy_port_mappings = { [5225] = \"c2s\" }   proxy_trusted_proxies = { \"" +
        (seen.gateway.empty() ? "127.0.0.1" : seen.gateway) + "\" }\n";
  if (seen.needs_anonymous)
    lines += "VirtualHost \"" + guests_of(config) +
             "\"\n"
             "    authentication = \"anonymous\"\n"
             "    -- allow_anonymous_s2s = true   -- if guests may enter rooms of other servers\n";
  if (seen.needs_muc || seen.needs_archive)
    lines +=
        "Component \"" + rooms_of(config) +
        "\" \"muc\"\n"
        "    modules_enabled = { \"muc_mam\" }   -- history after a gap\n"
        "    -- and \"muc_moderation\" (community): moderators can take away what others said\n"
        "    restrict_room_creation = false\n"
        "    muc_room_locking = false\n";
  return lines;
}

std::string ejabberd_lines(const network& config, const findings& seen) {
  std::string lines;
  const std::string gateway = seen.gateway.empty() ? "127.0.0.1" : seen.gateway;
  if (seen.needs_anonymous)
    lines += "hosts:\n  - " + guests_of(config) +
             "   # beside the others\n"
             "host_config:\n  " +
             guests_of(config) +
             ":\n"
             "    auth_method: [anonymous]\n"
             "    anonymous_protocol: sasl_anon\n"
             "    allow_multiple_connections: true\n";
  lines += "acl:\n  web_gateway:\n    ip: " + gateway +
           "\n"
           "shaper:\n  web_visitor: 50000\n"
           "shaper_rules:\n  c2s_shaper:\n    web_visitor: web_gateway   # before the others\n"
           "listen:\n"
           "  -\n"
           "    port: 5225\n"
           "    ip: \"" +
           gateway +
           "\"   # an address of this machine that the gateway reaches\n"
           "    module: ejabberd_c2s\n"
           "    use_proxy_protocol: true   # with proxy_header = true in halley.toml\n";
  if (seen.needs_muc || seen.needs_archive)
    lines +=
        "modules:\n  mod_muc:\n    host: " + rooms_of(config) +
        "\n    access_create: all\n    default_room_options:\n      mam: true\n  mod_mam: {}\n";
  return lines;
}

}  // namespace

std::vector<advice_block> xmpp_advice(const network& config, const findings& seen) {
  std::vector<advice_block> blocks;
  const bool is_open = seen.kind == server_kind::unknown;
  if (is_open || seen.kind == server_kind::prosody)
    blocks.push_back({"prosody.cfg.lua",
                      is_open ? "if the server is Prosody; then prosodyctl reload"
                              : "what a gateway needs there; then prosodyctl reload",
                      prosody_lines(config, seen)});
  if (is_open || seen.kind == server_kind::ejabberd)
    blocks.push_back({"ejabberd.yml",
                      is_open ? "if the server is ejabberd; then ejabberdctl reload_config"
                              : "what a gateway needs there; then ejabberdctl reload_config",
                      ejabberd_lines(config, seen)});
  if (config.tls == tls_mode::none && !seen.is_local)
    blocks.push_back({"halley.toml", "passwords and talk cross the network in clear; with TLS",
                      "tls = \"starttls\"\n"});
  return blocks;
}

}  // namespace halley
