// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tunnels of one network on one shard: links without a bridge. Chooses the server (in turn,
// beginning at a random one, each tried once, until one does TLS as the settings want it), sends
// the greeting a kind of network wants before the visitor's first byte, and sees those that leave
// to their end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridges/link.hpp"
#include "bridges/link_home.hpp"
#include "gateway/session/tunnel.hpp"

namespace halley {

// What the server must hear first: WEBIRC, PASS. Empty for none.
using tunnel_greeting = std::string (*)(const network& config, const visitor& who);

class tunnels final : public tunnel_network {
 public:
  static constexpr steady_ms leave_time = 3000;

  // `loop` and `shared` outlive it; see link_home. Throws std::runtime_error naming a TLS file at
  // fault.
  tunnels(network config, reactor& loop, tunnel_greeting greeting, link_commons* shared = nullptr);
  ~tunnels() override;

  std::unique_ptr<tunnel> open(const visitor& who, tunnel_listener& listener) override;
  void leave(std::unique_ptr<tunnel> gone, std::string_view last_words) override;
  const network& config() const override { return config_; }

  std::size_t leaving() const { return leaving_.size(); }

 private:
  class one_tunnel;
  class departure;
  void destroy(departure& over);

  const network config_;
  reactor& loop_;
  link_home links_;
  tunnel_greeting greeting_;
  std::vector<std::unique_ptr<departure>> leaving_;
};

}  // namespace halley
