// SPDX-License-Identifier: GPL-3.0-or-later
//
// A listening socket of one shard: TCP (every shard binds the same port, the kernel shares the
// connections out) or a Unix socket. Accepts until there is nothing to accept; out of descriptors
// it pauses instead of spinning.
#pragma once

#include <string>

#include "gateway/base/byte_stream.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/http/http_settings.hpp"

namespace halley {

class listener final : private watcher {
 public:
  class target {
   public:
    virtual void on_accepted(byte_stream stream) = 0;
    virtual void on_accept_paused() = 0;

   protected:
    ~target() = default;
  };

  // Throws std::runtime_error naming the address and what to do about it.
  listener(reactor& loop, const http_settings::listen_address& where, target& to);
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  // With the port really bound.
  const http_settings::listen_address& address() const { return address_; }

 private:
  static constexpr steady_ms pause = 500;
  void on_ready(readiness what) override;
  void accept_all();
  void open_unix(const std::string& path);
  void open_tcp();

  reactor& loop_;
  http_settings::listen_address address_;
  target& target_;
  byte_stream socket_;  // owns the descriptor, nothing more
  std::string unix_path_;
  wheel_timer retry_;
  bool complained_ = false;
};

}  // namespace halley
