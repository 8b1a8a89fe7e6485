// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chat dialect, version 1 (gateway/dialects/README.md): JSON, one vocabulary for IRC and XMPP.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/session/dialect.hpp"

namespace halley {

class chat_dialect final : public dialect {
 public:
  std::size_t slot() const override { return 0; }
  std::string encode(const event& what) const override;
  std::string hello(const session& of, const session::start_point& start) const override;
  result<inbound, failure> decode(std::string_view text) const override;
  result<entering, failure> decode_enter(std::string_view text) const override;
  std::string print_networks(const std::vector<offered_network>& offered) const override;
  std::string print_failure(const failure& why) const override;
};

}  // namespace halley
