// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a hostile server may send: any bytes, cut anywhere, taken apart and translated.
#include <cstdint>
#include <cstdlib>

#include "bridges/irc/message.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/registration.hpp"
#include "bridges/irc/translate.hpp"

using namespace halley;
using namespace halley::irc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  isupport names;
  network config;
  visitor who;
  who.nick = "alice";
  registration login(config, who, who.nick);
  auto outcome = registration::outcome::going_on;
  line_splitter splitter;
  const auto take = [&](std::string_view line) {
    message parsed;
    if (!parse_message(line, parsed)) return true;
    if (parsed.numeric() == 5) names.take(parsed);
    const word what = word_of(parsed.command);
    if (is_complete(what, parsed)) (void)translate(what, parsed, names, 0);
    (void)goes_to_many(what, parsed, names);
    (void)failure_of(parsed);
    std::string out;
    if (outcome == registration::outcome::going_on) outcome = login.take(parsed, out);
    // One choke point: whatever a server says, we answer in whole lines.
    if (!out.empty() && !out.ends_with("\r\n")) std::abort();
    if (out.find('\0') != std::string::npos) std::abort();
    return true;
  };
  const std::size_t cut = size / 3;
  if (splitter.feed(bytes.substr(0, cut), take)) splitter.feed(bytes.substr(cut), take);
  return 0;
}
