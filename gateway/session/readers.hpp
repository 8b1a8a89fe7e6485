// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who reads one session's log: each reader (a tab, a second browser) has acknowledged up to a number of
// its own, and an event is safe to forget only when all of them have. A reader may come and go with
// many connections; one that has none for long is forgotten. Pure; time is an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"

namespace halley {

// A reader's name, hashed; 0 is the one nameless reader of a session.
using reader_tag = std::uint64_t;
// A carrier that only waits for something: the log is not kept for it.
inline constexpr reader_tag no_reader = UINT64_MAX;
reader_tag tag_of_reader(std::string_view name);

class readers {
 public:
  // More than the tabs and devices of one visitor who reads on all of them at once.
  static constexpr std::size_t most = 8;

  // `who` begins to read behind `cursor`: it needs what follows. Known already, it begins anew there.
  void begin(reader_tag who, std::uint64_t cursor, steady_ms now);
  // `who` is given the present state and reads from behind `cursor`. Known already, what it has not
  // acknowledged is kept until it is: this request may have come late, or twice, while the same
  // reader goes on over another connection.
  void begin_anew(reader_tag who, std::uint64_t cursor, steady_ms now);
  void attach(reader_tag who, steady_ms now);
  void detach(reader_tag who, steady_ms now);
  // Everything up to `number` has arrived at `who`. A smaller number than before, or somebody who is
  // not known, changes nothing.
  void acknowledge(reader_tag who, std::uint64_t number, steady_ms now);
  // What `who` has acknowledged, if that is more than `cursor` and it is here right now: then a request
  // that asks from `cursor` on is an old one that came late.
  std::optional<std::uint64_t> ahead_of(reader_tag who, std::uint64_t cursor, steady_ms now) const;
  // Who has no connection and was last seen before `moment` is not waited for any more.
  void forget_unseen_since(steady_ms moment);

  // What all have; 0 while nobody reads.
  std::uint64_t safe() const;
  std::size_t size() const { return known_.size(); }

 private:
  struct one {
    reader_tag tag = 0;
    std::uint64_t acknowledged = 0;
    steady_ms seen = 0;
    std::uint32_t connections = 0;
  };
  one* find(reader_tag who);
  // Between two polls, or two carriers, it has no connection.
  static constexpr steady_ms just_now = 1000;
  one& make(reader_tag who, steady_ms now);

  std::vector<one> known_;
};

}  // namespace halley
