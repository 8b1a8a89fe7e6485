// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/bridge_factory.hpp"

#include <stdexcept>

#include "bridges/irc/network.hpp"
#include "bridges/xmpp/network.hpp"

namespace halley {

std::unique_ptr<bridge_network> make_bridge_network(const network& config, reactor& loop) {
  switch (config.kind) {
    case network_kind::irc: return irc::make_network(config, loop);
    case network_kind::xmpp: return xmpp::make_network(config, loop);
  }
  throw std::runtime_error("a network of no known kind");
}

}  // namespace halley
