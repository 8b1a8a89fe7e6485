// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which server software it is: decides whose configuration syntax the advice is written in.
#pragma once

#include <cstdint>
#include <string_view>

namespace halley {

enum class server_kind : std::uint8_t {
  unknown,
  ngircd,
  inspircd3,
  inspircd4,
  unrealircd,
  solanum,  // and charybdis, whose settings it shares
  ergo,
  prosody,
  ejabberd
};

// From what the server calls itself: 004 or 351 on IRC, XEP-0092 or the disco identity on XMPP.
server_kind server_kind_of(std::string_view version);
const char* print(server_kind kind);  // "InspIRCd 3"

}  // namespace halley
