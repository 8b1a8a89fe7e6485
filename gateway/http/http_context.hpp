// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the browser side of one shard works with, and how a connection goes to another shard: the
// descriptor, its TLS state, the request that was read and the bytes after it, so that a carrier
// always runs on the shard of its session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/byte_stream.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/http/client_address.hpp"
#include "gateway/http/http_settings.hpp"
#include "gateway/http/request.hpp"
#include "gateway/http/static_files.hpp"
#include "gateway/http/tls.hpp"
#include "gateway/session/dialect.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {

// A connection on its way to the shard that owns its session. Movable only.
struct handed_connection {
  byte_stream stream;
  socket_peer peer;
  std::optional<http_request>
      request;           // none: nothing was read yet (a Unix socket being shared out)
  std::string leftover;  // read after the request: a next request, or frames
};

// Implemented by the node.
class shard_directory {
 public:
  // Called on the shard that gives the connection away; reaches http_server::adopt() of shard
  // `to` on that shard's own thread. The connection is closed if that shard has stopped.
  virtual void hand_over(std::size_t to, handed_connection&& what) = 0;
  virtual std::size_t shard_count() const = 0;

 protected:
  ~shard_directory() = default;
};

// One shard's own; read by others only through a post to the shard.
struct http_counters {
  std::uint64_t accepted = 0;
  std::uint64_t accept_pauses = 0;        // out of descriptors
  std::uint64_t refused_connections = 0;  // too many of one address
  std::uint64_t requests = 0;
  std::uint64_t answers[6] = {};  // by status class; [2] are 2xx
  std::uint64_t refused_origins = 0;
  std::uint64_t handed_over = 0;
  std::uint64_t timed_out = 0;   // requests that took too long to arrive
  std::uint64_t websockets = 0;  // carriers opened since the start
  std::uint64_t event_streams = 0;
  std::uint64_t long_polls = 0;
  std::uint64_t slow_readers = 0;  // closed because they fell behind the outbox
};

// Everything here outlives the http_server it is given to.
struct http_context {
  reactor& loop;
  const http_settings& settings;
  session_table& sessions;                // this shard's
  std::vector<bridge_network*> networks;  // this shard's, in the order they are offered
  const dialect& chat;
  const session_key& key;
  const static_files& pages;
  const server_tls* tls;  // null: plain HTTP
  std::size_t shard;
  shard_directory& shards;
};

}  // namespace halley
