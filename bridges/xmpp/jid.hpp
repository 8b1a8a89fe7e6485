// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses: parts of a JID (RFC 7622), and what a browser may write for a room or a person.
// Preparation (RFC 6122) is gloox's; a JID that does not survive it is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halley::xmpp {

// Views into `jid`. A JID without '/' has no resource, one without '@' no local part.
std::string_view bare(std::string_view jid);
std::string_view resource(std::string_view jid);
std::string_view domain(std::string_view jid);
std::string_view local(std::string_view jid);

// The prepared form; nothing if it is none.
std::optional<std::string> prepare_jid(std::string_view jid);
std::optional<std::string> prepare_bare_jid(std::string_view jid);
// A nick as a room takes it.
std::optional<std::string> prepare_nick(std::string_view nick);

// The full name of the room a browser calls `name`: rooms without '@' live at `service`, which may
// be empty: then they have no name.
std::optional<std::string> room_jid(std::string_view name, std::string_view service);

}  // namespace halley::xmpp
