// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/shard.hpp"

#include "bridges/bridge_factory.hpp"

namespace halley {
namespace {

std::vector<std::unique_ptr<bridge_network>> make_networks(const settings& config, reactor& loop) {
  std::vector<std::unique_ptr<bridge_network>> made;
  for (const network& one : config.networks) made.push_back(make_bridge_network(one, loop));
  return made;
}

std::vector<bridge_network*> pointers(const std::vector<std::unique_ptr<bridge_network>>& owned) {
  std::vector<bridge_network*> out;
  for (const auto& one : owned) out.push_back(one.get());
  return out;
}

}  // namespace

shard::shard(std::size_t index, const shard_surroundings& around)
    : networks_(make_networks(around.config, loop_)),
      sessions_(index, around.key, around.config.sessions, around.counts, loop_),
      http_({loop_, around.config.http, sessions_, pointers(networks_), around.chat, around.key,
             around.pages, around.tls, index, around.shards}) {}

void shard::stop() {
  loop_.post([this] { loop_.stop(); });
}

void shard::hand_over(handed_connection&& what) {
  // std::function wants something it could copy.
  auto moved = std::make_shared<handed_connection>(std::move(what));
  loop_.post([this, moved] { http_.adopt(std::move(*moved)); });
}

void shard::drain(std::function<void()> done) {
  loop_.post([this, done = std::move(done)] {
    http_.stop_accepting();
    sessions_.close_all({failure_code::lost, "The chat service is restarting.", ""});
    sessions_.when_empty(done);
  });
}

}  // namespace halley
