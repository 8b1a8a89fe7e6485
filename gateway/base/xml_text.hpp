// SPDX-License-Identifier: GPL-3.0-or-later
//
// Characters as they may stand in XML, in text and in attributes alike: the five special ones
// escaped; bytes that are not UTF-8 and code points XML 1.0 forbids become U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace halley::xmpp {

// `c` must be one XML 1.0 allows.
void append_escaped(std::string& out, char32_t c);
void append_escaped(std::string& out, std::string_view value);

}  // namespace halley::xmpp
