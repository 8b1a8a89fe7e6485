// SPDX-License-Identifier: GPL-3.0-or-later
//
// One setting among those of a room.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "gateway/chat/event.hpp"

namespace halley {

// Null: there is none of that name. Lives as long as `all`.
inline const room_setting* find_setting(const std::vector<room_setting>& all, std::string_view name) {
  const auto it = std::find_if(all.begin(), all.end(),
                               [name](const room_setting& one) { return one.name == name; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace halley
