// SPDX-License-Identifier: GPL-3.0-or-later
//
// The IRCv3 capabilities this bridge knows: asked for where offered, kept as one bit each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace halley::irc {

enum class cap : std::uint8_t {
  message_tags,
  server_time,
  echo_message,
  labeled_response,
  batch,
  account_tag,
  account_notify,
  extended_join,
  away_notify,
  multi_prefix,
  userhost_in_names,
  chghost,
  setname,
  invite_notify,
  cap_notify,
  standard_replies,
  chathistory,
  message_redaction,
  account_registration,
  read_marker,
  sasl,
  count
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(cap::count)> cap_names{
    "message-tags",
    "server-time",
    "echo-message",
    "labeled-response",
    "batch",
    "account-tag",
    "account-notify",
    "extended-join",
    "away-notify",
    "multi-prefix",
    "userhost-in-names",
    "chghost",
    "setname",
    "invite-notify",
    "cap-notify",
    "standard-replies",
    "draft/chathistory",
    "draft/message-redaction",
    "draft/account-registration",
    "draft/read-marker",
    "sasl"};

class cap_set {
 public:
  bool has(cap one) const { return (bits_ >> static_cast<unsigned>(one)) & 1u; }
  void add(cap one) { bits_ |= 1u << static_cast<unsigned>(one); }
  void remove(cap one) { bits_ &= ~(1u << static_cast<unsigned>(one)); }
  bool operator==(const cap_set&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

// cap::count for a name that is not known here.
cap find_cap(std::string_view name);

// Calls each(name, value) for every word of a CAP list: "sasl=PLAIN,EXTERNAL -batch server-time".
template <class Each>
void for_each_cap(std::string_view list, Each&& each) {
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(' '));
    list.remove_prefix(word.size() < list.size() ? word.size() + 1 : list.size());
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    each(word.substr(0, equals),
         equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1));
  }
}

}  // namespace halley::irc
