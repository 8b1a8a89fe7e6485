// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/badge.hpp"

#include <catch2/catch.hpp>

using namespace halley;

namespace {

std::string width_of(const std::string& svg) {
  const std::size_t at = svg.find("width=\"") + 7;
  return svg.substr(at, svg.find('"', at) - at);
}

}  // namespace

TEST_CASE("a badge says the room and how many are there", "[badge]") {
  CHECK(print_badge_text({"#halley", 128}) == "#halley - 128 online");
  CHECK(print_badge_text({"#halley", 0}) == "#halley - 0 online");
  CHECK(print_badge_text({"#halley", std::nullopt}) == "#halley - join chat");
}

TEST_CASE("a badge keeps its width whatever it says", "[badge]") {
  const std::string width = width_of(print_badge_svg({"#halley", std::nullopt}));
  for (const std::size_t people : {0, 7, 9999}) CHECK(width_of(print_badge_svg({"#halley", people})) == width);
}

TEST_CASE("the dot of a badge is filled where somebody is, and a ring elsewhere", "[badge]") {
  using state = std::pair<std::optional<std::size_t>, const char*>;
  for (const auto& [people, dot] : {state{3, "on"}, state{0, "off"}, state{std::nullopt, "off"}})
    CHECK(print_badge_svg({"#halley", people}).find(std::string("<circle class=\"") + dot + "\"") != std::string::npos);
  for (const badge_theme theme : {badge_theme::light, badge_theme::dark})
    CHECK(print_badge_svg({"#halley", 0, theme}).find(".off{fill:none;") != std::string::npos);
}

TEST_CASE("a name of a room is text in a badge, never markup", "[badge]") {
  const std::string svg = print_badge_svg({"#<script>alert(1)</script>&\"", 3});
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;") != std::string::npos);
}

TEST_CASE("a long name is cut between characters", "[badge]") {
  std::string name;
  for (int i = 0; i < 60; ++i) name += "\u00e9";
  const std::string text = print_badge_text({name, 1});
  CHECK(text.find("\u2026 - 1 online") != std::string::npos);
  CHECK(text.size() < 110);
}

TEST_CASE("themes by name", "[badge]") {
  CHECK(parse_badge_theme("") == badge_theme::automatic);
  CHECK(parse_badge_theme("dark") == badge_theme::dark);
  CHECK_FALSE(parse_badge_theme("pink"));
  CHECK(print_badge_svg({"#a", 1, badge_theme::dark}).find("#F4F5F7") == std::string::npos);
  CHECK(print_badge_svg({"#a", 1}).find("prefers-color-scheme:dark") != std::string::npos);
}
