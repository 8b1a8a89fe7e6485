// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session over requests that never wait, for networks that let nothing else through. An empty
// page says when to ask again.
#pragma once

#include <string>

#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/session/session.hpp"

namespace halley {

std::string answer_poll(const carrier_context& context, session& of,
                        const session::start_point& start, bool knows_its_place);

}  // namespace halley
