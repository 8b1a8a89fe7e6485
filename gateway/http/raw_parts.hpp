// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the raw dialects of one shard share: which networks are open to them, their conversations, and
// how a browser finds the one it had on another shard.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/carriers/raw_websocket.hpp"
#include "gateway/dialects/kiwi_session.hpp"
#include "gateway/dialects/xmpp_frames.hpp"
#include "gateway/http/http_context.hpp"
#include "gateway/session/raw_hall.hpp"

namespace halley {

class raw_parts final : public tunnel_directory,
                        public domain_directory,
                        public host_directory,
                        private raw_neighbours {
 public:
  // All of it outlives this.
  raw_parts(const http_context& of, roster& open);

  // Null if there is none, of this kind and open to raw dialects.
  tunnel_network* by_name(network_kind kind, std::string_view name) const;
  tunnel_network* by_domain(std::string_view domain) const override;
  tunnel_network* irc_by_host(std::string_view host) const override;
  std::size_t shard_count() const override { return of_.shards.shard_count(); }
  const network* settings_of(std::string_view domain) const override {
    const tunnel_network* const found = by_domain(domain);
    return found == nullptr ? nullptr : &found->config();
  }
  std::string_view successor() const override { return of_.settings.xmpp_successor; }

  const std::vector<tunnel_network*>& networks;
  raw_counts counts;
  raw_hall hall;
  raw_context context;
  leg_context legs;

 private:
  bool ask(std::string_view token, bool text, std::function<void(bool)> answer) override;
  void send(std::string token, std::string detail, moving_leg&& leg) override;
  void adopt(const std::string& token, const std::string& detail, moving_leg& leg);

  const http_context& of_;
};

}  // namespace halley
