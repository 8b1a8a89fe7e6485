// SPDX-License-Identifier: GPL-3.0-or-later
//
// The badge of a watched room as an SVG image: a dot, the room, how many are there. 20 px high, with
// room for four digits, so that a page does not move when the number grows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace halley {

enum class badge_theme { automatic, light, dark };

struct badge {
  std::string room;                   // as people read it; cut when longer than 40 characters
  std::optional<std::size_t> people;  // nothing: not known now
  badge_theme theme = badge_theme::automatic;
};

// "#room - 128 online", "#room - 0 online", "#room - join chat".
std::string print_badge_text(const badge& what);
std::string print_badge_svg(const badge& what);

// "auto", "light", "dark"; nothing for another word.
std::optional<badge_theme> parse_badge_theme(std::string_view word);

}  // namespace halley
