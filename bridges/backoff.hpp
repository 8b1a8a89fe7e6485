// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long to wait before the next attempt to reach a network: doubling from one second to one
// minute, with jitter, so that a thousand sessions that lost one server do not come back as one.
// Pure.
#pragma once

#include <cstdint>

#include "gateway/base/time.hpp"

namespace halley {

class backoff {
 public:
  static constexpr steady_ms least = 1000;
  static constexpr steady_ms most = 60 * 1000;

  // `random` decides the jitter: the wait is between half and all of the doubled time.
  steady_ms next(std::uint64_t random) {
    const steady_ms full = attempts_ >= 6 ? most : least << attempts_;
    if (attempts_ < 6) ++attempts_;
    const steady_ms ceiling = full < most ? full : most;
    return ceiling / 2 +
           static_cast<steady_ms>(random % static_cast<std::uint64_t>(ceiling / 2 + 1));
  }
  // For a network that has said to come less often: one to two minutes, whatever was before.
  steady_ms next_slow(std::uint64_t random) {
    if (attempts_ < 6) ++attempts_;
    return most + static_cast<steady_ms>(random % static_cast<std::uint64_t>(most + 1));
  }
  void reset() { attempts_ = 0; }
  unsigned attempts() const { return attempts_; }

 private:
  std::uint8_t attempts_ = 0;
};

}  // namespace halley
