// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the bridges of one network share on one shard: configuration, TLS, decoded lines, room
// tables, and what was learned about the servers. Owned by the bridge_network; outlives its
// bridges.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "bridges/link_home.hpp"
#include "bridges/xmpp/room_table.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/chat/interner.hpp"
#include "gateway/chat/network.hpp"

namespace halley::xmpp {

struct network_state {
  network_state(const network& settings, reactor& shard, link_commons* shared)
      : config(completed(settings)), loop(shard), links(config, shard, shared) {
    muc_service = config.muc_service;
  }
  static network completed(network config) {
    // RFC 6120, 13.7.2: the certificate names the domain, not the host that serves it.
    if (config.tls_name.empty()) config.tls_name = config.domain;
    if (config.anonymous_domain.empty()) config.anonymous_domain = config.domain;
    return config;
  }

  // The table of a room, made if no session of the shard has it.
  std::shared_ptr<room_table> table_of(const std::string& room) {
    std::weak_ptr<room_table>& slot = tables[room];
    if (auto table = slot.lock()) return table;
    auto table = std::make_shared<room_table>(room);
    slot = table;
    if (tables.size() >= 2 * most_stale) drop_stale();
    return table;
  }
  void drop_stale() {
    std::erase_if(tables, [](const auto& one) { return one.second.expired(); });
    most_stale = tables.size() < 32 ? 32 : tables.size();
  }

  network config;
  reactor& loop;
  link_home links;
  interner lines;
  std::unordered_map<std::string, std::weak_ptr<room_table>> tables;
  std::size_t most_stale = 32;
  std::string muc_service;         // configured, or found by disco
  bool no_muc_service = false;     // looked for and not found
  bool rooms_have_archive = true;  // until a room says otherwise
};

}  // namespace halley::xmpp
