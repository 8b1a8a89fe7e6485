// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/breather.hpp"

#include <algorithm>

namespace halley {

void breather::on_look(std::int64_t now_us, int events) {
  if (pause_us_ > 0) {
    if (events >= worth_it) {
      pause_us_ = std::min(events >= 4 * worth_it ? 2 * pause_us_ : pause_us_, longest_us);
      return;
    }
    pause_us_ = 0;
    looks_ = 0;
    doubt_until_us_ = now_us + doubt_us;
    return;
  }
  if (now_us - window_begin_us_ > window_us) {
    window_begin_us_ = now_us;
    looks_ = 0;
  }
  // A look that brings many at once is what we want.
  if (events > 0 && events < worth_it) ++looks_;
  if (looks_ >= many && now_us >= doubt_until_us_) pause_us_ = shortest_us;
}

}  // namespace halley
