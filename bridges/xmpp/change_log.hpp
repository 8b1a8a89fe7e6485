// SPDX-License-Identifier: GPL-3.0-or-later
//
// The presence changes of a room in the order in which the sessions of a shard first saw them. Pure:
// time is an argument. Owned by the room's table.
//
// The service sends every occupant the same changes in the same order, but each session reads its own
// connection, so that one may see the coming of a second person before another has seen that of the
// first. What a session jumps over it therefore keeps in mind until its own copy comes. Of one person
// the order is kept: whoever has seen the later change has no use for the earlier one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/chat/shared_event.hpp"

namespace halley::xmpp {

class change_log {
 public:
  // What a change is known by: equal for all copies of it.
  struct name {
    std::uint32_t key = 0;  // its meaning
    std::uint32_t who = 0;  // of whom; see of_nick()
  };
  static std::uint32_t of_nick(std::string_view nick);

  // How far a session is: it has seen what stands before `next`, but for what it passed over.
  struct position {
    std::uint64_t next = 0;
    std::unique_ptr<std::vector<std::uint64_t>> passed;  // ascending; none is the rule
  };
  position end() const { return {first_ + entries_.size(), nullptr}; }

  // Whether the change is there for somebody at `from`, who then has seen it; null where nothing was
  // worth telling.
  bool find(name wanted, position& from, steady_ms now, event_ptr& into) const;
  // A change nobody has seen before the session at `from`. `gone`: whoever it is about is not in the
  // room any more.
  void push(name change, bool gone, event_ptr what, position& from, steady_ms now);

  // The last change of everybody who has one here, by whom it is about.
  struct last_change {
    std::uint64_t number = 0;
    std::uint32_t key = 0;
    bool gone = false;
  };
  std::unordered_map<std::uint32_t, last_change> last_changes() const;

  bool empty() const { return entries_.empty(); }
  void clear();

 private:
  struct entry {
    name what;
    bool gone;
    steady_ms seen;
    event_ptr told;
  };
  const entry& at(std::uint64_t number) const { return entries_[number - first_]; }
  bool find_passed(name wanted, position& from, event_ptr& into) const;
  void pass_over(std::uint32_t who, position& from, std::uint64_t until, steady_ms now) const;

  // A burst one session reads ahead of the others: 1,000 joins and then some.
  static constexpr std::size_t most_kept = 4096;
  static constexpr steady_ms kept_for = 60 * 1000;
  // Copies come within this time of each other; what nobody asks for was known from the start.
  static constexpr steady_ms copies_within = 30 * 1000;

  std::deque<entry> entries_;
  std::uint64_t first_ = 0;  // number of entries_.front()
};

}  // namespace halley::xmpp
