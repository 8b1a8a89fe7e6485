// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/outbox.hpp"

#include <cassert>
#include <utility>

namespace halley {

std::uint64_t outbox::append(event_ptr what, steady_ms now) {
  if (size_ == ring_.size()) grow();
  bytes_ += what->weight();
  ring_[(head_ + size_) & (ring_.size() - 1)] = {std::move(what), now};
  ++size_;
  ++last_;
  while (size_ > 1 && (size_ > limits_->count || bytes_ > limits_->bytes)) {
    pop_oldest();
    ++dropped_;
  }
  return last_;
}

const event_ptr& outbox::at(std::uint64_t number) const {
  assert(number >= first() && number <= last_);
  return ring_[(head_ + static_cast<std::size_t>(number - first())) & (ring_.size() - 1)].what;
}

void outbox::acknowledge(std::uint64_t number) {
  while (size_ > 0 && first() <= number) pop_oldest();
  if (size_ == 0) release();
}

void outbox::drop_older_than(steady_ms moment) {
  while (size_ > 0 && ring_[head_].at < moment) {
    pop_oldest();
    ++dropped_;
  }
  if (size_ == 0) release();
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
