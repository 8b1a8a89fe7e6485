// SPDX-License-Identifier: GPL-3.0-or-later
//
// The answers of a BOSH session that somebody may ask for again (XEP-0124, 14.3), and those that were
// lost on the way (D-07). In the order of their rid. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/dialects/bosh_body.hpp"
#include "gateway/dialects/bosh_keys.hpp"

namespace halley {

struct bosh_answered {
  std::uint64_t rid = 0;
  std::string text;  // what it said in the tag, then what inside; the rest is the same in all of them
  bosh_key key;      // of the request; a repeat has the same (B-56)
  steady_ms at = 0;
  std::uint32_t payload_at = 0;   // in `text`
  std::uint32_t stream : 31 = 0;  // whose payload
  std::uint32_t lost : 1 = 0;

  // What is to be said again if the answer was lost.
  std::string_view payload() const { return std::string_view(text).substr(payload_at); }
  // The very same bytes.
  std::string body() const {
    return print_bosh(std::string_view(text).substr(0, payload_at), payload());
  }
};

class bosh_answers {
 public:
  void add(bosh_answered what);
  const bosh_answered* find(std::uint64_t rid) const;
  // A repeat has been asked for: it is told the very same bytes, so nothing is lost any more.
  void found_again(std::uint64_t rid);
  // B-31: the client has all up to here.
  void forget_until(std::uint64_t rid);
  // B-51: keeps so many, and those that are lost. Before the next is added, so that there is never place for
  // more than that.
  void trim(std::size_t count);
  // The oldest; null if there is none.
  const bosh_answered* oldest() const { return all_.empty() ? nullptr : &all_.front(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t count() const { return all_.size(); }

  // The connection broke before the client's own kernel had all of it. A client that lives repeats
  // the request; one that was reloaded goes on with the next.
  void lose(std::uint64_t rid);
  // The client has gone on: what was lost leaves here, to be told by the next answer, and a repeat
  // finds an empty one.
  std::vector<bosh_answered> take_lost();

 private:
  bosh_answered* find_one(std::uint64_t rid);
  void give_memory_back();

  std::vector<bosh_answered> all_;  // two, where the client does not acknowledge
  std::size_t bytes_ = 0;
};

}  // namespace halley
