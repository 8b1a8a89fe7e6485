// SPDX-License-Identifier: GPL-3.0-or-later
//
// TLS towards browsers: one context for all shards, TLS 1.2 at least, HTTP/1.1 by ALPN, no buffer
// kept by idle connections. Immutable after the constructor, so any thread may make connections.
#pragma once

#include <string>

#include "gateway/base/byte_stream.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace halley {

class server_tls {
 public:
  // PEM files. Throws std::runtime_error naming the file at fault.
  server_tls(const std::string& cert_file, const std::string& key_file);
  ~server_tls();
  server_tls(const server_tls&) = delete;
  server_tls& operator=(const server_tls&) = delete;
  // A fresh object in accept state.
  ssl_ptr make() const;

 private:
  SSL_CTX* context_;
};

}  // namespace halley
