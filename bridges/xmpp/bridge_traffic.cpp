// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where each stanza goes. Rooms take theirs unparsed: most are copies of one already decoded.
#include "bridges/xmpp/bridge.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

void xmpp_bridge::on_stream_stanza(std::string_view text, const stanza_head& head) {
  if (head.name == "message") return on_message(text, head);
  if (head.name == "presence") return on_presence(text, head);
  on_iq(text, head);
}

void xmpp_bridge::on_message(std::string_view text, const stanza_head& head) {
  if (head.type == "groupchat" || (head.type == "error" && resource(head.from).empty())) {
    if (joined_room* room = rooms_.find_of(head.from)) {
      if (!rooms_.on_groupchat(*room, text, head)) stream_.fail("tags that do not match");
      return;
    }
    if (head.type == "groupchat") return;
  }
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size(), parse_options)) {
    return stream_.fail("tags that do not match");
  }
  const pugi::xml_node message = document.document_element();
  if (const archive_item item = read_archive_item(message); !item.query.empty()) {
    if (!healing_.on_item(item)) (void)history_.on_item(item);
    return;
  }
  if (displayed_ && displayed_->on_message(message)) return;
  conversations_.on_message(message, head);
}

void xmpp_bridge::on_presence(std::string_view text, const stanza_head& head) {
  if (joined_room* room = rooms_.find_of(head.from)) {
    if (!rooms_.on_presence(*room, text, head)) stream_.fail("tags that do not match");
    return;
  }
  if (!roster_) return;
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size(), parse_options)) {
    return stream_.fail("tags that do not match");
  }
  roster_->on_presence(document.document_element());
}

void xmpp_bridge::on_iq(std::string_view text, const stanza_head& head) {
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size(), parse_options)) {
    return stream_.fail("tags that do not match");
  }
  const pugi::xml_node iq = document.document_element();
  if (head.type == "result" || head.type == "error") {
    (void)leg_.take_reply(iq.attribute("id").value(), iq.attribute("from").value(), iq);
    return;
  }
  if (head.type == "set" && roster_ && child_in(iq, "query", ns::roster) && roster_->on_push(iq)) {
    return;
  }
  queries_.answer(iq);
}

}  // namespace halley::xmpp
