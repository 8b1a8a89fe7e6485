// SPDX-License-Identifier: GPL-3.0-or-later
//
// XEP-0368, 3: with TLS from the first byte the client names its protocol, so that a port can serve several.
#pragma once

#include <openssl/ssl.h>

namespace halley {

inline void offer_xmpp_client(SSL* tls) {
  constexpr unsigned char protocols[] = "\x0b" "xmpp-client";  // each with its length before it
  SSL_set_alpn_protos(tls, protocols, sizeof protocols - 1);
}

}  // namespace halley
