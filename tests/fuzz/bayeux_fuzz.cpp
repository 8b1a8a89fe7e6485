// SPDX-License-Identifier: GPL-3.0-or-later
//
// Anything a Bayeux client may send: parsing never crashes, names go there and back, and a reply to
// whatever was understood is JSON.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "gateway/dialects/bayeux_messages.hpp"
#include "gateway/dialects/bayeux_names.hpp"

using namespace halley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  network of;
  for (const network_kind kind : {network_kind::irc, network_kind::xmpp}) {
    of.kind = kind;
    of.muc_service = "rooms.example.org";
    for (const bool is_room : {true, false}) {
      const auto name = unescape_name(text, is_room, of);
      if (name && escape_name(*name, is_room, of) != text) std::abort();
    }
  }
  const auto read = parse_bayeux(text);
  if (!read) return 0;
  for (const bayeux_request& one : *read) {
    is_channel(one.channel);
    parse_address(one.channel);
    (void)one.subscriptions(256);
    (void)one.asked_timeout();
    bayeux_reply reply(one, 0);
    reply.fail(403, one.channel, one.text("error"));
    if (const auto* sync = one.extension("timesync"))
      reply.extension("timesync", print_timesync(*sync, 1, 2));
    if (nlohmann::json::parse(std::move(reply).print(), nullptr, false).is_discarded())
      std::abort();
  }
  return 0;
}
