// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/sasl.hpp"

#include "bridges/irc/message.hpp"
#include "gateway/base/random.hpp"

namespace halley::irc {

std::string_view sasl_mechanism(const credentials& who) {
  return who.password.empty() ? "EXTERNAL" : "PLAIN";
}

bool offers_mechanism(std::string_view value, std::string_view mechanism) {
  if (value.empty()) return true;
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find(','));
    if (one == mechanism) return true;
    value.remove_prefix(one.size() < value.size() ? one.size() + 1 : value.size());
  }
  return false;
}

void append_sasl_answer(std::string& out, const credentials& who) {
  std::string plain = who.account;  // EXTERNAL: the identity asked for
  if (!who.password.empty()) {
    // RFC 4616: authorization identity, NUL, authentication identity, NUL, password
    plain.append(1, '\0').append(who.account).append(1, '\0').append(who.password);
  }
  const std::string encoded = encode_base64(plain);
  constexpr std::size_t piece = 400;
  std::size_t at = 0;
  do {
    const std::string_view part = std::string_view(encoded).substr(at, piece);
    out += outgoing("AUTHENTICATE").with(part.empty() ? "+" : part).line();
    at += piece;
    // A last piece of exactly 400 bytes is followed by an empty one.
  } while (at <= encoded.size());
}

}  // namespace halley::irc
