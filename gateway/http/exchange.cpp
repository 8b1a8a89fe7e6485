// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/exchange.hpp"

#include <array>
#include <ctime>
#include <utility>

#include "gateway/dialects/bayeux_desk.hpp"
#include "gateway/http/bosh_hall.hpp"
#include "gateway/http/sockjs_hall.hpp"

namespace halley {
namespace {

std::unique_ptr<bayeux_desk> make_bayeux(const http_context& context) {
  const bayeux_settings& settings = context.settings.bayeux;
  if (!settings.enabled) return nullptr;
  const bayeux_surroundings around{context.loop, context.sessions, context.networks, context.chat,
                                   settings};
  return std::make_unique<bayeux_desk>(around, context.key, context.shard,
                                       context.settings.script_carrier);
}

}  // namespace

http_parts::http_parts(http_context given)
    : context(std::move(given)),
      origins(context.settings.origins, context.settings.allow_missing_origin),
      proxies(context.settings.trusted_proxies),
      carriers{{context.loop, open, carried.dead_peers},
               context.chat,
               context.sessions.limits(),
               carried,
               context.settings.body_limit},
      watched(context.loop, open, context.observers, context.sessions.limits().heartbeat_ms),
      raw(context, open),
      bosh(std::make_unique<bosh_hall>(raw.context, context.key, context.shard)),
      sockjs(std::make_unique<sockjs_hall>(raw.context, raw)),
      bayeux(make_bayeux(context)),
      open(context.loop, counters.open) {}

http_parts::~http_parts() = default;

result<session*, failure> http_parts::enter(std::string_view text, const visitor& from) {
  auto asked = read_entering(text);
  if (!asked) return asked.error();
  // The connection is the entering: nobody sends it twice, and its shard has been chosen already.
  asked->key.clear();
  return enter(*std::move(asked), from);
}

result<entering, failure> http_parts::read_entering(std::string_view text) const {
  if (closing) return failure{failure_code::too_many, "The chat service is restarting.", ""};
  return context.chat.decode_enter(text);
}

result<session*, failure> http_parts::enter(entering&& asked, const visitor& from) {
  for (bridge_network* one : context.networks) {
    if (one->config().name != asked.network) continue;
    visitor who = std::move(asked.who);
    who.address = from.address;
    who.port = from.port;
    who.secure = from.secure;
    return context.sessions.open(*one, std::move(who), asked.key);
  }
  return failure{failure_code::unknown_network, "There is no network of this name here.",
                 "network"};
}

const std::string& http_parts::date() {
  const std::int64_t second = context.loop.wall_now() / 1000;
  if (second == date_second_) return date_;
  date_second_ = second;
  const std::time_t at = static_cast<std::time_t>(second);
  std::tm broken{};
  ::gmtime_r(&at, &broken);
  std::array<char, 40> text{};
  date_.assign(text.data(),
               std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &broken));
  return date_;
}

visitor visitor_of(const client_address& client) {
  visitor who;
  who.address = client.address;
  who.port = client.port;
  who.secure = client.secure;
  return who;
}

http_response failure_response(const dialect& speech, const failure& why) {
  return json_response(failure_status(why.code), speech.print_failure(why));
}

}  // namespace halley
