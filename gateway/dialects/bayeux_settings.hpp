// SPDX-License-Identifier: GPL-3.0-or-later
//
// Options of the Bayeux dialect: [bayeux] of halley.toml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace halley {

struct bayeux_settings {
  bool enabled = true;
  // Held connects of one browser; more get their answers at once and are told to come again after
  // some seconds, since a browser opens six connections to a host. 0: no limit.
  std::size_t polls_per_browser = 4;
  std::int64_t idle_ms = 0;  // clients that asked nothing for so long are sent away; 0: never
  std::string publish_key;   // who has it may publish without a client; empty: nobody
  std::string publish_nick = "announcer";
};

}  // namespace halley
