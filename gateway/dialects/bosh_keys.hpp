// SPDX-License-Identifier: GPL-3.0-or-later
//
// The key sequence of a BOSH session (XEP-0124, 15): each request carries what hashes to the key of
// the one before, so that who only sees the traffic cannot speak for the client. Pure.
#pragma once

#include <string>
#include <string_view>

namespace halley {

class bosh_keys {
 public:
  // The newkey of the first request; empty: the session is not protected.
  void begin(std::string_view newkey);
  // Whether a request in its turn is the client's; goes on to its key, or to a new sequence.
  bool take(std::string_view key, std::string_view newkey);

 private:
  std::string next_;  // what the next key hashes to
};

}  // namespace halley
