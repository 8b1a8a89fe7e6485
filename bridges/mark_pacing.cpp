// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/mark_pacing.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace halley {

std::optional<mark_pacing::mark> mark_pacing::take(mark one, steady_ms now) {
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& other) { return other.last.to == one.to; });
  if (known == entries_.end()) {
    entries_.push_back({one, now + every_ms, false});
    return one;
  }
  if (one.at <= known->last.at) return std::nullopt;
  known->last = std::move(one);
  known->waits = true;
  return std::nullopt;
}

std::optional<mark_pacing::mark> mark_pacing::due(steady_ms now) {
  std::erase_if(entries_, [now](const entry& one) { return one.free_at <= now && !one.waits; });
  for (entry& one : entries_) {
    if (one.free_at > now) continue;
    one.waits = false;
    one.free_at = now + every_ms;
    return one.last;
  }
  return std::nullopt;
}

std::optional<mark_pacing::mark> mark_pacing::take_any() {
  for (entry& one : entries_)
    if (std::exchange(one.waits, false)) return one.last;
  return std::nullopt;
}

steady_ms mark_pacing::next_turn() const {
  steady_ms first = INT64_MAX;
  for (const entry& one : entries_) first = std::min(first, one.free_at);
  return first;
}

}  // namespace halley
