// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message stanzas as events. Pure: a stanza, where it belongs and the time in, an event out.
// Nothing here knows who reads it: `self` and `echo_of` are set by the session.
#pragma once

#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "bridges/xmpp/room_table.hpp"
#include "gateway/chat/event.hpp"

namespace halley::xmpp {

struct decoded_message {
  enum class kind : std::uint8_t {
    nothing,  // nothing a person would see
    live,
    delayed,  // an old message: history
    topic
  };
  kind what = kind::nothing;
  std::optional<event> told;
};

struct message_origin {
  place where;
  std::string from;  // the name its reader knows the sender by
  unix_ms now = 0;
  room_table* room = nullptr;   // whose ids are kept; null outside rooms
  std::string_view archive_id;  // the id an archive gave it, which is the one to use
};

// A groupchat, chat or normal message that is not an error.
decoded_message decode_message(pugi::xml_node message, const message_origin& origin);

// When it was sent (XEP-0203), if it was delayed.
std::optional<unix_ms> read_delay(pugi::xml_node parent);
// The id `by` gave the message (XEP-0359); empty if none.
std::string_view stanza_id_by(pugi::xml_node message, std::string_view by);

}  // namespace halley::xmpp
