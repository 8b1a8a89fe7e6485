// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place that knows which kinds of network there are.
#pragma once

#include <memory>

#include "gateway/session/bridge.hpp"

namespace halley {

// `config` and `loop` outlive the result. Throws std::runtime_error when a file the configuration
// names cannot be used.
std::unique_ptr<bridge_network> make_bridge_network(const network& config, reactor& loop);

}  // namespace halley
