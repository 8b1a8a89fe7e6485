// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines an operator adds to a chat server's configuration so that a gateway's visitors are
// seen, counted and limited one by one. Written in the syntax of the software that was recognised.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gateway/chat/network.hpp"
#include "gateway/check/irc_words.hpp"
#include "gateway/check/report.hpp"
#include "gateway/check/server_kind.hpp"

namespace halley {

// What the check learned that changes the advice.
struct findings {
  server_kind kind = server_kind::unknown;
  std::string gateway;    // our address as the server sees it; empty: a Unix socket
  bool is_local = false;  // loopback or a Unix socket: no TLS needed
  // IRC
  std::size_t nick_length = 0;  // NICKLEN; 0: not said
  bool is_slowed = false;       // the server takes lines slower than halley.toml sends them
  pace lines;
  // XMPP
  bool needs_anonymous = false;
  bool needs_muc = false;
  bool needs_archive = false;
  std::size_t bytes_per_second = 0;  // of one client; 0: no limit was met
};

std::vector<advice_block> irc_advice(const network& config, const findings& seen,
                                     bool show_secrets);
std::vector<advice_block> xmpp_advice(const network& config, const findings& seen);

}  // namespace halley
