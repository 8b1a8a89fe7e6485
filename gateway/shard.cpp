// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/shard.hpp"

#include "bridges/bridge_factory.hpp"

namespace halley {
namespace {

std::vector<std::unique_ptr<bridge_network>> make_networks(const shard_surroundings& around,
                                                            reactor& loop) {
  std::vector<std::unique_ptr<bridge_network>> made;
  for (const network& one : around.config.networks)
    made.push_back(make_bridge_network(one, loop, around.commons[made.size()].get()));
  return made;
}

std::vector<std::unique_ptr<tunnel_network>> make_tunnels(const shard_surroundings& around,
                                                          reactor& loop) {
  std::vector<std::unique_ptr<tunnel_network>> made;
  const auto& networks = around.config.networks;
  for (std::size_t i = 0; i < networks.size(); ++i)
    if (networks[i].raw_clients)
      made.push_back(make_tunnel_network(networks[i], loop, around.commons[i].get()));
  return made;
}

// One client for all passers-by of a network: on one shard of the node.
std::vector<std::unique_ptr<observer>> make_observers(
    std::size_t shard, reactor& loop, const std::vector<std::unique_ptr<bridge_network>>& networks) {
  std::vector<std::unique_ptr<observer>> made;
  if (shard != watch_shard) return made;
  for (const auto& one : networks)
    if (!one->config().watch_rooms.empty()) made.push_back(std::make_unique<observer>(loop, *one));
  return made;
}

template <class Port>
std::vector<Port*> pointers(const std::vector<std::unique_ptr<Port>>& owned) {
  std::vector<Port*> out;
  for (const auto& one : owned) out.push_back(one.get());
  return out;
}

}  // namespace

shard::shard(std::size_t index, const shard_surroundings& around)
    : networks_(make_networks(around, loop_)),
      tunnels_(make_tunnels(around, loop_)),
      observers_(make_observers(index, loop_, networks_)),
      sessions_(index, around.key, around.config.sessions, around.counts, loop_),
      http_({loop_, around.config.http, sessions_, pointers(networks_), around.chat, around.key,
             around.pages, around.tls, index, around.shards, around.site,
             pointers(tunnels_), pointers(observers_)}),
      ops_({loop_, around.config.http, sessions_, {}, around.chat, around.key, around.pages, nullptr,
            index, around.shards, around.metrics}) {}

void shard::run() {
  for (auto& one : observers_) one->start();
  loop_.run();
}

void shard::stop() {
  loop_.post([this] { loop_.stop(); });
}

void shard::hand_over(handed_connection&& what) {
  // std::function wants something it could copy.
  auto moved = std::make_shared<handed_connection>(std::move(what));
  loop_.post([this, moved] { http_.adopt(std::move(*moved)); });
}

void shard::visit(std::function<void(http_parts&)> work) {
  loop_.post([this, work = std::move(work)] { http_.visit(work); });
}

void shard::drain(std::function<void()> done) {
  loop_.post([this, done = std::move(done)] {
    http_.stop_accepting();
    for (auto& one : observers_) one->stop();
    sessions_.close_all({failure_code::lost, "The chat service is restarting.", ""});
    sessions_.when_empty(done);
  });
}

}  // namespace halley
