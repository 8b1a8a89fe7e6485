// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/readers.hpp"

#include <algorithm>
#include <utility>

namespace halley {

// FNV-1a, 64 bits: names are few and chosen by the visitor himself; a collision of two tabs costs a gap.
reader_tag tag_of_reader(std::string_view name) {
  if (name.empty()) return 0;
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash == 0 || hash == no_reader ? 1 : hash;
}

readers::one* readers::find(reader_tag who) {
  const auto at = std::find_if(known_.begin(), known_.end(),
                               [who](const one& reader) { return reader.tag == who; });
  return at == known_.end() ? nullptr : &*at;
}

readers::one& readers::make(reader_tag who, steady_ms now) {
  if (one* known = find(who)) return *known;
  if (known_.size() >= most) {
    // Somebody has to be given up: who is away for longest, if anybody is.
    known_.erase(std::min_element(known_.begin(), known_.end(), [](const one& a, const one& b) {
      return std::pair(a.connections > 0, a.seen) < std::pair(b.connections > 0, b.seen);
    }));
  }
  if (known_.empty()) known_.reserve(1);  // almost all sessions have one reader
  return known_.emplace_back(one{who, 0, now, 0});
}

void readers::begin(reader_tag who, std::uint64_t cursor, steady_ms now) {
  one& reader = make(who, now);
  reader.acknowledged = cursor;
  reader.seen = now;
}

void readers::begin_anew(reader_tag who, std::uint64_t cursor, steady_ms now) {
  if (one* known = find(who))
    known->seen = now;
  else
    begin(who, cursor, now);
}

void readers::attach(reader_tag who, steady_ms now) {
  one& reader = make(who, now);
  ++reader.connections;
  reader.seen = now;
}

void readers::detach(reader_tag who, steady_ms now) {
  one* const reader = find(who);
  if (reader == nullptr || reader->connections == 0) return;
  --reader->connections;
  reader->seen = now;
}

void readers::acknowledge(reader_tag who, std::uint64_t number, steady_ms now) {
  one* const reader = find(who);
  if (reader == nullptr) return;
  reader->acknowledged = std::max(reader->acknowledged, number);
  reader->seen = now;
}

std::optional<std::uint64_t> readers::ahead_of(reader_tag who, std::uint64_t cursor,
                                               steady_ms now) const {
  for (const one& reader : known_)
    if (reader.tag == who && reader.acknowledged > cursor &&
        (reader.connections > 0 || now - reader.seen < just_now))
      return reader.acknowledged;
  return std::nullopt;
}

void readers::forget_unseen_since(steady_ms moment) {
  std::erase_if(known_, [moment](const one& reader) {
    return reader.connections == 0 && reader.seen < moment;
  });
}

std::uint64_t readers::safe() const {
  if (known_.empty()) return 0;
  return std::min_element(known_.begin(), known_.end(), [](const one& a, const one& b) {
           return a.acknowledged < b.acknowledged;
         })->acknowledged;
}

}  // namespace halley
