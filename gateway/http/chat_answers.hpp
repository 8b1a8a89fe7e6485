// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the addresses of the chat dialect answer, one function each, in the form of route::answer.
// Internal to this room.
#pragma once

#include <string>

#include "gateway/http/exchange.hpp"

namespace halley {

void answer_networks(http_parts& parts, exchange& with, http_request&& request, std::string&& id);
void answer_enter(http_parts& parts, exchange& with, http_request&& request, std::string&& id);
void answer_enter_websocket(http_parts& parts, exchange& with, http_request&& request,
                            std::string&& id);
void answer_events(http_parts& parts, exchange& with, http_request&& request, std::string&& id);
// Over scripts: as long poll.
void answer_script_events(http_parts& parts, exchange& with, http_request&& request,
                          std::string&& id);
void answer_commands(http_parts& parts, exchange& with, http_request&& request, std::string&& id);
void answer_leave(http_parts& parts, exchange& with, http_request&& request, std::string&& id);

void refuse(http_parts& parts, exchange& with, const failure& why);
// To the shard whose session is asked for; the request is answered there from its beginning.
void hand_over(http_parts& parts, exchange& with, http_request&& request, std::size_t shard);
// The session of this id, if it lives here. Otherwise the request has been answered, or is on its
// way to the shard that can.
session* find_session(http_parts& parts, exchange& with, http_request& request,
                      const std::string& id);

}  // namespace halley
