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

std::string address_bytes(int family, const std::string& address) {
  std::array<char, 16> bytes{};
  if (::inet_pton(family, address.c_str(), bytes.data()) != 1) return {};
  return std::string(bytes.data(), family == AF_INET ? 4 : 16);
}

void append_u16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value & 255);
}

}  // namespace

std::string print_proxy_header(const std::string& address, std::uint16_t port,
                               const std::string& local, std::uint16_t local_port) {
  std::string out(signature);
  const bool v4 = address.find(':') == std::string::npos;
  const int family = v4 ? AF_INET : AF_INET6;
  const std::string source = address_bytes(family, address);
  if (source.empty()) {
    out += command_local;
    out += '\0';
    append_u16(out, 0);
    return out;
  }
  std::string destination = address_bytes(family, local);
  if (destination.empty()) destination.assign(source.size(), '\0');
  out += command_proxy;
  out += v4 ? tcp_over_ipv4 : tcp_over_ipv6;
  append_u16(out, source.size() * 2 + 4);
  out += source;
  out += destination;
  append_u16(out, port);
  append_u16(out, local_port);
  return out;
}

}  // namespace halley
