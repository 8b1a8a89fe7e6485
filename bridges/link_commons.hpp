// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all links of one network have in common, on all shards of the process. Owned by the node,
// which outlives the shards and stops it when their threads have ended; alone, a network on one
// shard has one of its own.
#pragma once

#include "bridges/connect_turns.hpp"
#include "bridges/name_lookup.hpp"
#include "gateway/chat/network.hpp"

namespace halley {

struct link_commons {
  explicit link_commons(const network& config)
      : turns(config.connects_at_once), names(config.resolver) {}
  connect_turns turns;
  name_lookup names;
};

}  // namespace halley
