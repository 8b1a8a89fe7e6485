// SPDX-License-Identifier: GPL-3.0-or-later
//
// An address a server names for itself: see-other-host (RFC 6120, 4.9.3.19) and the `location` of a
// stream that can be resumed (XEP-0198, 5). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/chat/network.hpp"

namespace halley::xmpp {

// "host", "host:port", "2001:db8::1" or "[2001:db8::1]:port"; nothing for anything else. Without a
// port: the one clients use, 5222, or 5223 where TLS comes first.
std::optional<endpoint> parse_server(std::string_view text, bool direct_tls);

}  // namespace halley::xmpp
