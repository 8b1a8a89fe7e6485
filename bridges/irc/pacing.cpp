// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/pacing.hpp"

#include <algorithm>
#include <cmath>

#include "bridges/irc/message.hpp"

namespace halley::irc {

void pacing::refill(steady_ms now) {
  if (at_ != 0)
    tokens_ = std::min(burst_, tokens_ + static_cast<double>(now - at_) * rate_ / 1000.0);
  at_ = now;
}

void pacing::push(std::string line, bool is_free) {
  queue_.push_back({std::move(line), is_free});
  ++pushed_;
}

void pacing::release(steady_ms now, std::string& out) {
  refill(now);
  while (head_ < queue_.size()) {
    entry& next = queue_[head_];
    if (!next.is_free) {
      // A rounding error must not cost another turn of the timer.
      if (tokens_ < 0.999) break;
      tokens_ -= 1;
    }
    out += next.line;
    std::string().swap(next.line);
    ++head_;
  }
  if (head_ == queue_.size()) clear();
}

steady_ms pacing::next_release(steady_ms now) const {
  const double missing = std::max(0.0, 1 - tokens_);
  return std::max(now, at_ + static_cast<steady_ms>(std::ceil(missing * 1000.0 / rate_)));
}

steady_ms pacing::time_for(std::size_t lines) const {
  const auto first = queue_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto end = first + static_cast<std::ptrdiff_t>(std::min(lines, waiting()));
  const auto costly = std::count_if(first, end, [](const entry& one) { return !one.is_free; });
  const double missing = std::max(0.0, static_cast<double>(costly) - tokens_);
  return static_cast<steady_ms>(std::ceil(missing * 1000.0 / rate_));
}

steady_ms pacing::leaves_in(std::uint32_t mark) const {
  const std::uint32_t behind = pushed_ - mark;  // lines after the mark
  return behind < waiting() ? time_for(waiting() - behind) : 0;
}

steady_ms pacing::has_room_in(std::size_t lines) const {
  return has_room(lines) ? 0 : time_for(waiting() + lines - most_queued);
}

steady_ms pacing::delay() const {
  return static_cast<steady_ms>(static_cast<double>(waiting()) * 1000.0 / rate_);
}

void pacing::clear() {
  std::vector<entry>().swap(queue_);
  head_ = 0;
}

std::vector<std::string> join_lines(std::vector<room_and_key> rooms, std::uint32_t targets) {
  // Keys are matched by position, so rooms that have one come first.
  std::stable_partition(rooms.begin(), rooms.end(),
                        [](const room_and_key& one) { return !one.key.empty(); });
  constexpr std::size_t longest = 480;
  std::vector<std::string> lines;
  std::string names, keys;
  std::uint32_t count = 0;
  const auto finish = [&] {
    if (names.empty()) return;
    outgoing line("JOIN");
    line.with(names);
    if (!keys.empty()) line.with(keys);
    if (!line.refused()) lines.push_back(line.line());
    names.clear();
    keys.clear();
    count = 0;
  };
  for (const room_and_key& one : rooms) {
    if (names.size() + keys.size() + one.name.size() + one.key.size() + 2 > longest ||
        (targets > 0 && count >= targets))
      finish();
    if (!names.empty()) names += ',';
    names += one.name;
    if (!one.key.empty()) {
      if (!keys.empty()) keys += ',';
      keys += one.key;
    }
    ++count;
  }
  finish();
  return lines;
}

}  // namespace halley::irc
