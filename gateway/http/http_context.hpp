// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the browser side of one shard works with, and how a connection goes to another shard: the
// descriptor, its TLS state, the request that was read and the bytes after it, so that a carrier
// always runs on the shard of its session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/byte_stream.hpp"
#include "gateway/base/counter.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/http/client_address.hpp"
#include "gateway/http/http_settings.hpp"
#include "gateway/http/request.hpp"
#include "gateway/http/static_files.hpp"
#include "gateway/http/tls.hpp"
#include "gateway/session/dialect.hpp"
#include "gateway/session/session_table.hpp"
#include "gateway/session/tunnel.hpp"
#include "gateway/watch/observer.hpp"

namespace halley {

// A connection on its way to the shard that owns its session. Movable only.
struct handed_connection {
  byte_stream stream;
  socket_peer peer;
  std::optional<http_request>
      request;           // none: nothing was read yet (a Unix socket being shared out)
  std::string leftover;  // read after the request: a next request, or frames
};

struct http_parts;

// Implemented by the node.
class shard_directory {
 public:
  // Called on the shard that gives the connection away; reaches http_server::adopt() of shard
  // `to` on that shard's own thread. The connection is closed if that shard has stopped.
  virtual void hand_over(std::size_t to, handed_connection&& what) = 0;
  // Runs `work` on shard `to`, on its thread, with what that shard answers by; never if it has stopped.
  virtual void visit(std::size_t to, std::function<void(http_parts&)> work) = 0;
  virtual std::size_t shard_count() const = 0;

 protected:
  ~shard_directory() = default;
};

// Counted on one shard, since its start.
struct http_counters {
  counter accepted;
  counter accept_pauses;        // out of descriptors
  counter refused_connections;  // too many of one address
  counter requests;
  counter answers[6];  // by status class; [2] are 2xx
  counter refused_origins;
  counter handed_over;  // to the shard of their session
  counter timed_out;    // requests that took too long to arrive
  counter open;         // connections and carriers, now
};

class exchange;

// What the requests of a server's connections are answered by. Immutable; outlives the server.
class answerer {
 public:
  virtual void answer(http_parts& parts, exchange& with, http_request&& request) const = 0;
  // How long the body of this request may be by its protocol; 0: the settings decide.
  virtual std::size_t longest_body(const http_request& head) const {
    (void)head;
    return 0;
  }

 protected:
  ~answerer() = default;
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
  const answerer& answers;
  // This shard's, of the networks that are open to the raw dialects.
  std::vector<tunnel_network*> tunnels = {};
  // Of watched rooms; on one shard only, see watch_shard.
  std::vector<observer*> observers = {};
};

// Where the observers are: viewers are brought there.
inline constexpr std::size_t watch_shard = 0;

}  // namespace halley
