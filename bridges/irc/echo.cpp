// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/echo.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace halley::irc {
namespace {

constexpr steady_ms moment_ms = 10 * 1000;  // what an echo may come behind its copy

}  // namespace

own_line own_line_of(const said_event& said, std::uint64_t n, std::uint32_t piece) {
  const std::hash<std::string_view> hash;
  own_line line;
  line.n = n;
  line.piece = piece;
  line.id = said.id.empty() ? 0 : hash(said.id) | 1;
  line.text = hash(said.where.name) * 0x9E3779B97F4A7C15u ^ hash(said.body.text) ^
              static_cast<std::uint64_t>(said.kind);
  return line;
}

void told_lines::add(const own_line& line, bool made_up, steady_ms now) {
  if (lines_.size() >= most) lines_.erase(lines_.begin());
  lines_.push_back({line, now, made_up});
}

bool told_lines::has(const own_line& line) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const entry& one) {
    if (line.id && one.line.id) return line.id == one.line.id;
    return line.n && line.n == one.line.n && line.piece == one.line.piece;
  });
}

bool told_lines::take_late(const own_line& line) {
  const auto it = std::find_if(lines_.begin(), lines_.end(), [&](const entry& one) {
    return one.made_up && one.line.text == line.text;
  });
  if (it == lines_.end()) return false;
  it->made_up = false;
  it->line.id = line.id;
  return true;
}

bool told_lines::has_text(const own_line& line, steady_ms now) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const entry& one) {
    return one.line.text == line.text && now - one.at < moment_ms;
  });
}

void told_lines::forget_old(steady_ms now) {
  std::erase_if(lines_, [now](const entry& one) { return now - one.at > remembered_ms; });
}

}  // namespace halley::irc
