// SPDX-License-Identifier: GPL-3.0-or-later
//
// SASL over AUTHENTICATE (IRCv3 sasl-3.1 and 3.2): PLAIN and EXTERNAL, in pieces of 400 bytes.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace halley::irc {

struct credentials {
  std::string account;
  std::string password;  // empty: EXTERNAL, the client certificate speaks
};

std::string_view sasl_mechanism(const credentials& who);
// Whether the value of the sasl capability ("PLAIN,EXTERNAL"; empty: not told) has a mechanism.
bool offers_mechanism(std::string_view value, std::string_view mechanism);
// The AUTHENTICATE lines that answer "AUTHENTICATE +".
void append_sasl_answer(std::string& out, const credentials& who);

}  // namespace halley::irc
