// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/irc_words.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace halley {

namespace {

struct phrase {
  const char* part;  // lower case
  refusal means;
};

// The first that occurs decides, so the narrower stand first. From ngIRCd 26, InspIRCd 3 and 4,
// UnrealIRCd 6, Solanum and Ergo.
constexpr phrase phrases[] = {
    {"webirc", refusal::webirc},
    {"cgi:irc", refusal::webirc},
    {"cgiirc", refusal::webirc},
    {"excess flood", refusal::flood},
    {"recvq", refusal::flood},
    {"flooding", refusal::flood},
    {"throttl", refusal::throttled},
    {"too fast", refusal::throttled},
    {"reconnecting", refusal::throttled},
    {"try again later", refusal::throttled},
    {"too many connections", refusal::clones},
    {"too many user connections", refusal::clones},
    {"too many unknown connections", refusal::clones},
    {"no more connections", refusal::clones},
    {"connections allowed", refusal::clones},
    {"too many host connections", refusal::clones},
    {"connection limit", refusal::clones},
    {"clones", refusal::clones},
    {"too many clients", refusal::clones},
    {"password", refusal::password},
    {"-lined", refusal::banned},
    {"-line", refusal::banned},
    {"banned", refusal::banned},
    {"not welcome", refusal::banned},
    {"dnsbl", refusal::banned},
    {"blacklist", refusal::banned},
};

}  // namespace

refusal refusal_in(std::string_view error_text) {
  if (error_text.empty()) return refusal::none;
  std::string lower(error_text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const phrase& one : phrases)
    if (lower.find(one.part) != std::string::npos) return one.means;
  return refusal::other;
}

std::string numeric_words(std::string_view numeric) {
  static constexpr struct {
    const char* numeric;
    const char* words;
  } table[] = {
      {"403", "the server has no such room and lets nobody make one"},
      {"405", "the server allows no more rooms to one user"},
      {"432", "the server does not allow this nick (too long, or characters it forbids)"},
      {"433", "the nick is in use"},
      {"436", "the nick is in use on another server of the network"},
      {"437", "the nick or room is held back for a while after a network split"},
      {"451", "the server does not take us for registered"},
      {"463", "this machine may not connect (no class or I-line fits it)"},
      {"464", "the password is wrong"},
      {"465", "the address is banned from the server"},
      {"471", "the room is full (+l)"},
      {"473", "the room is only for invited people (+i)"},
      {"474", "we are banned from the room (+b)"},
      {"475", "the room needs a key (+k)"},
      {"476", "the name of the room is not allowed"},
      {"477", "the room is only for registered accounts (+r or +R)"},
      {"479", "the name of the room is not allowed"},
      {"480", "the room limits how fast people may join (+j)"},
      {"485", "the room may not be joined"},
      {"489", "the room is only for connections under TLS (+z or +S)"},
      {"520", "the room is only for operators (+O)"},
  };
  for (const auto& row : table)
    if (numeric == row.numeric) return row.words;
  return {};
}

pace pace_of(std::size_t sent, const std::vector<std::int64_t>& arrivals) {
  constexpr std::int64_t pause = 300;  // a server that throttles waits half a second at least
  pace seen{sent, arrivals.size(), 0, 0};
  std::int64_t previous = 0;
  while (seen.at_once < arrivals.size() && arrivals[seen.at_once] - previous < pause)
    previous = arrivals[seen.at_once++];
  if (seen.at_once < arrivals.size()) {
    // From the last line of the burst: each later line cost its share of the wait.
    double waited = static_cast<double>(arrivals.back() - previous) / 1000.0;
    seen.per_second = static_cast<double>(arrivals.size() - seen.at_once) / waited;
  }
  return seen;
}

bool is_too_fast(const pace& seen, double rate, std::size_t burst) {
  if (seen.at_once >= seen.sent) return false;
  if (seen.per_second < rate * 0.8) return true;  // measured over a few seconds only
  // The last line of a burst may come a little late.
  constexpr double patience = 1.5;
  return seen.at_once<burst&& static_cast<double>(burst - seen.at_once) / seen.per_second> patience;
}

std::string print_pace(const pace& seen) {
  char text[160];
  if (seen.at_once >= seen.sent) {
    std::snprintf(text, sizeof text, "%zu lines at one go passed without a pause", seen.sent);
  } else {
    std::snprintf(text, sizeof text,
                  "of %zu lines at one go, %zu passed at once, then about %.1f a second", seen.sent,
                  seen.at_once, seen.per_second);
  }
  return text;
}

}  // namespace halley
