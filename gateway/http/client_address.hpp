// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a request really comes from. The peer of the socket is believed; X-Forwarded-For only as
// far as the proxies that wrote it are trusted: read from the right, the first address that is no
// trusted proxy is the visitor's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halley {

// An IPv4 or IPv6 address; IPv4 is kept mapped (::ffff:a.b.c.d), so that there is one form.
class ip_address {
 public:
  static std::optional<ip_address> parse(std::string_view text);
  static ip_address from_bytes(const std::array<std::uint8_t, 16>& bytes);
  std::string print() const;
  bool is_v4() const;
  bool operator==(const ip_address&) const = default;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// "192.0.2.0/24", "2001:db8::/32" or a single address.
class ip_range {
 public:
  static std::optional<ip_range> parse(std::string_view text);
  bool contains(const ip_address& one) const;

 private:
  ip_address base_;
  int bits_ = 128;
};

// The other end of a browser connection.
struct client_address {
  std::string address;     // the visitor's, as text
  std::uint16_t port = 0;  // 0 when only a proxy knows it
  bool secure = false;     // the browser's leg is under TLS, here or at a trusted proxy
};

// What the socket itself says.
struct socket_peer {
  ip_address address;
  std::uint16_t port = 0;
  bool local_socket = false;  // Unix socket: only a proxy on this machine connects there
};
socket_peer peer_of(int fd);

class proxy_trust {
 public:
  // Throws std::runtime_error naming a range that is none.
  explicit proxy_trust(const std::vector<std::string>& ranges);
  bool is_trusted(const socket_peer& peer) const;
  bool is_trusted(const ip_address& one) const;
  // `forwarded_for`: all X-Forwarded-For fields in order, joined by commas; `forwarded_proto` as
  // the proxy next to us sent it.
  client_address client_of(const socket_peer& peer, bool tls, std::string_view forwarded_for,
                           std::string_view forwarded_proto) const;

 private:
  std::vector<ip_range> ranges_;
};

}  // namespace halley
