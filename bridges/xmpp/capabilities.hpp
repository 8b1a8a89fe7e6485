// SPDX-License-Identifier: GPL-3.0-or-later
//
// What we say that we can do: in answers to who asks (XEP-0030), and as a hash in our presence
// (XEP-0115). Both are of one list.
#pragma once

#include "bridges/xmpp/xml_writer.hpp"

namespace halley::xmpp {

// Identity and features, into an open <query>. With an account we want the events of our own nodes.
void write_capabilities(xml_writer& query, bool has_account);
// <c/> into a presence; of somebody with an account.
void write_capabilities_hash(xml_writer& presence);

}  // namespace halley::xmpp
