// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an IRC server hears from the gateway itself before a visitor's first line.
#pragma once

#include <string>

#include "gateway/chat/network.hpp"

namespace halley::irc {

// The WEBIRC line, with CRLF; empty if this network has none.
std::string print_webirc(const network& config, const visitor& who);
// WEBIRC and PASS: all of it, for a visitor who speaks IRC himself.
std::string print_greeting(const network& config, const visitor& who);

}  // namespace halley::irc
