// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two clocks, as plain integers: `steady_ms` for deadlines, `unix_ms` for what people read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halley {

using steady_ms = std::int64_t;  // milliseconds, monotonic, no meaning outside this process
using unix_ms = std::int64_t;    // milliseconds since 1970-01-01T00:00:00Z

steady_ms steady_now();
std::int64_t steady_now_us();  // the same clock, in microseconds
unix_ms unix_now();

// "2026-11-21T02:03:04.567Z", as IRCv3 server-time and XEP-0082 write it. Fraction and zone offset
// are optional on input; nothing comes back for anything else.
std::optional<unix_ms> parse_iso_time(std::string_view text);
std::string print_iso_time(unix_ms at);

}  // namespace halley
