// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/raw_hall.hpp"

#include <utility>

namespace halley {

// Some of them leave their networks now, which may be the end of others (channels of one browser).
raw_hall::~raw_hall() {
  while (!all_.empty()) {
    const auto last = std::move(all_.back());
    all_.pop_back();
  }
}

void raw_hall::add(std::unique_ptr<raw_talk> one) {
  one->hall_place_ = static_cast<std::uint32_t>(all_.size());
  all_.push_back(std::move(one));
  ++counts_.conversations;
  counts_.open.set(all_.size());
}

void raw_hall::retire(raw_talk& one) {
  const std::uint32_t place = one.hall_place_;
  auto taken = std::move(all_[place]);
  if (place + 1 != all_.size()) {
    all_[place] = std::move(all_.back());
    all_[place]->hall_place_ = place;
  }
  all_.pop_back();
  counts_.open.set(all_.size());
  // Shared only because std::function wants to be copyable; it dies with the closure.
  loop_.at_batch_end([gone = std::shared_ptr<raw_talk>(std::move(taken))] {});
}

std::string raw_hall::give_token(raw_talk& to) {
  std::string token = key_.make(shard_);
  by_token_.emplace(token, &to);
  return token;
}

std::string raw_hall::give_token(raw_talk& to, std::string_view chosen) {
  std::string token = key_.make_from(shard_, chosen);
  by_token_.insert_or_assign(token, &to);
  return token;
}

raw_talk* raw_hall::find(std::string_view token) const {
  const auto at = by_token_.find(std::string(token));
  return at == by_token_.end() ? nullptr : at->second;
}

void raw_hall::shut_down() {
  // Somebody who retired during the call left his place to one that has been told.
  for (std::size_t i = all_.size(); i-- > 0;)
    if (i < all_.size()) all_[i]->on_shut_down();
}

}  // namespace halley
