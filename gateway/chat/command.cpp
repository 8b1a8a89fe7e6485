// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/chat/command.hpp"

#include <array>

namespace halley {

std::string_view command_name(const command& what) {
  // In the order of the variant.
  static constexpr std::array<std::string_view, std::variant_size_v<command>> names{
      "join",   "part", "say",     "nick",    "topic",    "names",    "list",  "whois",
      "away",   "typing", "react", "edit",    "retract",  "history",  "mode",  "kick",
      "invite", "register", "login", "contacts", "raw",   "ping",
      "data",   "read", "settings"};
  return names[what.index()];
}

}  // namespace halley
