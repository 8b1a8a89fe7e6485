// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seven carriers by name, from the best to the last resort; the names are those of `?carrier=`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/counter.hpp"

namespace halley {

enum class carrier_kind : std::uint8_t {
  websocket,
  event_stream,
  xhr_stream,
  forever_frame,
  long_poll,
  script,
  poll
};

inline constexpr std::array<std::string_view, 7> carrier_names{
    "websocket", "event_stream", "xhr_stream", "forever_frame", "long_poll", "script", "poll"};

constexpr std::string_view carrier_name(carrier_kind kind) {
  return carrier_names[static_cast<std::size_t>(kind)];
}

constexpr std::optional<carrier_kind> find_carrier(std::string_view name) {
  for (std::size_t i = 0; i < carrier_names.size(); ++i)
    if (carrier_names[i] == name) return static_cast<carrier_kind>(i);
  return std::nullopt;
}

// Counted on one shard, since its start.
struct carrier_counts {
  std::array<counter, carrier_names.size()> opened;  // polls: each request
  counter slow_readers;  // closed because they fell behind the outbox
  counter dead_peers;    // silent for too long
  counter recycled;      // streams that had carried enough

  void count(carrier_kind kind) { ++opened[static_cast<std::size_t>(kind)]; }
};

}  // namespace halley
