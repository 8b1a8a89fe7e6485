// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long the fields of a command may be, in bytes of UTF-8, whatever the network. Larger than any
// network takes, small enough to be held a thousand times.
#pragma once

#include <cstddef>

namespace halley::limit {

inline constexpr std::size_t text = 16000;   // say, edit
inline constexpr std::size_t topic = 4000;
inline constexpr std::size_t room = 512;
inline constexpr std::size_t nick = 256;
inline constexpr std::size_t reason = 1000;  // part, kick, away, invite
inline constexpr std::size_t id = 1024;
inline constexpr std::size_t secret = 1024;  // passwords and keys
inline constexpr std::size_t line = 2000;    // raw
inline constexpr std::size_t data = 4000;    // a JSON value; IRC has 4,094 bytes for all tags
inline constexpr std::size_t data_type = 64;
inline constexpr std::size_t reactions = 16;
inline constexpr std::size_t mode_changes = 20;
inline constexpr std::size_t setting_changes = 100;  // of a room, and values of one of them
inline constexpr long long ban_ms = 366LL * 24 * 3600 * 1000;  // a ban that ends by itself
inline constexpr unsigned slow_s = 3600;                       // between two lines of one person
inline constexpr std::size_t commands_in_one_body = 64;
inline constexpr std::size_t rooms_at_entry = 20;
inline constexpr std::size_t json_depth = 16;
inline constexpr unsigned history = 500;     // messages asked for at once

}  // namespace halley::limit
