// SPDX-License-Identifier: GPL-3.0-or-later
//
// XMPP as a kind of network. Includes nothing of gloox: that stays behind negotiation.cpp and
// jid.cpp.
#pragma once

#include <memory>

#include "gateway/session/bridge.hpp"

namespace halley {
struct link_commons;
}

namespace halley::xmpp {

// RFC 7622, 3.4: a nick is a resourcepart, which takes spaces and all signs.
inline constexpr nick_rule nicks{1023, {}, {}};

// All outlive the result; without `shared` it has commons of its own. Throws std::runtime_error when a file the configuration
// names cannot be used.
std::unique_ptr<bridge_network> make_network(const network& config, reactor& loop,
                                             link_commons* shared = nullptr);

}  // namespace halley::xmpp
