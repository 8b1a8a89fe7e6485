// SPDX-License-Identifier: GPL-3.0-or-later
//
// One gateway process: builds the shards, runs a thread for each, and leaves in good order when
// asked. Nodes share nothing with each other but the deployment's key.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "gateway/http/routes.hpp"
#include "gateway/shard.hpp"

namespace halley {

class node final : private shard_directory {
 public:
  // Throws std::runtime_error with a sentence for the operator: files, certificates.
  explicit node(const settings& config);
  ~node();

  // Opens the listeners and starts the threads. Throws std::runtime_error naming the address.
  std::vector<http_settings::listen_address> start();
  // Waits for SIGTERM or SIGINT, then drains: sessions are told and leave their networks, for at most
  // node.drain_ms; a second signal ends at once.
  void run_until_signal();
  // The same without a signal, for tests.
  void drain_and_stop();

 private:
  void hand_over(std::size_t to, handed_connection&& what) override;
  void visit(std::size_t to, std::function<void(http_parts&)> work) override;
  std::size_t shard_count() const override { return shards_.size(); }
  void begin_drain(std::function<void()> done);
  void stop_threads();

  const settings& config_;
  session_key key_;
  std::unique_ptr<dialect> chat_;
  static_files pages_;
  std::unique_ptr<server_tls> tls_;
  session_counts counts_;
  site site_;
  metrics_site metrics_{counts_};
  std::vector<std::unique_ptr<link_commons>> commons_;  // of each network
  std::vector<std::unique_ptr<shard>> shards_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> draining_{0};
};

}  // namespace halley
