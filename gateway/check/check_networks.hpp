// SPDX-License-Identifier: GPL-3.0-or-later
//
// The check of one server of one network; check.cpp goes through them.
#pragma once

#include <vector>

#include "gateway/check/check.hpp"
#include "gateway/check/report.hpp"

namespace halley {

report check_irc(const network& config, const endpoint& server, const check_options& options);
// An XMPP network without servers is looked up by its domain, so this one chooses them itself.
std::vector<report> check_xmpp(const network& config, const check_options& options);

}  // namespace halley
