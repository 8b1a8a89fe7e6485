// SPDX-License-Identifier: GPL-3.0-or-later
//
// SRV records in `halley check`: the servers of a network that is found by them, and, of an XMPP
// network that names its servers, whether other clients find the same ones (RFC 6120, 3.2.1).
#pragma once

#include <optional>
#include <vector>

#include "gateway/chat/network.hpp"
#include "gateway/check/report.hpp"

namespace halley {

// One server to check, and the settings it is checked with.
struct way_in {
  network config;  // TLS as the record that named it wants it
  endpoint server;
  std::optional<step> srv;  // how it was found; failed: there is nothing to check
};

// All servers of a network, those of SRV records in the order of their priorities.
std::vector<way_in> ways_into(const network& config);
// Asks DNS and compares. Nothing when there is nothing to say: servers given by address or by SRV, no
// records.
std::optional<step> compare_srv(const network& config);

}  // namespace halley
