// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logging. One line where a failure is decided, with who and what. Secrets (session ids, passwords,
// tokens) never go in whole: log_id() gives the part of an id that may be seen.
#pragma once

#include <spdlog/spdlog.h>

#include <string_view>

namespace halley {

// "debug", "info", "warn", "error"; false for anything else.
bool set_log_level(std::string_view level);
void start_log();
// The first eight characters: enough to find a session's lines, too few to take it over.
inline std::string_view log_id(std::string_view id) { return id.substr(0, 8); }

}  // namespace halley
