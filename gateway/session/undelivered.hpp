// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frames a browser was told and may not have received: kept while it is away, and while it is
// there until they are known to have arrived. A write into a socket that died is no delivery. Bounded
// in bytes; past that the oldest go, and that is remembered. Owns no memory while empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halley {

class undelivered {
 public:
  // `end`: where the frame ends in what its leg was given (raw_leg::deliver).
  void add(std::string_view frame, std::uint64_t end, std::size_t most_bytes);
  // Everything up to there has arrived.
  void forget(std::uint64_t arrived);
  // All that is left, for another leg to tell.
  std::vector<std::string> take();

  std::size_t bytes() const { return bytes_; }
  std::size_t count() const { return frames_.size(); }
  // Frames have gone that nobody received; since the last call.
  bool take_lost() { return std::exchange(lost_, false); }

 private:
  struct one {
    std::string frame;
    std::uint64_t end;
  };
  void drop_first(std::size_t count);

  std::vector<one> frames_;
  std::size_t bytes_ = 0;
  bool lost_ = false;
};

}  // namespace halley
