// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the polling carriers answer: a page of the log, {"from":F,"next":N,"events":[...]}, the first
// of a reader that knows nothing with the "hello" that other carriers begin with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/session/session.hpp"

namespace halley {

// Whether there is something after `cursor` that is still kept.
bool has_page(const session& of, std::uint64_t cursor);

// What comes after `cursor`, as much as a page holds; without events when there is nothing.
// `again_ms`: when an empty-handed reader should ask again; 0: as soon as it likes. `hello`: as JSON;
// empty: none.
std::string print_page(const carrier_context& context, const session& of, std::uint64_t cursor,
                       std::int64_t again_ms = 0, std::string_view hello = {});

// The hello of a page for a reader that begins at `start`; empty if it said where it stood.
std::string greeting(const carrier_context& context, const session& of,
                     const session::start_point& start, bool knows_its_place);

// Somebody was here just now: the time of grace begins again.
void pass_by(session& of);

}  // namespace halley
