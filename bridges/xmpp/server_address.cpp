// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/server_address.hpp"

#include <algorithm>
#include <charconv>

namespace halley::xmpp {

namespace {

bool is_host(std::string_view text, bool bracketed) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || c == '.' || c == '-' || (bracketed && c == ':');
  });
}

}  // namespace

std::optional<endpoint> parse_server(std::string_view text, bool direct_tls) {
  endpoint out;
  out.port = direct_tls ? 5223 : 5222;
  std::string_view host = text;
  std::string_view port;
  const bool bracketed = text.starts_with('[');
  const bool bare_v6 = !bracketed && std::count(text.begin(), text.end(), ':') > 1;
  if (bracketed) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (const std::size_t colon = text.find(':'); colon != text.npos && !bare_v6) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!is_host(host, bracketed || bare_v6)) return std::nullopt;
  if (!port.empty()) {
    port.remove_prefix(1);
    const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (ec != std::errc() || end != port.data() + port.size() || out.port == 0) return std::nullopt;
  }
  out.host = host;
  return out;
}

}  // namespace halley::xmpp
