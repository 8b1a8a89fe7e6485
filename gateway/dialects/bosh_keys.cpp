// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_keys.hpp"

#include <openssl/sha.h>

#include <array>

#include "gateway/base/ascii.hpp"

namespace halley {
namespace {

// XEP-0124, 15.3: hexadecimal, in any case.
std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : digest) (out += digits[byte >> 4]) += digits[byte & 15];
  return out;
}

}  // namespace

void bosh_keys::begin(std::string_view newkey) { next_ = bosh_key(in_lower_case(newkey)); }

bool bosh_keys::take(std::string_view key, std::string_view newkey) {
  if (next_.text().empty()) return true;
  if (key.empty() || sha1_hex(key) != next_.text()) return false;
  // B-57: checked against the old chain, then the new one begins.
  next_ = bosh_key(in_lower_case(newkey.empty() ? key : newkey));
  return true;
}

}  // namespace halley
