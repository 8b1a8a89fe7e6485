// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of rooms and people as segments of a Bayeux channel, and back. Injective: two rooms never
// share a channel, and every channel has one spelling. Pure. The rule, and vectors for other
// implementations: gateway/dialects/README.md, tests/support/bayeux_names.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/errors.hpp"
#include "gateway/chat/event.hpp"
#include "gateway/chat/failure.hpp"
#include "gateway/chat/network.hpp"

namespace halley {

// A room or a person of this network as one segment; at most three times as long.
std::string escape_name(std::string_view name, bool is_room, const network& of);
// The name a segment stands for; nothing if it is not spelled as escape_name() spells it. `instead`
// gets the right spelling where there is one.
std::optional<std::string> unescape_name(std::string_view segment, bool is_room, const network& of,
                                         std::string* instead = nullptr);

enum class bayeux_realm : std::uint8_t { chat, data, dm, members, net, service };

// "/chat/<network>/<room>", "/data/<network>/<room>", "/dm/<network>/<nick>",
// "/members/<network>/<room>", "/net/<network>", "/service/<network>/<verb>".
struct bayeux_address {
  bayeux_realm realm = bayeux_realm::chat;
  std::string_view network;
  std::string_view segment;  // still escaped; empty for net
};
// Nothing for a channel outside of this scheme, a pattern among them.
std::optional<bayeux_address> parse_address(std::string_view channel);

// The room or person it stands for, as the network spells it.
result<std::string, failure> name_of(const bayeux_address& where, const network& of);
failure bad_channel(std::string text);

// The Bayeux grammar, bounded in length and depth; a pattern may end in "/*" or "/**".
bool is_channel(std::string_view text);
bool is_pattern(std::string_view channel);
bool matches(std::string_view pattern, std::string_view channel);

}  // namespace halley
