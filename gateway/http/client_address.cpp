// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/client_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace halley {
namespace {

constexpr std::array<std::uint8_t, 12> v4_mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Proxies write "192.0.2.1", "192.0.2.1:4711", "2001:db8::1" and "[2001:db8::1]:4711".
std::optional<ip_address> parse_forwarded(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? std::nullopt
                                         : ip_address::parse(text.substr(1, end - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return ip_address::parse(text);
}

}  // namespace

std::optional<ip_address> ip_address::parse(std::string_view text) {
  // The longest form of an address; inet_pton wants an end mark.
  char buffer[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  ip_address out;
  if (::inet_pton(AF_INET6, buffer, out.bytes_.data()) == 1) return out;
  std::copy(v4_mapped.begin(), v4_mapped.end(), out.bytes_.begin());
  if (::inet_pton(AF_INET, buffer, out.bytes_.data() + 12) == 1) return out;
  return std::nullopt;
}

ip_address ip_address::from_bytes(const std::array<std::uint8_t, 16>& bytes) {
  ip_address out;
  out.bytes_ = bytes;
  return out;
}

bool ip_address::is_v4() const {
  return std::equal(v4_mapped.begin(), v4_mapped.end(), bytes_.begin());
}

std::string ip_address::print() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_v4())
    ::inet_ntop(AF_INET, bytes_.data() + 12, buffer, sizeof buffer);
  else
    ::inet_ntop(AF_INET6, bytes_.data(), buffer, sizeof buffer);
  return buffer;
}

std::optional<ip_range> ip_range::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto base = ip_address::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  ip_range out;
  out.base_ = *base;
  if (slash == std::string_view::npos) return out;
  const std::string_view width = text.substr(slash + 1);
  int bits = -1;
  const auto read = std::from_chars(width.data(), width.data() + width.size(), bits);
  const bool v4 = base->is_v4() && text.find(':') == std::string_view::npos;
  if (read.ec != std::errc() || read.ptr != width.data() + width.size() || bits < 0 ||
      bits > (v4 ? 32 : 128))
    return std::nullopt;
  out.bits_ = v4 ? bits + 96 : bits;
  return out;
}

bool ip_range::contains(const ip_address& one) const {
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  const auto& a = base_.bytes();
  const auto& b = one.bytes();
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin()))
    return false;
  const int rest = bits_ % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xFFu << (8 - rest) & 0xFFu;
  return (a[whole] & mask) == (b[whole] & mask);
}

socket_peer peer_of(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  socket_peer peer;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return peer;
  std::array<std::uint8_t, 16> bytes{};
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    std::copy(v4_mapped.begin(), v4_mapped.end(), bytes.begin());
    std::memcpy(bytes.data() + 12, &v4.sin_addr, 4);
    peer.port = ntohs(v4.sin_port);
  } else if (storage.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    std::memcpy(bytes.data(), &v6.sin6_addr, 16);
    peer.port = ntohs(v6.sin6_port);
  } else {
    peer.local_socket = true;
    bytes[15] = 1;  // ::1, until a proxy says better
  }
  peer.address = ip_address::from_bytes(bytes);
  return peer;
}

proxy_trust::proxy_trust(const std::vector<std::string>& ranges) {
  for (const std::string& text : ranges) {
    const auto range = ip_range::parse(text);
    if (!range)
      throw std::runtime_error("http.trusted_proxies: \"" + text +
                               "\" is no address and no range such as 10.0.0.0/8");
    ranges_.push_back(*range);
  }
}

bool proxy_trust::is_trusted(const ip_address& one) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&one](const ip_range& range) { return range.contains(one); });
}

bool proxy_trust::is_trusted(const socket_peer& peer) const {
  return peer.local_socket || is_trusted(peer.address);
}

client_address proxy_trust::client_of(const socket_peer& peer, bool tls,
                                      std::string_view forwarded_for,
                                      std::string_view forwarded_proto) const {
  client_address out{peer.address.print(), peer.port, tls};
  if (!is_trusted(peer)) return out;
  out.secure = tls || trim(forwarded_proto) == "https";
  while (!forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const bool last = comma == std::string_view::npos;
    const auto hop = parse_forwarded(trim(last ? forwarded_for : forwarded_for.substr(comma + 1)));
    // What is no address was not written by a proxy of ours: everything further left is hearsay.
    if (!hop) break;
    out.address = hop->print();
    out.port = 0;
    if (last || !is_trusted(*hop)) break;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return out;
}

}  // namespace halley
