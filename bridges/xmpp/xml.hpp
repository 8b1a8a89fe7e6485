// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading a parsed stanza: children by name and namespace. Prefixes are not resolved: servers write
// every payload with a default namespace of its own.
#pragma once

#include <pugixml.hpp>
#include <string_view>

namespace halley::xmpp {

inline bool is(pugi::xml_node node, std::string_view name) {
  return name == node.name();
}

inline pugi::xml_node child_in(pugi::xml_node parent, std::string_view space) {
  for (const pugi::xml_node child : parent.children()) {
    if (space == child.attribute("xmlns").value()) return child;
  }
  return {};
}

inline pugi::xml_node child_in(pugi::xml_node parent, std::string_view name,
                               std::string_view space) {
  for (const pugi::xml_node child : parent.children(name.data())) {
    if (space == child.attribute("xmlns").value()) return child;
  }
  return {};
}

// What a piece of the stream is parsed with: nothing that depends on a DTD, white space kept in
// text. The reader has already refused everything else.
inline constexpr unsigned parse_options =
    (pugi::parse_default | pugi::parse_ws_pcdata_single) & ~pugi::parse_cdata;

}  // namespace halley::xmpp
