// SPDX-License-Identifier: GPL-3.0-or-later
//
// An IRC bridge on a scripted server: a shard, a network of one or more fake servers, visitors.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bridges/irc/network.hpp"
#include "tests/support/bridge_user.hpp"
#include "tests/support/fake_ircd.hpp"

namespace halley::test {

struct irc_stage {
  explicit irc_stage(const fake_ircd& ircd) {
    config.name = "irc";
    config.servers = {{"127.0.0.1", ircd.port(), ""}};
    config.flood_rate = 100;
    config.flood_burst = 100;
    config.connect_timeout_s = 10;
  }
  ~irc_stage() {
    shard.run([this] { made.reset(); });
  }
  bridge_network& network_of() {
    if (!made) shard.run([this] { made = irc::make_network(config, shard.loop()); });
    return *made;
  }
  visitor alice(const std::string& room = "#cxx", const std::string& key = {}) const {
    visitor who;
    who.nick = "alice";
    who.address = "192.0.2.44";
    who.rooms.push_back({room, key});
    return who;
  }

  network config;
  shard_thread shard;
  std::unique_ptr<bridge_network> made;
};

inline bool arrives(bridge_user& user, const std::string& room = "#cxx") {
  return user.wait<members_event>([&](const auto& e) { return e.room == room && e.last; })
      .has_value();
}
inline say_command say(const std::string& to, const std::string& text) {
  say_command what;
  what.to = to;
  what.text = text;
  return what;
}

}  // namespace halley::test
