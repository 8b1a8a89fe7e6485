// SPDX-License-Identifier: GPL-3.0-or-later
//
// An immutable event that many sessions of one shard hold at once, together with its encoding in
// each dialect, made the first time it is asked for. Counted by a plain integer: it never leaves the
// thread of its shard.
#pragma once

#include <array>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "gateway/chat/event.hpp"

namespace halley {

inline constexpr std::size_t dialect_slots = 2;  // chat, bayeux

class shared_event {
 public:
  explicit shared_event(event value) : value_(std::move(value)) {}

  const event& value() const { return value_; }

  // `encode(value)` is called once per slot; the same bytes afterwards.
  template <class Encode>
  const std::string& encoded(std::size_t slot, Encode&& encode) const {
    std::string& text = encodings_[slot];
    if (text.empty()) text = encode(value_);
    return text;
  }
  // Rough size in memory, for the bounds of an outbox.
  std::size_t weight() const;

 private:
  friend void intrusive_ptr_add_ref(const shared_event* e) { ++e->references_; }
  friend void intrusive_ptr_release(const shared_event* e) {
    if (--e->references_ == 0) delete e;
  }
  event value_;
  mutable std::array<std::string, dialect_slots> encodings_;
  mutable std::uint32_t references_ = 0;
};

using event_ptr = boost::intrusive_ptr<const shared_event>;
inline event_ptr share(event value) { return event_ptr(new shared_event(std::move(value))); }

}  // namespace halley
