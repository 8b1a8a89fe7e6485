// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/roster.hpp"

#include <algorithm>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

void roster::fetch() {
  std::string id;
  xml_writer out = leg_.iq("get", "", id);
  out.open("query", ns::roster);
  leg_.ask(std::move(out), id, "", asked::contact, [this](const reply& answer) {
    if (!answer.ok) return;
    contacts_.clear();
    for (const pugi::xml_node item : answer.stanza.child("query").children("item")) {
      apply(item);
    }
  });
}

void roster::begin_telling() {
  telling_ = true;
  for (const auto& [jid, who] : contacts_) tell(event_of(jid, who));
}

void roster::tell(presence_event what) {
  if (telling_) leg_.tell(event(std::move(what)));
}

presence_event roster::event_of(const std::string& jid, const contact& who) const {
  presence_event told;
  told.from = jid;
  told.contact = true;
  told.away = who.there.empty() || who.away ? 1 : 0;
  told.text = who.status;
  told.real_name = who.name;
  told.subscription = who.asks ? "ask" : who.subscription;
  return told;
}

void roster::apply(pugi::xml_node item) {
  const auto jid = prepare_jid(item.attribute("jid").value());
  if (!jid) return;
  const std::string_view subscription = item.attribute("subscription").value();
  if (subscription == "remove") {
    contacts_.erase(*jid);
    presence_event told;
    told.from = *jid;
    told.contact = true;
    told.subscription = "removed";
    return tell(std::move(told));
  }
  if (contacts_.size() >= most && contacts_.find(*jid) == contacts_.end()) return;
  contact& who = contacts_[*jid];
  who.name = unstyled(item.attribute("name").value()).text;
  who.subscription = subscription.empty() ? "none" : subscription;
  if (who.subscription == "from" || who.subscription == "both") who.asks = false;
  tell(event_of(*jid, who));
}

// RFC 6121, 2.1.6: only our own account's server may push.
bool roster::on_push(pugi::xml_node iq) {
  const std::string_view from = iq.attribute("from").value();
  if (!from.empty() && from != bare(leg_.jid)) return false;
  for (const pugi::xml_node item : iq.child("query").children("item")) apply(item);
  xml_writer out("iq");
  out.attribute("type", "result").attribute("id", iq.attribute("id").value());
  (void)leg_.send(std::move(out));
  return true;
}

void roster::on_presence(pugi::xml_node presence) {
  const std::string_view from = presence.attribute("from").value();
  const std::string jid(bare(from));
  const std::string_view type = presence.attribute("type").value();
  if (jid == bare(leg_.jid) || type == "error" || jid.empty()) return;
  if (type == "subscribe") {
    if (contacts_.size() >= most && contacts_.find(jid) == contacts_.end()) return;
    contact& who = contacts_[jid];
    who.asks = true;
    presence_event told = event_of(jid, who);
    told.text = unstyled(presence.child_value("status")).text;
    return tell(std::move(told));
  }
  // The server pushes the roster item that goes with these.
  if (!type.empty() && type != "unavailable") return;
  const auto it = contacts_.find(jid);
  if (it == contacts_.end()) return;
  contact& who = it->second;
  const std::string device(resource(from));
  std::erase(who.there, device);
  if (type.empty() && who.there.size() < 16) who.there.push_back(device);
  const std::string_view show = presence.child_value("show");
  who.away = show == "away" || show == "xa" || show == "dnd";
  who.status = unstyled(presence.child_value("status")).text;
  tell(event_of(jid, who));
}

void roster::describe(std::vector<event_ptr>& into) const {
  for (const auto& [jid, who] : contacts_) into.push_back(share(event(event_of(jid, who))));
}

void roster::on_lost() {
  telling_ = false;
  for (auto& [jid, who] : contacts_) who.there.clear();
}

void roster::send_subscription(const std::string& to, const char* type) {
  xml_writer out("presence");
  out.attribute("to", to).attribute("type", type);
  (void)leg_.send(std::move(out));
}

void roster::submit(std::uint64_t n, const contacts_command& what) {
  if (what.verb == contact_verb::list) {
    return leg_.later([this, n] {
      for (const auto& [jid, who] : contacts_) leg_.tell(event(event_of(jid, who)));
      leg_.succeed(n);
    });
  }
  const auto jid = prepare_bare_jid(what.who);
  if (!jid || local(*jid).empty()) {
    return leg_.fail(n, failure_code::bad_field, "That is not the address of a person.", "who");
  }
  if (what.verb == contact_verb::accept || what.verb == contact_verb::refuse) {
    const bool accept = what.verb == contact_verb::accept;
    send_subscription(*jid, accept ? "subscribed" : "unsubscribed");
    const auto it = contacts_.find(*jid);
    if (it != contacts_.end()) it->second.asks = false;
    if (accept && (it == contacts_.end() ||
                   (it->second.subscription != "to" && it->second.subscription != "both"))) {
      send_subscription(*jid, "subscribe");  // seeing each other is what people mean
    }
    return leg_.succeed(n);
  }
  const bool add = what.verb == contact_verb::add;
  std::string id;
  xml_writer out = leg_.iq("set", "", id);
  out.open("query", ns::roster).open("item").attribute("jid", *jid);
  if (!add) out.attribute("subscription", "remove");
  leg_.ask(std::move(out), id, "", asked::contact, [this, n, add, jid = *jid](const reply& answer) {
    if (!answer.ok) return leg_.fail(n, answer.why);
    if (add) send_subscription(jid, "subscribe");
    leg_.succeed(n);
  });
}

}  // namespace halley::xmpp
