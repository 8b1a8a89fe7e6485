// SPDX-License-Identifier: GPL-3.0-or-later
//
// Answers to <script> elements (JSONP), for pages that can do nothing else: the answer is a call of
// a function the page named. A script has no status that its page could read, so the failure is in
// the argument.
#pragma once

#include <string>
#include <string_view>

namespace halley {

// ^[A-Za-z_$][A-Za-z0-9_$.]{0,63}$: a name, so that the answer says nothing else than a call.
bool is_callback_name(std::string_view text);

// `json` as a dialect prints it, which is a literal of the language. The comment in front keeps the
// caller from choosing the first bytes of the answer (CVE-2014-4671, Rosetta Flash).
std::string print_call(std::string_view callback, std::string_view json);

}  // namespace halley
