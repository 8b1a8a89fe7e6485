// SPDX-License-Identifier: GPL-3.0-or-later
//
// What single values look like: addresses, origins, names, files. Pure, apart from looking whether
// a file is there. All accept or refuse a whole text; none of them trims.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/chat/network.hpp"
#include "gateway/http/http_settings.hpp"

namespace halley {

// "irc.example.org:6697", "192.0.2.1:6667", "[2001:db8::1]:6667", "srv:example.org" or
// "unix:/run/ircd.sock".
std::optional<endpoint> parse_endpoint(std::string_view text);
// The same for a socket to listen on, where port 0 means any free one.
std::optional<http_settings::listen_address> parse_listen_address(std::string_view text);

bool is_ip_address(std::string_view text);
bool is_cidr(std::string_view text);    // an address, with or without "/prefix"
bool is_origin(std::string_view text);  // RFC 6454, 6.2, with * for whole labels of the host
bool is_origin_or_null(std::string_view text);  // "null": what pages say that have none
bool is_websocket_address_or_empty(std::string_view text);  // "wss://chat.example.org/path"
bool is_node_name(std::string_view text);
bool is_network_name(std::string_view text);
bool is_log_level(std::string_view text);
bool is_domain_or_empty(std::string_view text);
bool is_resolver_or_empty(std::string_view text);  // "192.0.2.1:53" or "[2001:db8::1]:53"
bool is_line(std::string_view text);           // no control characters
bool is_word_or_empty(std::string_view text);  // a line without blanks that does not begin with ":"
bool is_word(std::string_view text);
bool is_key_or_empty(std::string_view text);  // none, or too long to be guessed
bool is_file_or_empty(std::string_view path);  // exists and can be read
bool is_folder_or_empty(std::string_view path);

}  // namespace halley
