// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/settings/value_rules.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <utility>

namespace halley {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view lower_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";

bool consists_of(std::string_view text, std::string_view allowed, std::string_view also = {}) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return allowed.find(c) != allowed.npos || also.find(c) != also.npos;
  });
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_ipv4(std::string_view text) {
  in_addr ignored;
  return inet_pton(AF_INET, std::string(text).c_str(), &ignored) == 1;
}

bool is_ipv6(std::string_view text) {
  in6_addr ignored;
  return inet_pton(AF_INET6, std::string(text).c_str(), &ignored) == 1;
}

// RFC 1123, 2.1, and "_" because it is met in private networks.
bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

template <class Accepts>
bool all_labels(std::string_view host, Accepts accepts) {
  for (;;) {
    const auto dot = host.find('.');
    if (!accepts(host.substr(0, dot))) return false;
    if (dot == host.npos) return true;
    host.remove_prefix(dot + 1);
  }
}

bool is_host_name(std::string_view text) {
  // An address with a slip in it ("192.0.2.300") is no name.
  return text.size() <= 253 && !consists_of(text, digits, ".") && all_labels(text, is_label);
}

// "host:port" or "[v6]:port"; the host comes back without brackets.
std::optional<std::pair<std::string, std::uint16_t>> split_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  auto host = text.substr(0, colon);
  if (!port) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (!is_ipv6(host)) return std::nullopt;
  } else if (!is_ipv4(host) && !is_host_name(host)) {
    return std::nullopt;
  }
  return std::pair{std::string(host), *port};
}

bool is_unix_path(std::string_view path) {
  // sockaddr_un holds 107 bytes and the end.
  return path.starts_with('/') && path.size() <= 107;
}

}  // namespace

std::optional<endpoint> parse_endpoint(std::string_view text) {
  if (text.starts_with("unix:")) {
    text.remove_prefix(5);
    if (!is_unix_path(text)) return std::nullopt;
    return endpoint{"", 0, std::string(text)};
  }
  if (text.starts_with("srv:")) {
    text.remove_prefix(4);
    if (!is_host_name(text)) return std::nullopt;
    return endpoint{std::string(text), 0, "", true};
  }
  auto split = split_host_port(text);
  if (!split || split->second == 0) return std::nullopt;
  return endpoint{std::move(split->first), split->second, ""};
}

std::optional<http_settings::listen_address> parse_listen_address(std::string_view text) {
  if (text.starts_with("unix:")) {
    if (!is_unix_path(text.substr(5))) return std::nullopt;
    return http_settings::listen_address{std::string(text), 0};
  }
  auto split = split_host_port(text);
  if (!split) return std::nullopt;
  return http_settings::listen_address{std::move(split->first), split->second};
}

bool is_ip_address(std::string_view text) {
  return is_ipv4(text) || is_ipv6(text);
}

bool is_cidr(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  if (!is_ip_address(address)) return false;
  if (slash == text.npos) return true;
  const auto bits = parse_number<unsigned>(text.substr(slash + 1));
  return bits && *bits <= (is_ipv4(address) ? 32U : 128U);
}

bool is_origin(std::string_view text) {
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return false;
  }
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  if (colon != text.npos && (bracket == text.npos || colon > bracket)) {
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!port || *port == 0) return false;
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) return is_ipv6(text.substr(1, text.size() - 2));
  if (is_ipv4(text)) return true;
  return text.size() <= 253 && !consists_of(text, digits, ".") &&
         all_labels(text, [](std::string_view label) { return label == "*" || is_label(label); });
}

bool is_origin_or_null(std::string_view text) { return text == "null" || is_origin(text); }

bool is_websocket_address_or_empty(std::string_view text) {
  if (text.empty()) return true;
  const bool secure = text.starts_with("wss://");
  if (!secure && !text.starts_with("ws://")) return false;
  const std::string_view rest = text.substr(secure ? 6 : 5);
  const std::string_view host = rest.substr(0, rest.find('/'));
  return is_origin((secure ? "https://" : "http://") + std::string(host)) && is_word(text) &&
         host.find('*') == host.npos;
}

bool is_node_name(std::string_view text) {
  return !text.empty() && text.size() <= 16 && consists_of(text, lower_and_digits);
}

bool is_network_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && consists_of(text, lower_and_digits, "_-");
}

bool is_log_level(std::string_view text) {
  return text == "debug" || text == "info" || text == "warn" || text == "error";
}

bool is_domain_or_empty(std::string_view text) {
  return text.empty() || is_ipv4(text) || is_host_name(text);
}

bool is_resolver_or_empty(std::string_view text) {
  if (text.empty()) return true;
  const auto split = split_host_port(text);
  return split && split->second != 0 && is_ip_address(split->first);
}

bool is_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

bool is_word(std::string_view text) {
  return !text.empty() && is_word_or_empty(text);
}

bool is_word_or_empty(std::string_view text) {
  return is_line(text) && text.find(' ') == text.npos && !text.starts_with(':');
}

bool is_key_or_empty(std::string_view text) {
  return text.empty() || (text.size() >= 16 && is_word(text));
}

bool is_file_or_empty(std::string_view path) {
  if (path.empty()) return true;
  const std::string name(path);
  std::error_code ec;
  return access(name.c_str(), R_OK) == 0 && !std::filesystem::is_directory(name, ec);
}

bool is_folder_or_empty(std::string_view path) {
  std::error_code ec;
  return path.empty() || std::filesystem::is_directory(path, ec);
}

}  // namespace halley
