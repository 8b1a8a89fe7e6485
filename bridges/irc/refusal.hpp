// SPDX-License-Identifier: GPL-3.0-or-later
//
// The failures a bridge makes itself, and how long a command may wait for its answer.
#pragma once

#include <string>
#include <utility>

#include "gateway/base/time.hpp"
#include "gateway/chat/failure.hpp"

namespace halley::irc {

inline constexpr steady_ms patience_ms = 20000;

inline failure not_supported(std::string text) {
  return {failure_code::not_supported, std::move(text), {}};
}
inline failure bad_field(std::string text, std::string field) {
  return {failure_code::bad_field, std::move(text), std::move(field)};
}

// `in`: ms until there is room for it.
inline failure too_fast(steady_ms in) {
  return {failure_code::too_fast, "Too much is waiting to be sent; slow down.", {}, in};
}

}  // namespace halley::irc
