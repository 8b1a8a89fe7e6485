// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything of one shard that holds a browser's socket: HTTP connections and the carriers they
// became. The roster owns them, counts them for each visitor address, and destroys one only at the
// end of a batch, so that it may retire from inside any of its own calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/base/counter.hpp"
#include "gateway/base/reactor.hpp"

namespace halley {

// A visitor address, hashed: a collision makes a limit a little stricter, nothing else. 0: not
// counted (a trusted proxy).
using address_tag = std::uint32_t;

class resident : protected watcher {
 public:
  virtual ~resident() = default;
  address_tag tag() const { return tag_; }
  // For HTTP connections that are between two requests: a shut-down closes them.
  virtual bool is_idle() const { return false; }
  // The node is leaving: whoever has no session to hear it from says good-bye and ends soon.
  virtual void on_shut_down() {}

 private:
  friend class roster;
  std::uint32_t place_ = 0;
  address_tag tag_ = 0;
};

class roster {
 public:
  // `size` is kept up to date for whoever watches.
  roster(reactor& loop, counter& size) : loop_(loop), size_(size) {}
  roster(const roster&) = delete;
  roster& operator=(const roster&) = delete;

  void add(std::unique_ptr<resident> one, address_tag tag);
  // Takes `one` out; it is destroyed at the end of the batch. It must have let go of its socket,
  // session and timer by then.
  void retire(resident& one);

  std::size_t size() const { return all_.size(); }
  std::size_t count_of(address_tag tag) const;
  // Destroys all that are idle and tells the others.
  void shut_down();

 private:
  std::unique_ptr<resident> take_out(resident& one);

  reactor& loop_;
  counter& size_;
  std::vector<std::unique_ptr<resident>> all_;  // each knows its place
  std::unordered_map<address_tag, std::uint32_t> by_address_;
};

}  // namespace halley
