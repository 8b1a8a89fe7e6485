// SPDX-License-Identifier: GPL-3.0-or-later
//
// One shard: a reactor and everything that lives on its thread, in order of construction. Owned by
// the node. Constructed before its thread runs; from then on only through post().
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "gateway/base/reactor.hpp"
#include "gateway/http/http_server.hpp"
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
};

class shard {
 public:
  shard(std::size_t index, const shard_surroundings& around);

  std::vector<http_settings::listen_address> listen(
      const std::vector<http_settings::listen_address>& where) {
    return http_.start(where);
  }
  void run() { loop_.run(); }
  // From any thread.
  void stop();
  void hand_over(handed_connection&& what);
  // Tells every session that this node goes away, then calls `done` on the shard's thread as soon as
  // the last has left its network.
  void drain(std::function<void()> done);

 private:
  reactor loop_;
  std::vector<std::unique_ptr<bridge_network>> networks_;
  session_table sessions_;
  http_server http_;
};

}  // namespace halley
