// SPDX-License-Identifier: GPL-3.0-or-later
//
// A whole gateway in the test's process, on a free port, with one network "irc" behind it.
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/node.hpp"

namespace halley {

class gateway {
 public:
  gateway(std::size_t shards, std::uint16_t irc_port, std::int64_t grace_ms = 60'000) {
    config_.node.shards = shards;
    config_.http.listen = {{"127.0.0.1", 0}};
    config_.http.script_carrier = true;
    config_.sessions.grace_ms = grace_ms;
    config_.sessions.hold_ms = 2'000;
    config_.sessions.poll_ms = 10;
    config_.sessions.stream_bytes = 20'000;  // every longer story goes over several streams
    config_.sessions.per_address = 1'000;
    network irc;
    irc.name = "irc";
    irc.title = "Test network";
    irc.servers = {{"127.0.0.1", irc_port, ""}};
    irc.rooms = {"#halley"};
    irc.connect_timeout_s = 1;
    config_.networks = {irc};
    node_ = std::make_unique<node>(config_);
    port_ = node_->start().front().port;
  }
  std::uint16_t port() const { return port_; }
  void drain() { node_->drain_and_stop(); }

 private:
  settings config_;
  std::unique_ptr<node> node_;
  std::uint16_t port_ = 0;
};

}  // namespace halley
