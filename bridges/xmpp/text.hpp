// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message texts: XEP-0393 marks become neutral spans (the marks themselves stay, as the XEP asks),
// the fallback a reply carries for old clients is taken out (XEP-0428, XEP-0461), "/me " is found
// (XEP-0245). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/chat/text.hpp"

namespace halley::xmpp {

// Drops control characters but \n and \t and finds the spans.
formatted style(std::string_view text);
// The same without looking for marks, for topics and people who ask for it (XEP-0393, 6: unstyled).
formatted unstyled(std::string_view text);

// `text` without its code points from `begin` to before `end`.
std::string without_range(std::string_view text, std::size_t begin, std::size_t end);
std::size_t count_code_points(std::string_view text);

// Takes "/me " off the front.
bool take_action(std::string& text);

}  // namespace halley::xmpp
