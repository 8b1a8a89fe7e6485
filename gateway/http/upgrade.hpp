// SPDX-License-Identifier: GPL-3.0-or-later
//
// The answer to a WebSocket upgrade (RFC 6455, 4.2.2), the same for every dialect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/exchange.hpp"

namespace halley {

// The head of the 101 answer, with the subprotocol if one was agreed; nothing when the upgrade was
// refused, and that was said.
std::optional<std::string> accept_upgrade(http_parts& parts, exchange& with,
                                          const http_request& request,
                                          std::string_view subprotocol = {});

// The names in Sec-WebSocket-Protocol, in the client's order; the field may stand several times.
std::vector<std::string_view> offered_subprotocols(const http_request& request);

}  // namespace halley
