// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a piece of the stream in one plain form: numeric references as the characters they mean,
// CDATA as text, double quotes in attribute values escaped. For pieces that stanza_reader has
// already checked. Also reads the head of a piece (declared in stanza_reader.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace halley::xmpp {

// What `&name;` means: one of the five predefined entities or a numeric reference to a code point
// XML 1.0 allows; nothing for anything else.
std::optional<char32_t> decode_reference(std::string_view name);
void rewrite_piece(std::string_view piece, std::string& into);

}  // namespace halley::xmpp
