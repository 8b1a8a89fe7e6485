// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/displayed.hpp"

#include <cstdint>

#include "bridges/xmpp/decode.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"

namespace halley::xmpp {

namespace {

// XEP-0490, 4.1: for each of our devices and for nobody else, and the last one of every room.
constexpr struct {
  const char* name;
  const char* value;
} node_options[] = {
    {"pubsub#persist_items", "true"},
    {"pubsub#max_items", "max"},
    {"pubsub#send_last_published_item", "never"},
    {"pubsub#access_model", "whitelist"},
};

void write_options(xml_writer& out) {
  out.open("publish-options").open("x", ns::data_form).attribute("type", "submit");
  out.open("field").attribute("var", "FORM_TYPE").attribute("type", "hidden");
  out.leaf("value", ns::publish_options).close();
  for (const auto& one : node_options)
    out.open("field").attribute("var", one.name).leaf("value", one.value).close();
  out.close().close();
}

}  // namespace

displayed::displayed(leg& session, rooms& around)
    : leg_(session), rooms_(around), timer_(on_expiry<&displayed::on_turn>, this) {
  rooms_.read = this;
}

void displayed::fetch() {
  arm();
  std::string id;
  xml_writer out = leg_.iq("get", "", id);
  out.open("pubsub", ns::pubsub).open("items").attribute("node", ns::displayed);
  leg_.ask(std::move(out), id, "", asked::query, [this](const reply& answer) {
    // Nothing was ever read: then there is no such node.
    if (!answer.ok) return;
    for (const pugi::xml_node item : answer.stanza.child("pubsub").child("items").children("item"))
      take(item);
  });
}

void displayed::submit(std::uint64_t n, const mark_read_command& what) {
  const joined_room* room = rooms_.find_inside(what.to);
  if (room == nullptr || what.id.empty() || !room->table->has_stanza_ids) {
    return leg_.fail(n, failure_code::not_supported,
                     "What has been read is kept of rooms that number their messages.");
  }
  if (auto mark = pacing_.take({room->name(), what.id, what.at}, leg_.now())) publish(*mark);
  arm();
  leg_.succeed(n);
}

// XEP-0060, 4.3: events of our own nodes come from our own account (XEP-0163).
bool displayed::on_message(pugi::xml_node message) {
  const pugi::xml_node items = child_in(message, "event", ns::pubsub_event).child("items");
  if (!items || items.attribute("node").value() != std::string_view(ns::displayed)) return false;
  if (message.attribute("from").value() != bare(leg_.jid)) return true;
  for (const pugi::xml_node item : items.children("item")) take(item);
  return true;
}

void displayed::take(pugi::xml_node item) {
  const std::string room = item.attribute("id").value();
  const pugi::xml_node mark = child_in(item, "displayed", ns::displayed);
  const std::string_view id = stanza_id_by(mark, room);
  if (room.empty() || id.empty()) return;
  auto known = known_.find(room);
  if (known == known_.end()) {
    if (known_.size() >= most_known) return;
    known = known_.emplace(room, std::string()).first;
  }
  if (known->second == id) return;  // our own word
  known->second = id;
  if (rooms_.find_inside(room) != nullptr) tell(room, known->second);
}

void displayed::tell(const std::string& room, const std::string& id) {
  leg_.tell(event(read_marker_event{{room, true}, id, 0}));
}

void displayed::on_entered(const std::string& room) {
  const auto known = known_.find(room);
  if (known != known_.end()) tell(room, known->second);
}

void displayed::describe(std::vector<event_ptr>& into) const {
  for (const auto& [room, id] : known_)
    if (rooms_.find_inside(room) != nullptr)
      into.push_back(share(event(read_marker_event{{room, true}, id, 0})));
}

void displayed::publish(const mark_pacing::mark& what) {
  known_[what.to] = what.id;
  std::string id;
  xml_writer out = leg_.iq("set", "", id);
  out.open("pubsub", ns::pubsub).open("publish").attribute("node", ns::displayed);
  out.open("item").attribute("id", what.to).open("displayed", ns::displayed);
  out.open("stanza-id", ns::stanza_id).attribute("id", what.id).attribute("by", what.to).close();
  out.close().close().close();
  write_options(out);
  (void)leg_.send(std::move(out));
}

void displayed::tell_last() {
  while (const auto mark = pacing_.take_any()) publish(*mark);
}

void displayed::on_turn() {
  while (const auto mark = pacing_.due(leg_.now())) publish(*mark);
  arm();
}

void displayed::arm() {
  const steady_ms next = pacing_.next_turn();
  // Without a stream it waits for the next one.
  if (next == INT64_MAX || !leg_.out().is_ready()) return timer_.cancel();
  timer_.arm(leg_.loop().timers(), next);
}

}  // namespace halley::xmpp
