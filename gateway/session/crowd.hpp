// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of a session's fellow members while nobody reads its log quickly: joined, left and
// presence of others, told together later instead of one by one, so that a storm of them pushes no talk
// out of a bounded log. Somebody who came and went is not told at all. Pure. Exists only as long as
// something is held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/chat/shared_event.hpp"

namespace halley {

class crowd {
 public:
  // Past so many people it is cheaper to tell the whole state anew.
  static constexpr std::size_t most = 4000;

  enum class verdict : std::uint8_t {
    taken,   // held; it need not be told
    after,   // it changes who is there in a way of its own: what is held must be told before
    apart    // nothing to do with who is there
  };
  verdict take(const event& what);
  // A data event that is not told, only counted.
  void lose_data() { ++data_lost_; }

  std::size_t size() const { return size_; }
  // Too many were held: everything was forgotten, and the present state has to be told instead.
  bool overflowed() const { return overflowed_; }
  // Hands over one members_changed for each room, then what is left to be told of single people, then
  // how much data was lost.
  void release(const std::function<void(event)>& tell);

 private:
  struct person {
    member now;
    bool here = false;       // since the beginning of our holding: has come (or come back)
    bool was_here = false;   // before it
    bool has_news = false;   // `news` is to be told
    presence_event news;     // of somebody who was here all the time
  };
  using people = std::map<std::string, person>;

  verdict take_joined(const joined_event& e);
  verdict take_left(const left_event& e);
  verdict take_presence(const presence_event& e);
  void take_quit(const std::string& nick);
  void count(std::size_t before, std::size_t after) { size_ = size_ - before + after; }
  void check_size();

  std::map<std::string, people> rooms_;
  std::set<std::string> quit_;  // left everywhere; before anything in rooms_
  std::size_t size_ = 0;
  std::uint32_t data_lost_ = 0;
  bool overflowed_ = false;
};

}  // namespace halley
