// SPDX-License-Identifier: GPL-3.0-or-later
//
// XMPP as a kind of network. Includes nothing of gloox: that stays behind negotiation.cpp and
// jid.cpp.
#pragma once

#include <memory>

#include "gateway/session/bridge.hpp"

namespace halley::xmpp {

// `config` and `loop` outlive the result. Throws std::runtime_error when a file the configuration
// names cannot be used.
std::unique_ptr<bridge_network> make_network(const network& config, reactor& loop);

}  // namespace halley::xmpp
