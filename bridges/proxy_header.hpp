// SPDX-License-Identifier: GPL-3.0-or-later
//
// PROXY protocol, version 2 (HAProxy's proxy-protocol.txt, 2.2): tells a server behind us the
// visitor's address before the first byte of the conversation.
#pragma once

#include <cstdint>
#include <string>

namespace halley {

// Source is the visitor, destination `local` and `local_port` where the family fits. An address that
// is none gives the LOCAL command: the server then sees the connection as ours.
std::string print_proxy_header(const std::string& address, std::uint16_t port,
                               const std::string& local, std::uint16_t local_port);

}  // namespace halley
