// SPDX-License-Identifier: GPL-3.0-or-later
//
// How often a network is told what has been read: at most once in a while for each place, and the last
// mark wins. Pure: time is an argument. A bridge has one only while there is something to wait for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"

namespace halley {

class mark_pacing {
 public:
  static constexpr steady_ms every_ms = 5000;

  struct mark {
    std::string to;  // as the network names it
    std::string id;
    unix_ms at = 0;
  };

  // The mark, if it may be told at once; otherwise it waits, in place of an earlier one. One that is not
  // later than the last for its place is dropped.
  std::optional<mark> take(mark one, steady_ms now);
  // One whose turn has come; to be asked until there is none.
  std::optional<mark> due(steady_ms now);
  // One that waits, whether its turn has come or not; for the end of a session.
  std::optional<mark> take_any();
  // When due() is to be asked next; INT64_MAX: there is nothing to remember.
  steady_ms next_turn() const;

 private:
  struct entry {
    mark last;
    steady_ms free_at = 0;  // until then nothing is told for its place
    bool waits = false;
  };
  std::vector<entry> entries_;
};

}  // namespace halley
