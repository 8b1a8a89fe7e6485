// SPDX-License-Identifier: GPL-3.0-or-later
//
// The SRV records of an XMPP domain (RFC 6120, 3.2.1): what other clients find, to compare with the
// servers in the settings. The gateway itself goes only where its settings say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/chat/network.hpp"
#include "gateway/check/report.hpp"

namespace halley {

// The targets in a DNS answer, in its order; empty: none, or not to be read.
std::vector<endpoint> parse_srv(std::string_view answer);
// Asks DNS and compares. Nothing when there is nothing to say: servers given by address, no
// records.
std::optional<step> compare_srv(const network& config);

}  // namespace halley
