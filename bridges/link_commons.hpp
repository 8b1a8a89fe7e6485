// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all links of one network have in common, and have learnt of it, on all shards of the process. Owned by the node,
// which outlives the shards and stops it when their threads have ended; alone, a network on one
// shard has one of its own.
#pragma once

#include <atomic>
#include <cstdint>

#include "bridges/connect_turns.hpp"
#include "bridges/name_lookup.hpp"
#include "gateway/chat/network.hpp"

namespace halley {

struct link_commons {
  explicit link_commons(const network& config)
      : turns(config.connects_at_once), names(config.resolver) {}
  connect_turns turns;
  name_lookup names;
  std::atomic<std::uint32_t> nick_limit{0};  // bytes, as its servers said last; 0: not known
};

}  // namespace halley
