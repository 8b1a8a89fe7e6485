// SPDX-License-Identifier: GPL-3.0-or-later
//
// The browser side of one shard: its listeners, connections and carriers; owns them all. Lives on
// the shard's thread; constructing it and start() may happen before that thread runs.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "gateway/carriers/stream_carrier.hpp"
#include "gateway/http/http_context.hpp"
#include "gateway/session/raw_hall.hpp"

namespace halley {

struct bosh_counts;

class http_server {
 public:
  // Throws std::runtime_error for settings that cannot be used (a proxy range that is none).
  explicit http_server(http_context context);
  // Closes what is still open without a word. Sessions may outlive it; they lose their carriers.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  // Listens on every address and returns them with the ports really bound (port 0: any). Give the
  // result of the first shard to the others: each binds the same TCP ports again (SO_REUSEPORT); a
  // Unix socket is bound by shard 0 alone, which shares its connections out. Throws
  // std::runtime_error naming the address and what to do about it.
  std::vector<http_settings::listen_address> start(
      const std::vector<http_settings::listen_address>& where);
  // Takes over a connection another shard read a request from.
  void adopt(handed_connection&& what);
  // For other shards (shard_directory::visit).
  void visit(const std::function<void(http_parts&)>& work);
  // No new connections; those waiting for a request are closed, raw conversations end, carriers of sessions and
  // requests go on.
  void stop_accepting();

  // Connections and carriers open now.
  std::size_t connection_count() const;
  // May be looked at from any thread.
  const http_counters& counters() const;
  const carrier_counts& carrier_counters() const;
  const raw_counts& raw_counters() const;
  const bosh_counts& bosh_counters() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace halley
