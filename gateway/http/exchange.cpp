// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/exchange.hpp"

#include <array>
#include <ctime>
#include <utility>

namespace halley {

http_parts::http_parts(http_context given)
    : context(std::move(given)),
      origins(context.settings.origins, context.settings.allow_missing_origin),
      proxies(context.settings.trusted_proxies),
      carriers{context.loop, context.chat, context.sessions.limits(),
               open,         carried,      context.settings.body_limit},
      open(context.loop) {}

result<session*, failure> http_parts::enter(std::string_view text, const visitor& from) {
  if (closing) return failure{failure_code::too_many, "The chat service is restarting.", ""};
  auto asked = context.chat.decode_enter(text);
  if (!asked) return asked.error();
  for (bridge_network* one : context.networks) {
    if (one->config().name != asked->network) continue;
    visitor who = std::move(asked->who);
    who.address = from.address;
    who.port = from.port;
    who.secure = from.secure;
    return context.sessions.open(*one, std::move(who));
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
