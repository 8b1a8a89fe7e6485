// SPDX-License-Identifier: GPL-3.0-or-later
//
// A connected non-blocking socket, plain or under TLS: the one thing every leg reads from and
// writes to. Owns its descriptor and its SSL object; knows nothing of epoll (the owner watches
// fd()) and keeps no buffer. May be moved to another shard between two calls.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/errors.hpp"

typedef struct ssl_st SSL;

namespace halley {

struct ssl_deleter {
  void operator()(SSL* tls) const;
};
using ssl_ptr = std::unique_ptr<SSL, ssl_deleter>;

enum class io_state {
  ok,           // `size` bytes were moved
  would_block,  // wait for readiness (under TLS in either direction)
  closed,       // the peer ended the stream cleanly
  failed        // `ec` says why; the stream is unusable
};

struct io_result {
  io_state state = io_state::ok;
  std::size_t size = 0;
  error_code ec;
  // What was read was all there was: who waits for an edge need not ask again.
  bool emptied = false;
};

class byte_stream {
 public:
  byte_stream() = default;
  explicit byte_stream(int fd) : fd_(fd) {}
  ~byte_stream() { close(); }
  byte_stream(byte_stream&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), tls_(std::move(other.tls_)) {}
  byte_stream& operator=(byte_stream&& other) noexcept;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  bool is_tls() const { return tls_ != nullptr; }
  SSL* tls() const { return tls_.get(); }

  // Puts TLS on the open socket. `tls` is a fresh object in connect or accept state; the handshake
  // happens in handshake(), to be repeated on readiness while it would block.
  void start_tls(ssl_ptr tls);
  io_result handshake();

  io_result read(std::span<char> into);
  io_result write(std::string_view bytes);
  // Writes as much as the socket takes now; `bytes` is then what is left for its next readiness.
  io_state write_all(std::string_view& bytes);

  // Bytes the kernel has taken but the peer has not acknowledged (SIOCOUTQ); 0 where unknown.
  std::size_t unacknowledged() const;
  // Acknowledge at once what was read: a server with Nagle on waits 40 ms for it otherwise.
  void acknowledge_now();
  // Nothing more will be written: the peer reads to an orderly end, and may still be read from.
  void end_writing();
  void close();

 private:
  int fd_ = -1;
  ssl_ptr tls_;
};

}  // namespace halley
