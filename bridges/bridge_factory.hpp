// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place that knows which kinds of network there are.
#pragma once

#include <memory>

#include "bridges/link_commons.hpp"
#include "gateway/session/bridge.hpp"
#include "gateway/session/tunnel.hpp"

namespace halley {

// All outlive the result. `shared` is what the network's links have in common on all shards; without
// it, they have commons of their own. Throws std::runtime_error when a file the configuration
// names cannot be used.
std::unique_ptr<bridge_network> make_bridge_network(const network& config, reactor& loop,
                                                    link_commons* shared);
// The same network for browsers that speak its own protocol.
// What is known of their nicks before anybody was there.
nick_rule nicks_of(network_kind kind);
std::unique_ptr<tunnel_network> make_tunnel_network(const network& config, reactor& loop,
                                                    link_commons* shared);

}  // namespace halley
