// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/change_log.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace halley::xmpp {

std::uint32_t change_log::of_nick(std::string_view nick) {
  const std::size_t hash = std::hash<std::string_view>{}(nick);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

bool change_log::find(name wanted, position& from, steady_ms now, event_ptr& into) const {
  if (from.passed && find_passed(wanted, from, into)) return true;
  for (std::uint64_t i = std::max(from.next, first_); i < first_ + entries_.size(); ++i) {
    if (at(i).what.key != wanted.key) continue;
    into = at(i).told;
    pass_over(wanted.who, from, i, now);
    from.next = i + 1;
    return true;
  }
  return false;
}

bool change_log::find_passed(name wanted, position& from, event_ptr& into) const {
  std::vector<std::uint64_t>& passed = *from.passed;
  const auto found = std::find_if(passed.begin(), passed.end(), [&](std::uint64_t i) {
    return i >= first_ && at(i).what.key == wanted.key;
  });
  if (found == passed.end()) return false;
  into = at(*found).told;
  const std::uint64_t number = *found;
  std::erase_if(passed, [&](std::uint64_t i) {
    return i < first_ || (i <= number && at(i).what.who == wanted.who);
  });
  if (passed.empty()) from.passed.reset();
  return true;
}

// Up to `until` everything but what is about `who` may still be news.
void change_log::pass_over(std::uint32_t who, position& from, std::uint64_t until,
                           steady_ms now) const {
  const std::uint64_t begin = std::max(from.next, first_);
  if (!from.passed && begin >= until) return;
  if (!from.passed) from.passed = std::make_unique<std::vector<std::uint64_t>>();
  for (std::uint64_t i = begin; i < until; ++i) from.passed->push_back(i);
  std::erase_if(*from.passed, [&](std::uint64_t i) {
    return i < first_ || at(i).what.who == who || at(i).seen + copies_within < now;
  });
  if (from.passed->empty()) from.passed.reset();
}

void change_log::push(name change, bool gone, event_ptr what, position& from, steady_ms now) {
  while (!entries_.empty() &&
         (entries_.size() >= most_kept || entries_.front().seen + kept_for < now)) {
    entries_.pop_front();
    ++first_;
  }
  pass_over(change.who, from, first_ + entries_.size(), now);
  entries_.push_back({change, gone, now, std::move(what)});
  from.next = first_ + entries_.size();
}

std::unordered_map<std::uint32_t, change_log::last_change> change_log::last_changes() const {
  std::unordered_map<std::uint32_t, last_change> last;
  std::uint64_t number = first_;
  for (const entry& one : entries_)
    last[one.what.who] = {number++, one.what.key, one.gone};
  return last;
}

void change_log::clear() {
  first_ += entries_.size();
  entries_.clear();
}

}  // namespace halley::xmpp
