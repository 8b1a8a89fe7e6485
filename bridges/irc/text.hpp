// SPDX-License-Identifier: GPL-3.0-or-later
//
// What IRC does to text, and back: bytes that are not UTF-8, mIRC formatting codes to neutral
// spans, CTCP, and cutting long text into messages that a server relays whole. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/chat/text.hpp"

namespace halley::irc {

// `raw` itself if it is UTF-8; otherwise read as Windows-1252, which is what those who still send
// no UTF-8 use, into `scratch`.
std::string_view to_utf8(std::string_view raw, std::string& scratch);
// For names and short fields: repaired and without control characters.
std::string clean_field(std::string_view raw);

// Repaired, formatting codes made spans, other control characters dropped.
formatted read_text(std::string_view raw);

// A CTCP message ("\1VERSION\1") as its verb and what follows.
struct ctcp {
  std::string_view verb;  // empty: not CTCP
  std::string_view rest;
};
ctcp read_ctcp(std::string_view raw);

// Cuts `text` into pieces of at most `limit` bytes: at line ends, else between words, else between
// characters as a reader sees them. Empty lines are left out; one space where it was cut as well.
std::vector<std::string_view> split_text(std::string_view text, std::size_t limit);

// The bytes left for the text in what other people get:
// ":nick!user@host PRIVMSG target :text\r\n" (RFC 2812, 2.3; LINELEN).
std::size_t room_for_text(std::size_t line_length, std::string_view command, std::string_view nick,
                          std::size_t user_at_host, std::string_view target);

}  // namespace halley::irc
