// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a server says when it closes a connection or lets nobody in, and what follows from it: one
// table of the wording in use. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/chat/failure.hpp"

namespace halley::irc {

// What to do about a lost connection.
enum class fate : std::uint8_t {
  come_back,  // with the usual backoff
  slow_down,  // later: we come too often, or too many come from one address
  never       // a ban, a wrong password: coming back is no use
};

struct farewell {
  fate what = fate::come_back;
  failure why;
};

// `text` is that of an ERROR, of a KILL or of 463, 465 and 466.
farewell read_farewell(std::string_view text);
// The text of an ERROR without "Closing Link: nick[host] (...)" around it.
std::string reason_in_error(std::string_view text);

}  // namespace halley::irc
