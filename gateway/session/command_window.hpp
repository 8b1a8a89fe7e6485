// SPDX-License-Identifier: GPL-3.0-or-later
//
// What makes a command safe to send twice: the numbers seen and the results of the last ones. A
// repeat gets the first answer and is not carried out again (the idea of BOSH's rid, XEP-0124, 14).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/chat/event.hpp"

namespace halley {

class command_window {
 public:
  static constexpr std::size_t kept = 64;           // results remembered
  static constexpr std::size_t most_pending = 256;  // commands without an answer yet

  enum class verdict : std::uint8_t {
    fresh,     // carry it out
    pending,   // a repeat of one still under way: its answer will come once
    answered,  // a repeat: answer() has the first answer
    outside,   // older than what is remembered: refuse, it may have been carried out
    full       // too many under way
  };
  // Remembers n as pending when fresh.
  verdict take(std::uint64_t n);
  // The answer to answer.n has come; false if that was not pending (then it must not be told).
  bool settle(const result_event& answer);
  // The first answer, if it has come and is still remembered.
  std::optional<result_event> answer(std::uint64_t n) const;
  bool is_pending(std::uint64_t n) const;
  std::size_t pending() const;

 private:
  // Most answers are a plain "ok": those cost their number alone.
  struct entry {
    std::uint64_t n;
    bool answered = false;
    std::unique_ptr<const result_event> more;  // null: plain ok
  };
  const entry* find(std::uint64_t n) const;
  void forget_oldest();

  std::vector<entry> entries_;   // in order of arrival
  std::uint64_t forgotten_ = 0;  // highest number that may have been forgotten
};

}  // namespace halley
