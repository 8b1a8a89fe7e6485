// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/network.hpp"

#include "bridges/xmpp/bridge.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/network_state.hpp"

namespace halley::xmpp {

namespace {

class xmpp_network final : public bridge_network {
 public:
  xmpp_network(const network& settings, reactor& loop, link_commons* shared)
      : settings_(settings), state_(settings, loop, shared) {}

  std::unique_ptr<bridge> enter(const visitor& who, bridge_listener& listener) override {
    return std::make_unique<xmpp_bridge>(state_, who, listener);
  }

  std::optional<failure> refuse(const visitor& who) const override {
    if (who.account.empty() && !settings_.guests) {
      return failure{failure_code::account_needed, "This network needs an account.", "account"};
    }
    if (!who.account.empty() && !settings_.accounts) {
      return failure{failure_code::not_allowed, "This network is for guests here.", "account"};
    }
    if (!who.account.empty() && !account_jid(who, settings_)) {
      return failure{failure_code::bad_field, "That is not an account of this network.", "account"};
    }
    if (!prepare_nick(nick_of(who))) {
      return failure{failure_code::bad_nick, "The network does not allow that nick.", "nick"};
    }
    for (const visitor::room& room : who.rooms) {
      const std::string service =
          state_.muc_service.empty() ? settings_.domain : state_.muc_service;
      if (!room_jid(room.name, service)) {
        return failure{failure_code::bad_room, "That is not the name of a room: " + room.name + ".",
                       "rooms"};
      }
    }
    return std::nullopt;
  }

  const network& config() const override { return settings_; }
  nick_rule nicks() const override { return xmpp::nicks; }

 private:
  const network& settings_;
  network_state state_;
};

}  // namespace

std::unique_ptr<bridge_network> make_network(const network& config, reactor& loop,
                                             link_commons* shared) {
  return std::make_unique<xmpp_network>(config, loop, shared);
}

}  // namespace halley::xmpp
