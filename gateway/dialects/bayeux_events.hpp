// SPDX-License-Identifier: GPL-3.0-or-later
//
// On which Bayeux channels an event is told. The data of a delivery is the event as the chat
// dialect prints it, so that both dialects have one vocabulary. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/chat/event.hpp"
#include "gateway/chat/network.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley {

// shared_event keeps the channel of an event here: it is made once, however many clients of the
// shard are told.
inline constexpr std::size_t bayeux_slot = 1;

// The channel it belongs to; never empty.
const std::string& channel_of(const event_ptr& what, const network& of);

// Where else it is told.
enum class also_told : unsigned char {
  nowhere,
  members,      // a change among the people of its room: on /members, too
  all_members,  // of the whole network: on /members of every room
  all_rooms     // a gap that may be in any room: on /chat of every room
};
also_told also_told_at(const event& what);

// It need not wake anybody: it goes with what comes next, or soon.
bool is_lazy(const event& what);

}  // namespace halley
