// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/greeting.hpp"

#include "bridges/irc/message.hpp"
#include "bridges/irc/registration.hpp"

namespace halley::irc {

std::string print_webirc(const network& config, const visitor& who) {
  if (config.webirc_password.empty()) return {};
  const std::string address = webirc_address(who.address);
  // The fifth parameter always: without it a server may take the gateway's own certificate for the
  // user's.
  return outgoing("WEBIRC")
      .with(config.webirc_password)
      .with(config.webirc_gateway)
      .with(address)
      .with(address)
      .text(who.secure ? "secure" : "")
      .line();
}

std::string print_greeting(const network& config, const visitor& who) {
  std::string out = print_webirc(config, who);
  if (!config.server_password.empty())
    out += outgoing("PASS").text(config.server_password).line();
  return out;
}

}  // namespace halley::irc
