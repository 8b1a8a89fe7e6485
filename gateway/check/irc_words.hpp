// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an IRC server's refusals mean, and what times of arrival say about its flood limit. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halley {

enum class refusal : std::uint8_t {
  none,
  webirc,    // the WEBIRC line itself
  password,  // PASS, or the class that fits asks for one
  banned,
  clones,     // too many connections from one address
  throttled,  // too many connections in a short time
  flood,      // too many lines in a short time
  other
};

// Of the text of an ERROR line.
refusal refusal_in(std::string_view error_text);
// What a numeric means for somebody who wants to log in or to join; empty: nothing special.
std::string numeric_words(std::string_view numeric);

struct pace {
  std::size_t sent = 0;
  std::size_t arrived = 0;
  std::size_t at_once = 0;  // lines before the first pause
  double per_second = 0;    // after it; 0: there was no pause
};
// `arrivals`: milliseconds after sending, in order, of `sent` lines sent at one go.
pace pace_of(std::size_t sent, const std::vector<std::int64_t>& arrivals);
// Would the gateway, at `burst` lines and then `rate` a second, go faster than the server takes?
bool is_too_fast(const pace& seen, double rate, std::size_t burst);
std::string print_pace(const pace& seen);

}  // namespace halley
