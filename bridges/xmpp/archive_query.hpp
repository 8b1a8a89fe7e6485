// SPDX-License-Identifier: GPL-3.0-or-later
//
// One question to an archive (XEP-0313), paged by XEP-0059, as history and healing ask it.
#pragma once

#include <cstdint>
#include <pugixml.hpp>
#include <string>

#include "bridges/xmpp/leg.hpp"

namespace halley::xmpp {

struct archive_query {
  std::string id;       // of the iq, which each item repeats: leg::next_id()
  std::string archive;  // the room; empty: our account's own
  std::string with;     // only messages to and from this person
  unix_ms start = 0;    // 0: from the beginning
  unix_ms end = 0;      // 0: to the present
  std::string after;    // the archive's ids
  std::string before;
  bool forward = false;  // oldest first; otherwise the newest page
  std::uint32_t most = 0;
};

// `then` gets the end of the page.
void ask_archive(leg& session, const archive_query& what, leg::handler then);

// One item of a page: <message><result><forwarded>.
struct archive_item {
  std::string_view query;  // empty: the message is no item
  std::string_view from;   // who sent the item
  std::string_view id;
  unix_ms at = 0;  // 0: not told
  pugi::xml_node message;
};
archive_item read_archive_item(pugi::xml_node message);

// How a page ended.
struct archive_page_end {
  bool complete = false;
  std::string last;  // id of its last item
};
archive_page_end read_archive_end(pugi::xml_node iq);

}  // namespace halley::xmpp
