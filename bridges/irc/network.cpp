// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/network.hpp"

#include <algorithm>

#include "bridges/irc/bridge.hpp"

namespace halley::irc {

irc_network::irc_network(const network& config, reactor& loop, link_commons* shared)
    : config_(config), loop_(loop), links_(config, loop, shared) {}

std::unique_ptr<bridge> irc_network::enter(const visitor& who, bridge_listener& listener) {
  return std::make_unique<irc_bridge>(*this, who, listener);
}

std::optional<failure> irc_network::refuse(const visitor& who) const {
  if (const std::string_view fault = fault_in_nick(who.nick); !fault.empty())
    return failure{failure_code::bad_nick, std::string(fault), "nick"};
  if (who.account.empty() && !config_.guests)
    return failure{failure_code::account_needed, "This network is for people with an account only.",
                   "account"};
  if (!who.account.empty() && !config_.accounts)
    return failure{failure_code::not_allowed, "Accounts cannot be used on this network from here.",
                   "account"};
  if (!who.account.empty() && who.password.empty() && config_.tls_cert_file.empty())
    return failure{failure_code::bad_password, "An account needs its password.", "password"};
  for (const visitor::room& room : who.rooms) {
    if (const std::string_view fault = fault_in_room(room.name, "#&+!"); !fault.empty())
      return failure{failure_code::bad_room, std::string(fault), "rooms"};
    if (room.key.find_first_of(" ,:") != std::string::npos)
      return failure{failure_code::bad_field, "The key of a room has no spaces, commas or colons.",
                     "rooms"};
  }
  return std::nullopt;
}

nick_rule irc_network::nicks() const {
  nick_rule known = irc::nicks;
  known.max = links_.commons.nick_limit;
  return known;
}

std::shared_ptr<server_profile> irc_network::profile(std::string_view server,
                                                     const isupport& support) {
  if (support.nick_length != 0) links_.commons.nick_limit = support.nick_length;
  std::erase_if(profiles_, [](const auto& one) { return one.expired(); });
  for (const auto& one : profiles_)
    if (auto found = one.lock(); found && found->is(server, support)) return found;
  auto made = std::make_shared<server_profile>(std::string(server), support,
                                               reinterpret_cast<const void*>(next_domain_++));
  profiles_.push_back(made);
  return made;
}

std::shared_ptr<server_profile> irc_network::find_profile(std::string_view server) const {
  for (const auto& one : profiles_)
    if (auto found = one.lock(); found && found->server() == server) return found;
  return nullptr;
}

std::unique_ptr<bridge_network> make_network(const network& config, reactor& loop,
                                             link_commons* shared) {
  return std::make_unique<irc_network>(config, loop, shared);
}

std::string_view fault_in_nick(std::string_view nick) {
  constexpr std::string_view form =
      "Nicks here can use letters, digits and - _ [ ] { } \\ ` | and can't start with a digit or a "
      "dash.";
  if (nick.empty()) return "A name is needed.";
  if (nick.size() > 64) return "The name is too long.";
  if (nick.find_first_of(nicks.forbidden) != std::string_view::npos) return form;
  for (const char c : nick)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return "A name has no control characters.";
  if (nicks.not_first.find(nick.front()) != std::string_view::npos) return form;
  return {};
}

std::string_view fault_in_room(std::string_view room, std::string_view channel_types) {
  if (room.empty()) return "A room is needed.";
  if (channel_types.find(room.front()) == std::string_view::npos)
    return "The name of a room on IRC begins with #.";
  if (room.size() > 200) return "The name of the room is too long.";
  if (room.find_first_of(" ,") != std::string_view::npos)
    return "The name of a room has no spaces and no commas.";
  for (const char c : room)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return "The name of a room has no control characters.";
  return {};
}

}  // namespace halley::irc
