// SPDX-License-Identifier: GPL-3.0-or-later
//
// Randomness from the kernel (getrandom). For ids and secrets; `jitter` also for backoff.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halley {

void fill_random(void* into, std::size_t size);
std::uint64_t random_u64();
// 62-letter alphabet, about 5.95 bits a character.
std::string random_token(std::size_t characters);
// Base64url without padding (RFC 4648, 5).
std::string encode_base64url(std::string_view bytes);
std::string decode_base64url(std::string_view text, bool& valid);
// Base64 with padding (RFC 4648, 4), for SASL.
std::string encode_base64(std::string_view bytes);
std::string decode_base64(std::string_view text, bool& valid);
std::string hmac_sha256(std::string_view key, std::string_view text);
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace halley
