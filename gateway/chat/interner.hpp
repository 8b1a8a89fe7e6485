// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first copy of a line becomes a shared event, the other copies only find it. Keyed by the raw
// bytes the network sent and by what else decides their meaning (`domain`: network, server profile).
// A fixed table, direct-mapped: a collision costs one more parse, never a wrong event.
//
// An event is interned only if it is a pure function of (domain, bytes). A line without its own time
// or id gets the time of arrival: pass `until` so that a later, equal line is a new event.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/chat/shared_event.hpp"

namespace halley {

class interner {
 public:
  struct entry {
    event_ptr what;          // null: the line makes no shared event
    std::uint32_t tag = 0;   // the bridge's own note about the line
  };

  interner() : slots_(size) {}

  // The entry for these bytes, or nullptr. `now` drops those past their `until`.
  const entry* find(const void* domain, std::string_view bytes, steady_ms now) const;
  // The same for bytes in two parts (an XMPP stanza without the value of its `to`).
  const entry* find(const void* domain, std::string_view head, std::string_view tail,
                    steady_ms now) const;
  void store(const void* domain, std::string_view bytes, entry value, steady_ms until = forever);
  void store(const void* domain, std::string_view head, std::string_view tail, entry value,
             steady_ms until = forever);

  static constexpr steady_ms forever = INT64_MAX;

 private:
  static constexpr std::size_t size = 1024;
  struct slot {
    const void* domain = nullptr;
    std::uint64_t hash = 0;
    std::string bytes;
    std::size_t head_size = 0;
    steady_ms until = 0;
    entry value;
  };
  std::vector<slot> slots_;
};

}  // namespace halley
