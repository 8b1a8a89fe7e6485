// SPDX-License-Identifier: GPL-3.0-or-later
//
// One shard: a reactor and everything that lives on its thread, in order of construction. Owned by
// the node. Constructed before its thread runs; from then on only through post().
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "bridges/link_commons.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/http/http_server.hpp"
#include "gateway/ops/metrics.hpp"
#include "gateway/session/session_table.hpp"
#include "gateway/settings/settings.hpp"

namespace halley {

// What the shards of a node share, all of it immutable but the counts.
struct shard_surroundings {
  const settings& config;
  const session_key& key;
  const dialect& chat;
  const static_files& pages;
  const server_tls* tls;
  session_counts& counts;
  shard_directory& shards;
  const answerer& site;     // for browsers
  const answerer& metrics;  // for operators
  const std::vector<std::unique_ptr<link_commons>>& commons;  // of each network, in their order
};

class shard {
 public:
  shard(std::size_t index, const shard_surroundings& around);

  std::vector<http_settings::listen_address> listen(
      const std::vector<http_settings::listen_address>& where) {
    return http_.start(where);
  }
  // The operators' own server; on one shard only. Before run().
  void listen_for_operators(const std::vector<http_settings::listen_address>& where) {
    ops_.start(where);
  }
  // May be looked at from any thread.
  shard_numbers numbers() const {
    return {&sessions_.counters(), &http_.counters(), &http_.carrier_counters(),
            &http_.raw_counters(), &http_.bosh_counters()};
  }
  void run();
  // From any thread.
  void stop();
  void hand_over(handed_connection&& what);
  void visit(std::function<void(http_parts&)> work);
  // Tells every session that this node goes away, then calls `done` on the shard's thread as soon as
  // the last has left its network.
  void drain(std::function<void()> done);

 private:
  reactor loop_;
  std::vector<std::unique_ptr<bridge_network>> networks_;
  std::vector<std::unique_ptr<tunnel_network>> tunnels_;  // of those open to the raw dialects
  std::vector<std::unique_ptr<observer>> observers_;
  session_table sessions_;
  http_server http_;
  http_server ops_;
};

}  // namespace halley
