// SPDX-License-Identifier: GPL-3.0-or-later
//
// A shard with one XMPP network, and people on it, for the live tests of the bridge.
#pragma once

#include <catch2/catch.hpp>

#include "bridges/xmpp/network.hpp"
#include "tests/support/bridge_user.hpp"
#include "tests/support/xmpp_server.hpp"

using namespace halley;
using namespace halley::test;

struct stage {
  explicit stage(const network& settings) : config(settings) {
    shard.run([this] { net = xmpp::make_network(config, shard.loop()); });
  }
  ~stage() {
    shard.run([this] { net.reset(); });
  }
  std::unique_ptr<bridge_user> guest(const std::string& nick,
                                     const std::vector<std::string>& rooms = {}) {
    visitor who;
    who.nick = nick;
    who.address = "127.0.0.1";
    for (const std::string& room : rooms) who.rooms.push_back({room, ""});
    return std::make_unique<bridge_user>(shard, *net, who);
  }
  std::unique_ptr<bridge_user> member(const std::string& account, const std::string& password,
                                      const std::vector<std::string>& rooms = {}) {
    visitor who;
    who.account = account;
    who.password = password;
    who.nick = account;
    for (const std::string& room : rooms) who.rooms.push_back({room, ""});
    return std::make_unique<bridge_user>(shard, *net, who);
  }
  network config;
  shard_thread shard;
  std::unique_ptr<bridge_network> net;
};

inline auto said(const std::string& text) {
  return [text](const said_event& e) { return e.body.text == text; };
}
inline auto self_in(const std::string& room) {
  return [room](const joined_event& e) { return e.self && e.room == room; };
}
inline auto in_topic(const std::string& room) {
  return [room](const topic_event& e) { return e.room == room; };
}

inline mode_command power(const std::string& room, mode_verb verb, const std::string& who,
                          bool set = true) {
  mode_command out;
  out.room = room;
  out.verb = verb;
  out.who = who;
  out.set = set;
  return out;
}

inline void enter(bridge_user& user, const std::string& room) {
  REQUIRE(user.wait<joined_event>(self_in(room)));
  REQUIRE(user.wait<topic_event>(in_topic(room)));
}
