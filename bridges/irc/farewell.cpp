// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/farewell.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

using enum failure_code;

struct row {
  std::string_view words;  // lower-case
  fate what;
  failure_code code;
};

// The first that is found decides.
constexpr std::array rows{
    // COMPAT(inspircd): connectban Z-lines an address for a few minutes and says so.
    row{"wait a while, and you will be able", fate::slow_down, too_fast},
    // Solanum, ratbox, hybrid: "K-Lined"; InspIRCd: "Z-lined: why"; UnrealIRCd: "Global Z:Line",
    // "G-Lined (why)"; ngIRCd: "\"why\" (G-Line)"; Ergo: "KLINEd", "DLINEd".
    row{"k-line", fate::never, banned},
    row{"g-line", fate::never, banned},
    row{"z-line", fate::never, banned},
    row{"d-line", fate::never, banned},
    row{"x-line", fate::never, banned},
    row{"r-line", fate::never, banned},
    row{"k:line", fate::never, banned},
    row{"g:line", fate::never, banned},
    row{"z:line", fate::never, banned},
    row{"kline", fate::never, banned},
    row{"gline", fate::never, banned},
    row{"zline", fate::never, banned},
    row{"dlined", fate::never, banned},
    // Services: "AKILL: ...", "You are banned from this network", "User has been banned".
    row{"akill", fate::never, banned},
    row{"autokill", fate::never, banned},
    row{"banned", fate::never, banned},
    row{"not welcome", fate::never, banned},  // UnrealIRCd 6
    row{"blacklist", fate::never, banned},    // DNSBL modules, in the words of their examples
    row{"dnsbl", fate::never, banned},
    row{"unauthorised connection", fate::never, not_allowed},  // InspIRCd: no class fits
    row{"unauthorized connection", fate::never, not_allowed},  // ircu
    row{"not authorised to", fate::never, not_allowed},
    row{"not authorized to", fate::never, not_allowed},   // Solanum
    row{"no authorization", fate::never, not_allowed},    // ircu
    row{"access denied", fate::never, not_allowed},       // ngIRCd, UnrealIRCd
    row{"bad password", fate::never, bad_password},       // ngIRCd, Solanum, hybrid
    row{"password mismatch", fate::never, bad_password},  // ircu
    row{"throttle", fate::slow_down, too_fast},      // UnrealIRCd, InspIRCd connflood
    row{"too fast", fate::slow_down, too_fast},      // Solanum "Trying to reconnect too fast."
    row{"too many", fate::slow_down, too_many},      // connections (ngIRCd, ircu), host connections
    row{"no more connections", fate::slow_down, too_many},  // InspIRCd, Solanum
    row{"connection limit", fate::slow_down, too_many},     // Ergo "exceeded connection limit"
    row{"server is full", fate::slow_down, too_many},       // Solanum, hybrid
    row{"server full", fate::slow_down, too_many},          // InspIRCd softlimit
    row{"try again later", fate::slow_down, too_fast},
    row{"try later", fate::slow_down, too_fast},
    row{"flood", fate::slow_down, too_fast},            // "Excess Flood": the burst was too much
    row{"recvq exceeded", fate::slow_down, too_fast},   // InspIRCd's words for it
    // Whoever killed us knows why; at once would be an answer.
    row{"killed", fate::slow_down, refused},
};

bool contains_word(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         }) != text.end();
}

std::string sentence(const row* known, const std::string& reason) {
  if (!known) return "The network closed the connection: " + reason;
  if (known->code == banned) return "You are banned from this network: " + reason;
  if (known->what == fate::never) return "The network does not let you in: " + reason;
  if (known->code == refused) return "The network ended the connection: " + reason;
  return "The network wants a pause before the next attempt: " + reason;
}

}  // namespace

farewell read_farewell(std::string_view text) {
  // Only the reason: around it stands a name somebody chose, and it may be "banned".
  const std::string reason = reason_in_error(text);
  const auto it = std::find_if(rows.begin(), rows.end(), [&reason](const row& one) {
    return contains_word(reason, one.words);
  });
  const row* known = it == rows.end() ? nullptr : &*it;
  return {known ? known->what : fate::come_back,
          {known ? known->code : lost, sentence(known, reason), {}}};
}

std::string reason_in_error(std::string_view text) {
  // "Closing link: (user@host) [reason]" and "Closing Link: nick[host] (reason)"
  std::string_view inner = text;
  if (contains_word(text, "closing link") && !text.empty()) {
    const char last = text.back();
    const std::size_t from = last == ']'   ? text.rfind(" [")
                             : last == ')' ? text.find(" (")
                                           : text.npos;
    if (from != std::string_view::npos) inner = text.substr(from + 2, text.size() - from - 3);
  }
  return clean_field(inner);
}

}  // namespace halley::irc
