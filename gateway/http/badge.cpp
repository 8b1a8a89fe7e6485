// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/badge.hpp"

#include <algorithm>

#include "gateway/base/utf8.hpp"

namespace halley {
namespace {

constexpr std::size_t longest_room = 40;

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string shown_room(std::string_view room) {
  if (characters_of(room) <= longest_room) return std::string(room);
  std::size_t end = 0;
  for (std::size_t seen = 0; end < room.size(); ++end)
    if ((static_cast<unsigned char>(room[end]) & 0xC0) != 0x80 && ++seen == longest_room) break;
  return std::string(room.substr(0, end)) + "\u2026";
}

std::string state_of(const badge& what) {
  if (!what.people) return "join chat";
  return std::to_string(*what.people) + " online";
}

// Contrast on its background at least 4.5 to 1: canvas, text and border of the pages' own themes. The dot is
// filled where somebody is, a ring elsewhere, as in the live badge.
constexpr std::string_view light_rules =
    ".b{fill:#F4F5F7;stroke:#767E8C}.t{fill:#16191F}.on{fill:#17653A;stroke:#17653A}.off{fill:none;stroke:#5B6372}";
constexpr std::string_view dark_rules =
    ".b{fill:#15171B;stroke:#7F8795}.t{fill:#E8EAEE}.on{fill:#70D29A;stroke:#70D29A}.off{fill:none;stroke:#9CA3B0}";

std::string print_style(badge_theme theme) {
  std::string out = "<style>";
  if (theme != badge_theme::dark) out += light_rules;
  if (theme == badge_theme::dark) out += dark_rules;
  if (theme == badge_theme::automatic)
    out.append("@media(prefers-color-scheme:dark){").append(dark_rules).append("}");
  return out + "</style>";
}

}  // namespace

std::string print_badge_text(const badge& what) {
  return shown_room(what.room) + " - " + state_of(what);
}

std::string print_badge_svg(const badge& what) {
  const std::string text = print_badge_text(what);
  // The widest state decides, so that the badge never changes its size: four digits. Widths vary with
  // the reader's fonts; textLength makes the text fit.
  const std::size_t widest = characters_of(shown_room(what.room)) + 3 + 11;
  const std::size_t per_character = 7;
  const std::size_t width = 20 + widest * per_character + 8;
  const std::size_t length = characters_of(text) * per_character;
  const bool lively = what.people && *what.people > 0;
  std::string label;
  append_escaped(label, text);
  std::string out = R"(<svg xmlns="http://www.w3.org/2000/svg" width=")" + std::to_string(width) +
                    R"(" height="20" role="img" aria-label=")" + label + R"("><title>)" + label +
                    "</title>" + print_style(what.theme);
  out += R"(<rect class="b" x=".5" y=".5" width=")" + std::to_string(width - 1) +
         R"(" height="19" rx="4"/><circle class=")" + (lively ? "on" : "off") +
         R"(" cx="10" cy="10" r="3" stroke-width="2"/><text class="t" x="20" y="14" )" +
         R"(font-family="system-ui,Verdana,DejaVu Sans,sans-serif" font-size="12" textLength=")" +
         std::to_string(length) + R"(" lengthAdjust="spacingAndGlyphs">)" + label + "</text></svg>\n";
  return out;
}

std::optional<badge_theme> parse_badge_theme(std::string_view word) {
  if (word.empty() || word == "auto") return badge_theme::automatic;
  if (word == "light") return badge_theme::light;
  if (word == "dark") return badge_theme::dark;
  return std::nullopt;
}

}  // namespace halley
