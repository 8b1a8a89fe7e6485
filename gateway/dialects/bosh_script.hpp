// SPDX-License-Identifier: GPL-3.0-or-later
//
// BOSH for <script> elements (XEP-0252): answers as a call of a function whose name is fixed, and
// requests whose insides are cut anywhere, because an address has a length. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/stanza_reader.hpp"

namespace halley {

// `_BOSH_("...")`, fit for any place a script may stand (XEP-0252, 4: no line breaks and no format
// characters as they are; no "<" either).
std::string print_bosh_script(std::string_view body);

// Puts the elements together that arrive in parts over several requests.
class bosh_octets {
 public:
  // The elements that are complete now; false when they never will be.
  bool take(std::string_view octets, std::vector<std::string>& into);

 private:
  xmpp::stanza_reader reader_;
  bool begun_ = false;
};

}  // namespace halley
