// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a passer-by may see of one room: its topic, how many people are there, and its last lines if the
// operator shows them. Made of the events of one observer who sits in the room; he does not count
// himself. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>

#include "gateway/chat/event.hpp"

namespace halley {

struct watched_line {
  std::string from;
  std::string text;
  unix_ms at = 0;
  bool action = false;
};

class watched_room {
 public:
  // Longer lines are cut for the passer-by, at a code point.
  static constexpr std::size_t line_length = 400;
  static constexpr std::size_t topic_length = 400;

  // `lines`: how many are shown; 0: none.
  watched_room(std::string name, std::size_t lines) : name_(std::move(name)), most_lines_(lines) {}

  // True if what passers-by see has changed.
  bool take(const event& what);

  // As configured; the network may write it otherwise.
  const std::string& name() const { return name_; }
  // Whether the observer is in the room: otherwise nothing is known of it now.
  bool is_known() const { return known_; }
  std::size_t people() const { return people_.size(); }
  const std::string& topic() const { return topic_; }
  const std::deque<watched_line>& lines() const { return lines_; }
  // Counts the changes.
  std::uint64_t version() const { return version_; }

 private:
  struct reader;
  bool is_here(const std::string& room) const;
  bool forget();
  bool say(watched_line line);

  std::string name_;
  std::string real_name_;  // as the network writes it, once joined
  std::size_t most_lines_;
  bool known_ = false;
  std::string me_;
  std::unordered_set<std::string> people_;
  std::string topic_;
  std::deque<watched_line> lines_;
  std::uint64_t version_ = 0;
};

}  // namespace halley
