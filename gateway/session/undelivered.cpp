// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/undelivered.hpp"

#include <algorithm>
#include <iterator>

namespace halley {

void undelivered::add(std::string_view frame, std::uint64_t end, std::size_t most_bytes) {
  frames_.push_back({std::string(frame), end});
  bytes_ += frame.size() + sizeof(one);
  if (bytes_ <= most_bytes) return;
  // A quarter at once: dropping them one by one would move all the others each time.
  std::size_t count = 0;
  for (std::size_t left = bytes_; left > most_bytes - most_bytes / 4 && count < frames_.size();)
    left -= frames_[count++].frame.size() + sizeof(one);
  drop_first(count);
  lost_ = true;
}

void undelivered::forget(std::uint64_t arrived) {
  const auto first_left = std::partition_point(
      frames_.begin(), frames_.end(), [arrived](const one& it) { return it.end <= arrived; });
  drop_first(static_cast<std::size_t>(first_left - frames_.begin()));
}

std::vector<std::string> undelivered::take() {
  std::vector<std::string> out;
  out.reserve(frames_.size());
  for (one& it : frames_) out.push_back(std::move(it.frame));
  drop_first(frames_.size());
  return out;
}

void undelivered::drop_first(std::size_t count) {
  if (count == frames_.size()) {
    std::vector<one>().swap(frames_);
    bytes_ = 0;
    return;
  }
  const auto end = std::next(frames_.begin(), static_cast<std::ptrdiff_t>(count));
  for (auto at = frames_.begin(); at != end; ++at) bytes_ -= at->frame.size() + sizeof(one);
  frames_.erase(frames_.begin(), end);
}

}  // namespace halley
