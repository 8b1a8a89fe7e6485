// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every decision that costs somebody something, counted on one shard since its start; shown by /metrics.
#pragma once

#include "gateway/base/counter.hpp"

namespace halley {

struct session_counters {
  counter entered;
  counter ended;               // for whatever reason
  counter grace_over;          // of these: the browser did not come back
  counter ghosts;              // of these: too many of one address were waiting for their browsers
  counter refused;             // not let in: full, too many of one address, or refused by the network
  counter absent;              // sessions without a browser for a while, now
  counter events;              // appended to logs
  counter events_dropped;      // unacknowledged, past a bound of the log
  counter typing_dropped;      // not told to a slow or absent reader
  counter data_dropped;        // data events not told to a slow or absent reader
  counter presence_held;       // joined, left and presence kept back to be told together
  counter crowds_told;         // members_changed events made of these
  counter state_retold;        // a crowd was too large to hold
  counter resumed;             // readers that came back and missed nothing
  counter gaps;                // readers that were told of a gap
  counter healings;            // of these: the network's history was asked
  counter commands;            // carried out
  counter commands_repeated;   // answered again, not carried out
  counter commands_refused;    // by number, by rate or by form
};

}  // namespace halley
