// SPDX-License-Identifier: GPL-3.0-or-later
//
// The key sequence of a BOSH session (XEP-0124, 15): each request carries what hashes to the key of
// the one before, so that who only sees the traffic cannot speak for the client. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace halley {

// The key a request came with; most have none.
class bosh_key {
 public:
  bosh_key() = default;
  explicit bosh_key(std::string_view text)
      : text_(text.empty() ? nullptr : std::make_unique<const std::string>(text)) {}
  std::string_view text() const { return text_ ? std::string_view(*text_) : std::string_view(); }

 private:
  std::unique_ptr<const std::string> text_;
};

class bosh_keys {
 public:
  // The newkey of the first request; empty: the session is not protected.
  void begin(std::string_view newkey);
  // Whether a request in its turn is the client's; goes on to its key, or to a new sequence.
  bool take(std::string_view key, std::string_view newkey);

 private:
  bosh_key next_;  // what the next key hashes to
};

}  // namespace halley
