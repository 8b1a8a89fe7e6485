// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/chat/interner.hpp"

#include <functional>

namespace halley {
namespace {

std::uint64_t hash_of(const void* domain, std::string_view head, std::string_view tail) {
  const std::hash<std::string_view> hash;
  std::uint64_t value = hash(head) ^ reinterpret_cast<std::uintptr_t>(domain);
  if (!tail.empty()) value = value * 31 + hash(tail);
  return value;
}

}  // namespace

const interner::entry* interner::find(const void* domain, std::string_view bytes,
                                      steady_ms now) const {
  return find(domain, bytes, {}, now);
}

const interner::entry* interner::find(const void* domain, std::string_view head,
                                      std::string_view tail, steady_ms now) const {
  const std::uint64_t hash = hash_of(domain, head, tail);
  const slot& at = slots_[hash % size];
  if (at.hash != hash || at.domain != domain || at.head_size != head.size() ||
      at.bytes.size() != head.size() + tail.size() || at.until < now)
    return nullptr;
  const std::string_view bytes = at.bytes;
  if (bytes.substr(0, head.size()) != head || bytes.substr(head.size()) != tail) return nullptr;
  return &at.value;
}

void interner::store(const void* domain, std::string_view bytes, entry value, steady_ms until) {
  store(domain, bytes, {}, std::move(value), until);
}

void interner::store(const void* domain, std::string_view head, std::string_view tail, entry value,
                     steady_ms until) {
  const std::uint64_t hash = hash_of(domain, head, tail);
  slot& at = slots_[hash % size];
  at.domain = domain;
  at.hash = hash;
  at.bytes.assign(head);
  at.bytes.append(tail);
  at.head_size = head.size();
  at.until = until;
  at.value = std::move(value);
}

}  // namespace halley
