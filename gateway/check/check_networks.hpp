// SPDX-License-Identifier: GPL-3.0-or-later
//
// The check of one server of one network; check.cpp goes through them.
#pragma once

#include <vector>

#include "gateway/check/check.hpp"
#include "gateway/check/report.hpp"

namespace halley {

report check_irc(const network& config, const endpoint& server, const check_options& options);
report check_xmpp(const network& config, const endpoint& server, const check_options& options);

}  // namespace halley
