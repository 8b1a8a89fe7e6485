// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place where a connection becomes a streaming carrier. Internal to this room.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "gateway/http/exchange.hpp"

namespace halley {

template <class Carrier>
struct opened_carrier {
  Carrier& carrier;      // owned by the roster
  std::string leftover;  // what the browser sent after its request
};

// Takes the socket of `with`, which ends, for a new carrier made with `more`.
template <class Carrier, class... More>
opened_carrier<Carrier> become(http_parts& parts, exchange& with, More&&... more) {
  const address_tag tag = with.tag();
  handed_connection taken = with.give_away();
  auto made = std::make_unique<Carrier>(parts.carriers, std::move(taken.stream),
                                        std::forward<More>(more)...);
  Carrier& carrier = *made;
  parts.open.add(std::move(made), tag);
  return {carrier, std::move(taken.leftover)};
}

}  // namespace halley
