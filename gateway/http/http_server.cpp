// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/http_server.hpp"

#include <cerrno>
#include <functional>
#include <utility>

#include "gateway/dialects/bayeux_desk.hpp"
#include "gateway/http/bosh_hall.hpp"
#include "gateway/http/connection.hpp"
#include "gateway/http/exchange.hpp"
#include "gateway/http/listener.hpp"

namespace halley {
namespace {

address_tag tag_of(const socket_peer& peer) {
  const auto& bytes = peer.address.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto hash = static_cast<address_tag>(std::hash<std::string_view>{}(text));
  return hash == 0 ? 1 : hash;
}

}  // namespace

struct http_server::parts final : http_parts, listener::target {
  using http_parts::http_parts;

  void add_listener(const http_settings::listen_address& where) {
    listeners.push_back(std::make_unique<listener>(context.loop, where, *this));
  }

  // The limit is for each shard: what it protects, memory and descriptors, may be had that often.
  void take_in(byte_stream stream, socket_peer peer, handed_connection* from) {
    const address_tag tag = proxies.is_trusted(peer) ? 0 : tag_of(peer);
    if (tag != 0 && open.count_of(tag) >= context.settings.connections_per_address) {
      ++counters.refused_connections;
      return;
    }
    auto made = std::make_unique<http_connection>(*this, std::move(stream), peer);
    http_connection& one = *made;
    open.add(std::move(made), tag);
    if (from != nullptr)
      one.resume(std::move(from->request), std::move(from->leftover));
    else
      one.start();
  }

  void on_accepted(byte_stream stream) override {
    ++counters.accepted;
    const socket_peer peer = peer_of(stream.fd());
    const std::size_t shards = context.shards.shard_count();
    // Only one shard can listen on a Unix socket; the others get their share in turn.
    if (peer.local_socket && shards > 1) {
      next_shard = (next_shard + 1) % shards;
      if (next_shard != context.shard)
        return context.shards.hand_over(next_shard, {std::move(stream), peer, std::nullopt, {}});
    }
    take_in(std::move(stream), peer, nullptr);
  }

  void on_accept_paused() override { ++counters.accept_pauses; }

  std::vector<std::unique_ptr<listener>> listeners;
  std::size_t next_shard = 0;
};

http_server::http_server(http_context context)
    : parts_(std::make_unique<parts>(std::move(context))) {}

http_server::~http_server() = default;

std::vector<http_settings::listen_address> http_server::start(
    const std::vector<http_settings::listen_address>& where) {
  std::vector<http_settings::listen_address> bound;
  for (const auto& one : where) {
    if (one.host.starts_with("unix:") && parts_->context.shard != 0) {
      bound.push_back(one);
      continue;
    }
    parts_->add_listener(one);
    bound.push_back(parts_->listeners.back()->address());
  }
  return bound;
}

void http_server::adopt(handed_connection&& what) {
  if (!what.stream.is_open()) return;
  byte_stream stream = std::move(what.stream);
  parts_->take_in(std::move(stream), what.peer, &what);
}

void http_server::visit(const std::function<void(http_parts&)>& work) {
  work(*parts_);
}

void http_server::stop_accepting() {
  parts_->closing = true;
  if (parts_->bayeux) parts_->bayeux->close();
  parts_->listeners.clear();
  parts_->bosh->shut_down();
  parts_->raw.hall.shut_down();
  parts_->open.shut_down();
}

std::size_t http_server::connection_count() const {
  return parts_->open.size();
}

const http_counters& http_server::counters() const {
  return parts_->counters;
}

const carrier_counts& http_server::carrier_counters() const {
  return parts_->carried;
}

const bosh_counts& http_server::bosh_counters() const { return parts_->bosh->counts(); }

const raw_counts& http_server::raw_counters() const {
  return parts_->raw.counts;
}

}  // namespace halley
