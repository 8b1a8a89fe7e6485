// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/proxy_header.hpp"

#include <arpa/inet.h>

#include <array>
#include <string_view>

namespace halley {
namespace {

using namespace std::string_view_literals;
constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr char command_local = 0x20;
constexpr char command_proxy = 0x21;
constexpr char tcp_over_ipv4 = 0x11;
constexpr char tcp_over_ipv6 = 0x21;

// One end of the connection, in network order; empty: not an address of the family.
std::string address_bytes(int family, const std::string& address) {
  std::array<char, 16> bytes{};
  if (::inet_pton(family, address.c_str(), bytes.data()) != 1) return {};
  return std::string(bytes.data(), family == AF_INET ? 4 : 16);
}

// Canonical, as version 1 wants it.
std::string address_text(int family, const std::string& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, bytes.data(), text.data(), text.size());
  return text.data();
}

void append_u16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value & 255);
}

struct ends {
  int family;
  std::string source, destination;
  std::uint16_t source_port, destination_port;
};

// 2.1: at most 107 characters.
std::string print_v1(const ends& of) {
  if (of.source.empty()) return "PROXY UNKNOWN\r\n";
  return std::string("PROXY ") + (of.family == AF_INET ? "TCP4 " : "TCP6 ") +
         address_text(of.family, of.source) + ' ' + address_text(of.family, of.destination) + ' ' +
         std::to_string(of.source_port) + ' ' + std::to_string(of.destination_port) + "\r\n";
}

std::string print_v2(const ends& of) {
  std::string out(signature);
  out += of.source.empty() ? command_local : command_proxy;
  if (of.source.empty()) {
    out += '\0';
    append_u16(out, 0);
    return out;
  }
  out += of.family == AF_INET ? tcp_over_ipv4 : tcp_over_ipv6;
  append_u16(out, of.source.size() * 2 + 4);
  out += of.source;
  out += of.destination;
  append_u16(out, of.source_port);
  append_u16(out, of.destination_port);
  return out;
}

}  // namespace

std::string print_proxy_header(proxy_version version, const std::string& source,
                               std::uint16_t source_port, const std::string& destination,
                               std::uint16_t destination_port) {
  ends all{source.find(':') == std::string::npos ? AF_INET : AF_INET6, {}, {}, source_port,
           destination_port};
  all.source = address_bytes(all.family, source);
  all.destination = address_bytes(all.family, destination);
  if (all.destination.empty()) {
    all.destination.assign(all.source.size(), '\0');
    all.destination_port = 0;
  }
  switch (version) {
    case proxy_version::none: return {};
    case proxy_version::v1: return print_v1(all);
    case proxy_version::v2: return print_v2(all);
  }
  return {};
}

}  // namespace halley
