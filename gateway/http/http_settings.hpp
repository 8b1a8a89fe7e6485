// SPDX-License-Identifier: GPL-3.0-or-later
//
// Options of the browser side: [http] of halley.toml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/dialects/bayeux_settings.hpp"

namespace halley {

struct http_settings {
  struct listen_address {
    std::string host;  // "127.0.0.1", "::", or "unix:/path"
    std::uint16_t port = 0;
  };
  std::vector<listen_address> listen = {{"127.0.0.1", 8080}};
  std::string tls_cert_file;  // PEM chain; with tls_key_file: HTTPS on every listener
  std::string tls_key_file;
  // Origins that may use the gateway: "https://www.example.org", with * for any one label. The
  // gateway's own origin (scheme and Host of the request) is always allowed.
  std::vector<std::string> origins;
  bool allow_missing_origin = true;  // clients that are no browsers
  // Answers to <script> elements, which say nothing of the page they stand in: any page that knows a
  // session's id may use it, and any page may enter.
  bool script_carrier = false;
  // Proxies (CIDR) whose X-Forwarded-For is believed, right-most untrusted address wins.
  std::vector<std::string> trusted_proxies;
  // Where XMPP clients over WebSocket are sent when this node leaves (RFC 7395, 3.6.1).
  std::string xmpp_successor;
  std::string static_root;  // built web pages; empty: the installed ones
  std::size_t body_limit = 65536;
  std::size_t header_limit = 8192;
  std::int64_t header_timeout_ms = 5000;
  std::int64_t body_timeout_ms = 10000;
  std::int64_t idle_timeout_ms = 60000;  // kept-alive connection without a request
  std::size_t connections_per_address = 200;
  bayeux_settings bayeux;
};

}  // namespace halley
