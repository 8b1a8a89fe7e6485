// SPDX-License-Identifier: GPL-3.0-or-later
//
// A number that one thread counts and any thread may look at: no lock and no atomic addition, because
// nobody else writes it.
#pragma once

#include <atomic>
#include <cstdint>

namespace halley {

class counter {
 public:
  counter() = default;
  counter(const counter& other) : value_(other.value()) {}
  counter& operator=(const counter& other) {
    set(other.value());
    return *this;
  }

  // On the one thread that counts.
  counter& operator++() { return *this += 1; }
  counter& operator+=(std::uint64_t more) {
    set(value() + more);
    return *this;
  }
  void set(std::uint64_t now) { value_.store(now, std::memory_order_relaxed); }

  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }
  operator std::uint64_t() const { return value(); }  // NOLINT: it is a number

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace halley
