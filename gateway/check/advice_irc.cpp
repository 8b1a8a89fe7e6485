// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "gateway/check/advice.hpp"

namespace halley {

namespace {

// What fills the gaps in the templates below.
struct values {
  std::string gateway;   // {gw}
  std::string password;  // {pw}
  std::string name;      // {name}: webirc_gateway
};

std::string fill(std::string_view text, const values& with) {
  std::string filled;
  while (!text.empty()) {
    std::size_t open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    if (text.starts_with("{gw}")) {
      filled += with.gateway;
      text.remove_prefix(4);
    } else if (text.starts_with("{pw}")) {
      filled += with.password;
      text.remove_prefix(4);
    } else if (text.starts_with("{name}")) {
      filled += with.name;
      text.remove_prefix(6);
    } else {
      filled += '{';
      text.remove_prefix(1);
    }
  }
  return filled;
}

std::string escaped(std::string_view text, std::string_view quote, std::string_view ampersand) {
  std::string safe;
  for (char c : text) {
    if (c == '"') {
      safe += quote;
    } else if (c == '&') {
      safe += ampersand;
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string password_of(const network& config, server_kind kind, bool show_secrets) {
  if (config.webirc_password.empty()) return "<a new password, the same as webirc_password>";
  if (!show_secrets) return "<webirc_password of halley.toml>";
  if (kind == server_kind::ngircd) return config.webirc_password;  // to the end of the line
  if (kind == server_kind::inspircd3 || kind == server_kind::inspircd4)
    return escaped(config.webirc_password, "&quot;", "&amp;");
  return escaped(config.webirc_password, "\\\"", "&");
}

std::string ngircd_lines(const findings& seen) {
  std::string lines =
      "[Options]\n"
      "    WebircPassword = {pw}\n"
      "    # or each visitor waits for lookups about the gateway\n"
      "    DNS = no\n"
      "    Ident = no\n"
      "[Limits]\n"
      "    # ngIRCd counts all visitors as {gw}, WEBIRC or not; the default is 5, 0 lifts it\n"
      "    MaxConnectionsIP = 0\n";
  if (seen.is_slowed)
    lines +=
        "    # no penalty seconds; the gateway paces its visitors (flood_rate, flood_burst)\n"
        "    MaxPenaltyTime = 0\n";
  if (seen.nick_length > 0 && seen.nick_length < 16)
    lines +=
        "    # visitors' nicks are refused past this length\n"
        "    MaxNickLength = 24\n";
  return lines;
}

std::string inspircd_lines(const findings& seen) {
  const bool is_three = seen.kind == server_kind::inspircd3;
  std::string lines = is_three ? "<module name=\"cgiirc\">\n"
                                 "<cgihost type=\"webirc\" mask=\"{gw}\" password=\"{pw}\">\n"
                               : "<module name=\"gateway\">\n"
                                 "<gateway type=\"webirc\" mask=\"{gw}\" password=\"{pw}\">\n";
  // The class stands before the others: the first that fits is taken.
  lines +=
      "# before the other <connect> tags; \"main\" is the class it takes the rest from\n"
      "<connect name=\"web\" parent=\"main\" allow=\"*\" webirc=\"{name}\"\n"
      "         localmax=\"10\" globalmax=\"10\" threshold=\"30\" commandrate=\"3000\"\n"
      "         useident=\"no\" useconnban=\"no\" useconnflood=\"no\">\n"
      "# the gateway itself, until WEBIRC has told who comes\n"
      "<connect name=\"gateway\" parent=\"main\" allow=\"{gw}\" localmax=\"5000\"\n"
      "         globalmax=\"5000\" threshold=\"30\" commandrate=\"3000\" useident=\"no\"\n"
      "         resolvehostnames=\"no\" useconnban=\"no\" useconnflood=\"no\">\n"
      "<exception host=\"*@{gw}\" reason=\"web gateway\">\n";
  return lines;
}

constexpr std::string_view unrealircd_lines =
    "# before 6.1.6: webirc { mask {gw}; password \"{pw}\"; }\n"
    "proxy {name} {\n"
    "    type webirc;\n"
    "    match { ip {gw}; }\n"
    "    password \"{pw}\";\n"
    "}\n"
    "except ban {\n"
    "    mask { ip {gw}; }\n"
    "    type { connect-flood; handshake-data-flood; maxperip; blacklist; gline; kline; }\n"
    "}\n"
    "class web { pingfreq 120; maxclients 5000; sendq 400k; recvq 8000;\n"
    "    options { nofakelag; } }   # the gateway paces its visitors\n"
    "allow { mask { webirc yes; } class web; maxperip 10; }\n";

constexpr std::string_view solanum_lines =
    "loadmodule \"extensions/m_webirc\";\n"
    "class \"web\" {\n"
    "    ping_time = 2 minutes; number_per_ip = 5000; number_per_ip_global = 5000;\n"
    "    max_number = 5000; sendq = 400 kbytes;\n"
    "};\n"
    "# before the other auth blocks; the spoof must read exactly so\n"
    "auth {\n"
    "    user = \"webirc@{gw}\";\n"
    "    password = \"{pw}\";\n"
    "    spoof = \"webirc.\";\n"
    "    class = \"web\";\n"
    "};\n"
    "exempt { ip = \"{gw}\"; };   # from D-lines and the connection throttle\n";

constexpr std::string_view solanum_pace =
    "# in the auth block visitors get (the gateway paces them):\n"
    "#    flags = flood_exempt;\n";

constexpr std::string_view ergo_lines =
    "server:\n"
    "    webirc:\n"
    "        -\n"
    "            # the output of `ergo genpasswd` for: {pw}\n"
    "            password: \"$2a$...\"\n"
    "            hosts:\n"
    "                - \"{gw}\"\n"
    "    ip-limits:\n"
    "        exempted:\n"
    "            - \"{gw}\"\n";

constexpr std::string_view ergo_pace =
    "# top level; the gateway paces its visitors\n"
    "fakelag:\n"
    "    burst-limit: 10\n"
    "    messages-per-window: 3\n";

std::string tls_lines(server_kind kind) {
  switch (kind) {
    case server_kind::ngircd:
      return "[SSL]\n    CertFile = /etc/ngircd/fullchain.pem\n    KeyFile = "
             "/etc/ngircd/privkey.pem\n"
             "    Ports = 6697\n";
    case server_kind::inspircd3:
    case server_kind::inspircd4:
      return "<module name=\"ssl_gnutls\">\n"
             "<sslprofile name=\"clients\" provider=\"gnutls\" certfile=\"fullchain.pem\"\n"
             "            keyfile=\"privkey.pem\">\n"
             "<bind address=\"\" port=\"6697\" type=\"clients\" sslprofile=\"clients\">\n";
    case server_kind::unrealircd:
      return "listen { ip *; port 6697; options { tls; } }\n";
    case server_kind::solanum:
      return "# and ssl_cert, ssl_private_key in serverinfo\nlisten { sslport = 6697; };\n";
    case server_kind::ergo:
      return "server:\n    listeners:\n        \":6697\":\n            tls:\n"
             "                cert: fullchain.pem\n                key: privkey.pem\n";
    default:
      return {};
  }
}

struct file_of {
  const char* name;
  const char* reload;
};

file_of file_for(server_kind kind) {
  switch (kind) {
    case server_kind::ngircd:
      return {"ngircd.conf", "then send ngircd a HUP"};
    case server_kind::inspircd3:
    case server_kind::inspircd4:
      return {"inspircd.conf", "then /REHASH"};
    case server_kind::unrealircd:
      return {"unrealircd.conf", "then ./unrealircd rehash"};
    case server_kind::solanum:
      return {"ircd.conf (Solanum)", "then /REHASH"};
    case server_kind::ergo:
      return {"ircd.yaml (Ergo)", "then /REHASH"};
    default:
      return {"", ""};
  }
}

advice_block block_for(const network& config, const findings& seen, bool show_secrets) {
  std::string lines;
  switch (seen.kind) {
    case server_kind::ngircd:
      lines = ngircd_lines(seen);
      break;
    case server_kind::inspircd3:
    case server_kind::inspircd4:
      lines = inspircd_lines(seen);
      break;
    case server_kind::unrealircd:
      lines = unrealircd_lines;
      break;
    case server_kind::solanum:
      lines = solanum_lines;
      if (seen.is_slowed) lines += solanum_pace;
      break;
    case server_kind::ergo:
      lines = ergo_lines;
      if (seen.is_slowed) lines += ergo_pace;
      break;
    default:
      break;
  }
  if (config.tls == tls_mode::none && !seen.is_local) lines += tls_lines(seen.kind);
  const bool over_unix = seen.gateway.empty();
  values with{over_unix ? "127.0.0.1" : seen.gateway, password_of(config, seen.kind, show_secrets),
              config.webirc_gateway};
  // InspIRCd names a Unix socket by its path.
  if (over_unix && !config.servers.empty() && !config.servers.front().unix_path.empty() &&
      (seen.kind == server_kind::inspircd3 || seen.kind == server_kind::inspircd4))
    with.gateway = config.servers.front().unix_path;
  file_of file = file_for(seen.kind);
  return {file.name, std::string("what a gateway needs there; ") + file.reload, fill(lines, with)};
}

advice_block pace_block(const findings& seen) {
  // A server that closes at once never showed its rate.
  const double rate =
      seen.lines.per_second > 0 ? std::max(0.3, std::floor(seen.lines.per_second * 10) / 10) : 1.0;
  char text[96];
  std::snprintf(text, sizeof text, "flood_burst = %zu\nflood_rate = %.1f\n",
                std::max<std::size_t>(1, seen.lines.at_once), rate);
  return {"halley.toml", "or let visitors write no faster than the server takes it", text};
}

}  // namespace

std::vector<advice_block> irc_advice(const network& config, const findings& seen,
                                     bool show_secrets) {
  std::vector<advice_block> blocks;
  if (seen.kind != server_kind::unknown) {
    blocks.push_back(block_for(config, seen, show_secrets));
  } else {
    for (server_kind each : {server_kind::ngircd, server_kind::inspircd3, server_kind::unrealircd,
                             server_kind::solanum, server_kind::ergo}) {
      findings as_if = seen;
      as_if.kind = each;
      blocks.push_back(block_for(config, as_if, show_secrets));
      blocks.back().why =
          std::string("if the server is ") + print(each) + "; " + file_for(each).reload;
    }
  }
  if (seen.is_slowed) blocks.push_back(pace_block(seen));
  if (config.tls == tls_mode::none && !seen.is_local)
    blocks.push_back({"halley.toml",
                      "passwords and talk cross the network in clear; with TLS there",
                      "servers = [\"<name in the certificate>:6697\"]\ntls = \"direct\"\n"});
  return blocks;
}

}  // namespace halley
