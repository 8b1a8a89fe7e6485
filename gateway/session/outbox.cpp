// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/outbox.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace halley {

std::uint64_t outbox::append(event_ptr what, steady_ms now) {
  if (size_ == ring_.size()) grow();
  bytes_ += what->weight();
  ring_[(head_ + size_) & (ring_.size() - 1)] = {std::move(what), now};
  ++size_;
  ++last_;
  while (size_ > 1 && (size_ > limits_->count || bytes_ > limits_->bytes)) lose_oldest();
  return last_;
}

const event_ptr& outbox::at(std::uint64_t number) const {
  assert(number >= first() && number <= last_);
  return ring_[(head_ + static_cast<std::size_t>(number - first())) & (ring_.size() - 1)].what;
}

void outbox::acknowledge(std::uint64_t number) {
  // Whoever acknowledges what is here has learnt of what is not.
  if (number >= first() && last_lost_ != 0) {
    std::vector<mark>().swap(lost_);
    last_lost_ = 0;
  }
  while (size_ > 0 && first() <= number) pop_oldest();
  if (size_ == 0) release();
}

void outbox::drop_older_than(steady_ms moment) {
  while (size_ > 0 && ring_[head_].at < moment) lose_oldest();
  if (size_ == 0) release();
}

void outbox::lose_oldest() {
  note_loss(first(), ring_[head_].at);
  ++dropped_;
  pop_oldest();
}

void outbox::note_loss(std::uint64_t number, steady_ms at) {
  constexpr steady_ms apart = 1000;
  last_lost_ = number;
  if (!lost_.empty() && at < lost_.back().at + apart) return;
  // Every other one goes: what is long past is known less exactly.
  if (lost_.size() >= most_marks) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < lost_.size(); i += 2) lost_[kept++] = lost_[i];
    lost_.resize(kept);
  }
  lost_.push_back({number, at});
}

std::optional<steady_ms> outbox::lost_since(std::uint64_t cursor) const {
  if (last_lost_ <= cursor) return std::nullopt;
  const auto after = std::upper_bound(
      lost_.begin(), lost_.end(), cursor + 1,
      [](std::uint64_t number, const mark& one) { return number < one.number; });
  return after == lost_.begin() ? lost_.front().at : std::prev(after)->at;
}

void outbox::pop_oldest() {
  entry& oldest = ring_[head_];
  bytes_ -= oldest.what->weight();
  oldest.what.reset();
  head_ = (head_ + 1) & (ring_.size() - 1);
  --size_;
}

// An idle session owns no ring. Not "ring_ = {}": that assigns an empty list and keeps the memory.
void outbox::release() {
  std::vector<entry>().swap(ring_);
  head_ = 0;
}

void outbox::grow() {
  std::vector<entry> larger(ring_.empty() ? 8 : ring_.size() * 2);
  for (std::size_t i = 0; i < size_; ++i)
    larger[i] = std::move(ring_[(head_ + i) & (ring_.size() - 1)]);
  ring_ = std::move(larger);
  head_ = 0;
}

}  // namespace halley
