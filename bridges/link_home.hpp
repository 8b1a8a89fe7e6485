// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the links of one network need on one shard: its settings, the loop, TLS, and what they share
// with the other shards. Owned by whoever opens links there.
#pragma once

#include <memory>
#include <string>

#include "bridges/link_commons.hpp"
#include "gateway/base/byte_stream.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/chat/network.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace halley {

// TLS towards the servers of one network: verification, name, client certificate; TLS 1.2 at least.
// One for each network and shard. The constructor throws std::runtime_error naming the file at fault.
class link_tls {
 public:
  explicit link_tls(const network& config);
  ~link_tls();
  link_tls(const link_tls&) = delete;
  link_tls& operator=(const link_tls&) = delete;
  // A fresh object in connect state, with SNI and the name to verify. `first_byte`: TLS is not asked for by
  // STARTTLS, so that the server may have to be told what is spoken under it.
  ssl_ptr make(const std::string& name, bool first_byte) const;

 private:
  SSL_CTX* context_;
  const bool xmpp_;
};

struct link_home {
  // All outlive it. Without `shared` it has commons of its own. Throws as link_tls does.
  link_home(const network& settings, reactor& shard, link_commons* shared = nullptr)
      : config(settings),
        loop(shard),
        tls(settings.tls == tls_mode::none ? nullptr : std::make_unique<link_tls>(settings)),
        own(shared != nullptr ? nullptr : std::make_unique<link_commons>(settings)),
        commons(shared != nullptr ? *shared : *own) {}

  const network& config;
  reactor& loop;
  const std::unique_ptr<link_tls> tls;  // null if the network uses none

 private:
  const std::unique_ptr<link_commons> own;

 public:
  link_commons& commons;
};

}  // namespace halley
