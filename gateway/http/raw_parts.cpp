// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/raw_parts.hpp"

#include <utility>

#include "gateway/http/exchange.hpp"

namespace halley {

raw_parts::raw_parts(const http_context& of, roster& open)
    : networks(of.tunnels),
      hall(of.loop, of.key, of.shard, counts),
      context{of.loop, of.sessions.limits(), of.sessions, hall, *this, counts},
      legs{{of.loop, open, counts.dead_peers}, context, *this},
      of_(of) {}

tunnel_network* raw_parts::by_name(network_kind kind, std::string_view name) const {
  for (tunnel_network* one : networks)
    if (one->config().kind == kind && one->config().name == name) return one;
  return nullptr;
}

tunnel_network* raw_parts::by_domain(std::string_view domain) const {
  for (tunnel_network* one : networks) {
    const network& config = one->config();
    if (config.kind != network_kind::xmpp || domain.empty()) continue;
    if (config.domain == domain || config.anonymous_domain == domain) return one;
  }
  return nullptr;
}

tunnel_network* raw_parts::irc_by_host(std::string_view host) const {
  tunnel_network* first = nullptr;
  for (tunnel_network* one : networks) {
    const network& config = one->config();
    if (config.kind != network_kind::irc) continue;
    if (first == nullptr) first = one;
    if (config.name == host) return one;
    for (const endpoint& server : config.servers)
      if (!host.empty() && server.host == host) return one;
  }
  return first;
}

bool raw_parts::ask(std::string_view token, bool text, std::function<void(bool)> answer) {
  const auto to = of_.key.shard_of(token);
  if (!to || *to == of_.shard || *to >= of_.shards.shard_count()) return false;
  of_.shards.visit(*to, [from = of_.shard, key = std::string(token), text,
                         answer = std::move(answer)](http_parts& there) {
    const raw_talk* const found = there.raw.hall.find(key);
    const bool waits = found != nullptr && found->can_resume_on(text);
    there.context.shards.visit(from, [answer, waits](http_parts&) { answer(waits); });
  });
  return true;
}

void raw_parts::send(std::string token, std::string detail, moving_leg&& leg) {
  const auto to = of_.key.shard_of(token);
  // std::function wants something it could copy.
  auto moved = std::make_shared<moving_leg>(std::move(leg));
  of_.shards.visit(*to, [moved, token = std::move(token),
                         detail = std::move(detail)](http_parts& there) {
    there.raw.adopt(token, detail, *moved);
  });
}

void raw_parts::adopt(const std::string& token, const std::string& detail, moving_leg& leg) {
  raw_talk* const found = hall.find(token);
  if (found == nullptr) {  // over since it was asked for: the page tries anew
    std::string out = std::move(leg.unsent);
    append_close(out, ws_close::going_away, "The conversation is over");
    (void)leg.stream.write(out);
    return;
  }
  auto made = std::make_unique<raw_websocket>(legs, std::move(leg.stream), *found, leg.binary,
                                              leg.envelope);
  raw_websocket& one = *made;
  legs.open.add(std::move(made), leg.tag);
  one.arrive(leg, token, detail);
}

}  // namespace halley
