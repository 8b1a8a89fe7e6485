// SPDX-License-Identifier: GPL-3.0-or-later
//
// A room's form (XEP-0045, 10.2; XEP-0004) as settings every network has, and back. Pure.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/xml_writer.hpp"
#include "gateway/chat/command.hpp"
#include "gateway/chat/event.hpp"

namespace halley::xmpp {

// `form`: the <x/> of jabber:x:data. Without what people are not shown (hidden, fixed).
std::vector<room_setting> read_room_form(pugi::xml_node form);

// What is wrong with a wish as far as the form says it; no text: nothing.
failure fault_in_setting(const setting_change& wish, const std::vector<room_setting>& form);

// The same form, filled in and changed, to be submitted; what is not changed and what is hidden goes
// back as it came. Names that are not in the form are passed over.
void write_room_form(xml_writer& out, pugi::xml_node form,
                     const std::vector<setting_change>& changes);

// Which setting the words of a refusal name by its field; empty: none.
std::string setting_in(std::string_view words, pugi::xml_node form);

}  // namespace halley::xmpp
