// SPDX-License-Identifier: GPL-3.0-or-later
//
// PROXY protocol (HAProxy's proxy-protocol.txt, 2.1 and 2.2): tells a server behind us the visitor's
// address before the first byte of the conversation.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/chat/network.hpp"

namespace halley {

// Source is the visitor, destination the server's own address and port, by which some choose their
// rules; of another family, or none (a Unix socket), it is all zeros. A source that is no address
// gives UNKNOWN (v1) or the LOCAL command (v2): the server then sees the connection as ours.
std::string print_proxy_header(proxy_version version, const std::string& source,
                               std::uint16_t source_port, const std::string& destination,
                               std::uint16_t destination_port);

}  // namespace halley
