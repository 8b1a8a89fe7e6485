// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where XMPP clients find the addresses of BOSH and XMPP over WebSocket (XEP-0156): the documents
// /.well-known/host-meta and host-meta.json. Pure.
#pragma once

#include <string>
#include <string_view>

namespace halley {

// `host` as in a Host field, with port if it has one; `secure`: browsers reach it by https.
std::string print_host_meta(std::string_view host, bool secure);
std::string print_host_meta_json(std::string_view host, bool secure);
// Whether it is a name, an IPv4 address or one in brackets, with or without port, and nothing else.
bool is_host_field(std::string_view host);

}  // namespace halley
