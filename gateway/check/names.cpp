// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/names.hpp"

#include <openssl/rand.h>

namespace halley {

const std::string sample_text = "halley check: gr\xc3\xbc\xc3\x9f \xe2\x98\x84 \xf0\x9f\x98\x80";

std::string documentation_address(std::size_t visitor) {
  return "192.0.2." + std::to_string(77 + visitor);
}

std::string check_nick() {
  unsigned char random[6];
  RAND_bytes(random, sizeof random);
  std::string nick = "hck";
  for (unsigned char byte : random) nick += static_cast<char>('a' + byte % 26);
  return nick;
}

}  // namespace halley
