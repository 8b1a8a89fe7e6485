// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network: a named entry of the configuration. Browsers name networks, never hosts. Also what a
// visitor brings to enter one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halley {

enum class network_kind : std::uint8_t { irc, xmpp };
enum class tls_mode : std::uint8_t {
  none,      // plain: loopback and Unix sockets
  starttls,  // XMPP only; refused without it
  direct     // TLS from the first byte
};

// The PROXY protocol (HAProxy's proxy-protocol.txt): who comes, before the first byte of the
// conversation.
enum class proxy_version : std::uint8_t { none, v1, v2 };

// One way to reach a server of the network: "irc.example.org:6697", "unix:/run/ircd.sock", or
// "srv:example.org" for the servers that the domain's SRV records name (RFC 2782).
struct endpoint {
  std::string host;         // name or address; empty for a Unix socket; the domain for SRV
  std::uint16_t port = 0;   // 0 for SRV
  std::string unix_path;
  bool by_srv = false;
};

struct network {
  std::string name;   // what browsers say: [a-z0-9_-]{1,32}
  std::string title;  // what people read
  network_kind kind = network_kind::irc;
  std::vector<endpoint> servers;  // tried in turn, starting at a random one
  tls_mode tls = tls_mode::none;
  std::string tls_name;       // name the certificate must carry; empty: the endpoint's host, or
                              // the domain whose SRV records named it (RFC 6125, 6.2.1)
  std::string tls_ca_file;    // PEM; empty: the system's
  std::string tls_cert_file;  // client certificate (PEM), for SASL EXTERNAL of the gateway or WEBIRC
  std::string tls_key_file;
  proxy_version proxy_header = proxy_version::none;
  std::string resolver;  // "address:port" of the DNS server asked for names; empty: the system's
  std::uint32_t connects_at_once = 4;  // to one server, from the whole process

  bool guests = true;    // may enter without account
  bool accounts = true;  // may enter with account and password
  // Open to the raw dialects, where browsers speak IRC or XMPP to the server themselves.
  bool raw_clients = false;
  std::vector<std::string> rooms;  // offered on the sign-in page
  std::string quit_text = "Page closed";
  std::vector<std::string> watch_rooms;  // anybody may see their topic and how many are there
  std::uint32_t watch_lines = 0;         // and so many of their last lines
  std::string watch_nick = "watching";   // of the one client that looks on for all of them

  // IRC
  std::string server_password;  // PASS
  std::string webirc_password;  // empty: no WEBIRC
  std::string webirc_gateway = "halley";
  std::string user_name = "web";          // USER; "%n" the nick, "%h" the visitor's IPv4 in hex
  std::string real_name = "web visitor";  // "%n" the nick
  double flood_rate = 2;                  // lines a second once `flood_burst` is used up
  std::uint32_t flood_burst = 8;
  bool allow_raw = false;

  // XMPP
  std::string domain;            // of accounts; for the stream's `to`
  std::string anonymous_domain;  // of guests (SASL ANONYMOUS); empty: same as domain
  std::string muc_service;       // rooms without "@" live here; empty: found by disco
  std::string resource = "halley";

  std::uint32_t connect_timeout_s = 15;   // resolve, TCP, TLS and login, each
  std::uint32_t keepalive_s = 90;         // idle network leg: ping after that; lost after twice
};

// The form of nicks on a network: what can be said of one before it is tried. Whatever stands in none of
// these is for the network to judge.
struct nick_rule {
  std::uint32_t max = 0;       // bytes; 0: not known
  std::string_view forbidden;  // signs (ASCII) that stand in no nick; lives as long as the program
  std::string_view not_first;  // those that none begins with, besides
};

// A network as it is offered to who has not come in yet.
struct offered_network {
  const network& what;
  nick_rule nicks;
};

// Who wants in. `address` is the visitor's, after trusted proxies were taken off.
struct visitor {
  std::string nick;
  std::string account;
  std::string password;
  struct room {
    std::string name;
    std::string key;
  };
  std::vector<room> rooms;  // joined as soon as online
  std::string address;      // "192.0.2.1" or "2001:db8::1"
  std::uint16_t port = 0;
  bool secure = false;      // the browser leg is under TLS
};

}  // namespace halley
