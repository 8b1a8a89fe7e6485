// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/random.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace halley {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += alphabet[(held >> (bits - 6)) & 63];
  }
  if (bits > 0) out += alphabet[(held << (6 - bits)) & 63];
  while (pad && out.size() % 4 != 0) out += '=';
  return out;
}

std::string decode(std::string_view text, std::string_view alphabet, bool padded, bool& valid) {
  valid = !padded || text.size() % 4 == 0;
  for (int i = 0; padded && i < 2 && !text.empty() && text.back() == '='; ++i)
    text.remove_suffix(1);
  if (text.size() % 4 == 1) valid = false;
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) valid = false;
    held = (held << 6) | static_cast<std::uint32_t>(digit & 63);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>((held >> bits) & 255);
  }
  if (!valid) out.clear();
  return out;
}

}  // namespace

void fill_random(void* into, std::size_t size) {
  auto* at = static_cast<unsigned char*>(into);
  while (size > 0) {
    const ssize_t n = ::getrandom(at, size, 0);
    if (n < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    at += n;
    size -= static_cast<std::size_t>(n);
  }
}

std::uint64_t random_u64() {
  std::uint64_t value = 0;
  fill_random(&value, sizeof value);
  return value;
}

std::string random_token(std::size_t characters) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  while (out.size() < characters) {
    std::array<unsigned char, 64> bytes;
    fill_random(bytes.data(), bytes.size());
    for (const unsigned char byte : bytes) {
      // 248 = 4 * 62: larger values would favour the first letters.
      if (byte < 248 && out.size() < characters) out += letters[byte % letters.size()];
    }
  }
  return out;
}

std::string encode_base64url(std::string_view bytes) { return encode(bytes, url_alphabet, false); }
std::string decode_base64url(std::string_view text, bool& valid) {
  return decode(text, url_alphabet, false, valid);
}
std::string encode_base64(std::string_view bytes) { return encode(bytes, standard_alphabet, true); }
std::string decode_base64(std::string_view text, bool& valid) {
  return decode(text, standard_alphabet, true, valid);
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> out;
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  return std::string(reinterpret_cast<const char*>(out.data()), size);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace halley
