// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/bridge_factory.hpp"

#include <stdexcept>

#include "bridges/irc/greeting.hpp"
#include "bridges/irc/network.hpp"
#include "bridges/tunnels.hpp"
#include "bridges/xmpp/network.hpp"

namespace halley {

std::unique_ptr<bridge_network> make_bridge_network(const network& config, reactor& loop,
                                                    link_commons* shared) {
  switch (config.kind) {
    case network_kind::irc: return irc::make_network(config, loop, shared);
    case network_kind::xmpp: return xmpp::make_network(config, loop, shared);
  }
  throw std::runtime_error("a network of no known kind");
}

nick_rule nicks_of(network_kind kind) {
  switch (kind) {
    case network_kind::irc: return irc::nicks;
    case network_kind::xmpp: return xmpp::nicks;
  }
  throw std::runtime_error("a network of no known kind");
}

std::unique_ptr<tunnel_network> make_tunnel_network(const network& config, reactor& loop,
                                                    link_commons* shared) {
  if (config.kind == network_kind::irc)
    return std::make_unique<tunnels>(config, loop, irc::print_greeting, shared);
  network verified = config;
  // RFC 6120, 13.7.2.1: the certificate names the domain, whatever the host is called.
  if (verified.tls_name.empty()) verified.tls_name = verified.domain;
  return std::make_unique<tunnels>(std::move(verified), loop, nullptr, shared);
}

}  // namespace halley
