// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a server refuses, as failures a person understands. The one place where XMPP conditions
// (RFC 6120, 4.9.3, 6.5, 8.3.3; XEP-0045, 7.2) become failure codes and sentences.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "gateway/chat/failure.hpp"

namespace halley::xmpp {

// What was asked when the error came: the same condition means different things.
enum class asked {
  nothing,
  join,
  nick,
  speak,
  moderate,
  take_away,
  topic,
  invite,
  query,
  contact,
  history,
  account,
  settings
};

// `stanza` is a stanza of type error.
failure read_stanza_error(pugi::xml_node stanza, asked what);
failure stanza_failure(std::string_view condition, std::string_view text, asked what);

// A stream or SASL failure; `final`: trying again would be wrong.
struct stream_failure {
  failure why;
  bool final = false;
  std::string elsewhere{};  // the server named another address ("host:port"): to be tried next
};
stream_failure read_stream_error(pugi::xml_node error);
stream_failure read_sasl_failure(pugi::xml_node failure_element, bool guest);

}  // namespace halley::xmpp
