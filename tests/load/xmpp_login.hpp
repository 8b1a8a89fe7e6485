// SPDX-License-Identifier: GPL-3.0-or-later
//
// A guest's way into a room (SASL ANONYMOUS, resource binding, XEP-0045), as far as a load needs it:
// what to send when something has come, over WebSocket (RFC 7395) or BOSH (XEP-0124, XEP-0206). Looks
// for words instead of parsing. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace load {

class xmpp_login {
 public:
  struct step {
    enum class kind : std::uint8_t { nothing, open, restart, stanza, failed };
    kind what = kind::nothing;
    std::string stanza;
  };
  step take(std::string_view message, const std::string& room, const std::string& nick);
  bool is_in() const { return at_ == state::in; }

 private:
  enum class state : std::uint8_t { mechanisms, success, features, bound, presence, in };
  state at_ = state::mechanisms;
};

// The value of the first attribute of that name; empty if there is none.
std::string attribute(std::string_view text, std::string_view name);
// Empty where there is nothing to send.
std::string frame_of(const xmpp_login::step& what, const std::string& domain);
std::string bosh_body(const xmpp_login::step& what, const std::string& domain, std::uint64_t rid,
                      const std::string& sid);

}  // namespace load
