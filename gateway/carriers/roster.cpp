// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/roster.hpp"

#include <utility>

namespace halley {

void roster::add(std::unique_ptr<resident> one, address_tag tag) {
  one->place_ = static_cast<std::uint32_t>(all_.size());
  one->tag_ = tag;
  all_.push_back(std::move(one));
  size_.set(all_.size());
  if (tag != 0) ++by_address_[tag];
}

std::unique_ptr<resident> roster::take_out(resident& one) {
  const std::uint32_t place = one.place_;
  auto taken = std::move(all_[place]);
  if (place + 1 != all_.size()) {
    all_[place] = std::move(all_.back());
    all_[place]->place_ = place;
  }
  all_.pop_back();
  size_.set(all_.size());
  if (const auto at = by_address_.find(one.tag_); at != by_address_.end() && --at->second == 0)
    by_address_.erase(at);
  return taken;
}

void roster::retire(resident& one) {
  // Shared only because std::function wants to be copyable; it dies with the closure.
  loop_.at_batch_end([gone = std::shared_ptr<resident>(take_out(one))] {});
}

std::size_t roster::count_of(address_tag tag) const {
  const auto at = by_address_.find(tag);
  return at == by_address_.end() ? 0 : at->second;
}

void roster::shut_down() {
  for (std::size_t i = all_.size(); i-- > 0;) {
    // Somebody who retired during the call left his place to one that has been told.
    if (all_[i]->is_idle())
      take_out(*all_[i]);
    else
      all_[i]->on_shut_down();
  }
}

}  // namespace halley
