// SPDX-License-Identifier: GPL-3.0-or-later
//
// What gloox does not look at in a SCRAM login (RFC 5802, 5.1): that the server's nonce continues ours, and
// that it asks for no more work than a login is worth. Pure.
#pragma once

#include <string>
#include <string_view>

namespace halley::xmpp {

class scram_check {
 public:
  // The <auth/> that is sent.
  void on_auth(std::string_view auth);
  // Of a <challenge/> what it contains.
  bool is_fair(std::string_view challenge) const;

 private:
  std::string nonce_;
};

}  // namespace halley::xmpp
