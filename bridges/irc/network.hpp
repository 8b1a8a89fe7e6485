// SPDX-License-Identifier: GPL-3.0-or-later
//
// An IRC network on one shard: what its sessions share (interned lines, server profiles with their
// rooms, TLS settings) and what can be refused without asking the network.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/irc/shared_room.hpp"
#include "bridges/link_home.hpp"
#include "gateway/chat/interner.hpp"
#include "gateway/session/bridge.hpp"

namespace halley::irc {

class irc_network final : public bridge_network {
 public:
  // Throws std::runtime_error when a TLS file of the configuration cannot be used.
  irc_network(const network& config, reactor& loop, link_commons* shared);

  std::unique_ptr<bridge> enter(const visitor& who, bridge_listener& listener) override;
  std::optional<failure> refuse(const visitor& who) const override;
  const network& config() const override { return config_; }
  nick_rule nicks() const override;

  reactor& loop() { return loop_; }
  link_home& links() { return links_; }
  interner& lines() { return lines_; }
  // The one profile for this server and these settings.
  std::shared_ptr<server_profile> profile(std::string_view server, const isupport& support);
  // A profile of this server, if any of our sessions is on it.
  std::shared_ptr<server_profile> find_profile(std::string_view server) const;

 private:
  const network& config_;
  reactor& loop_;
  link_home links_;
  interner lines_;
  std::vector<std::weak_ptr<server_profile>> profiles_;
  std::uintptr_t next_domain_ = 1;
};

// Without `shared` the network has commons of its own.
std::unique_ptr<bridge_network> make_network(const network& config, reactor& loop,
                                             link_commons* shared = nullptr);

// RFC 2812, 2.3.1, and what servers with letters of their own (NATIONALCHARS, UTF-8) refuse all the same.
inline constexpr nick_rule nicks{0, " ,:!@#&*?$+%~.\"'<>", "0123456789-"};

// What no IRC server takes as a nick or room, whatever it says of itself; empty if it may do.
std::string_view fault_in_nick(std::string_view nick);
std::string_view fault_in_room(std::string_view room, std::string_view channel_types);

}  // namespace halley::irc
