// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_answers.hpp"

#include <algorithm>
#include <utility>

namespace halley {

void bosh_answers::add(bosh_answered what) {
  bytes_ += what.text.size();
  all_.push_back(std::move(what));
}

bosh_answered* bosh_answers::find_one(std::uint64_t rid) {
  const auto at = std::find_if(all_.begin(), all_.end(),
                               [rid](const bosh_answered& one) { return one.rid == rid; });
  return at == all_.end() ? nullptr : &*at;
}

const bosh_answered* bosh_answers::find(std::uint64_t rid) const {
  return const_cast<bosh_answers*>(this)->find_one(rid);
}

void bosh_answers::found_again(std::uint64_t rid) {
  if (bosh_answered* const one = find_one(rid)) one->lost = 0;
}

void bosh_answers::forget_until(std::uint64_t rid) {
  const auto end = std::find_if(all_.begin(), all_.end(),
                                [rid](const bosh_answered& one) { return one.rid > rid; });
  for (auto one = all_.begin(); one != end; ++one) bytes_ -= one->text.size();
  all_.erase(all_.begin(), end);
  give_memory_back();
}

// Of a login, which was busier, or of answers that were acknowledged late.
void bosh_answers::give_memory_back() {
  if (all_.capacity() > 2 * all_.size() + 2) all_.shrink_to_fit();
}

void bosh_answers::trim(std::size_t count) {
  while (all_.size() > count && !all_.front().lost) forget_until(all_.front().rid);
}

void bosh_answers::lose(std::uint64_t rid) {
  bosh_answered* const one = find_one(rid);
  if (one != nullptr && !one->payload().empty()) one->lost = 1;
}

std::vector<bosh_answered> bosh_answers::take_lost() {
  std::vector<bosh_answered> out;
  for (bosh_answered& one : all_) {
    if (one.lost == 0) continue;
    one.lost = 0;
    bytes_ -= one.text.size();
    bosh_answered told = std::exchange(one, {});
    one.rid = told.rid;
    one.at = told.at;
    one.stream = told.stream;
    one.key = bosh_key(told.key.text());
    out.push_back(std::move(told));
  }
  return out;
}

}  // namespace halley
