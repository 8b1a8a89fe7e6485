// SPDX-License-Identifier: GPL-3.0-or-later
//
// What operators watch: GET /metrics in the text format of Prometheus, GET /healthz for those who only
// ask whether the node lives. Served on an address of its own ([ops] listen), never to browsers.
#pragma once

#include <string>
#include <vector>

#include "gateway/http/http_context.hpp"
#include "gateway/http/http_server.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {

struct bosh_counts;

// The counters of one shard. Outlived by the shard.
struct shard_numbers {
  const session_counters* sessions = nullptr;
  const http_counters* http = nullptr;
  const carrier_counts* carriers = nullptr;
  const raw_counts* raw = nullptr;
  const bosh_counts* bosh = nullptr;
};

// One sample a shard for each number; the labels tell the shards apart.
std::string print_metrics(const std::vector<shard_numbers>& shards, const session_counts& node);

// Answers the requests of the operators' own server. Filled before that server starts.
class metrics_site final : public answerer {
 public:
  explicit metrics_site(const session_counts& node) : node_(node) {}
  void add(const shard_numbers& one) { shards_.push_back(one); }
  void answer(http_parts& parts, exchange& with, http_request&& request) const override;

 private:
  const session_counts& node_;
  std::vector<shard_numbers> shards_;
};

}  // namespace halley
