// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entering a room (XEP-0045, 7.2): its features are asked for, our presence is sent, everybody's
// presence comes, ours last; then history, the subject last of all.
#include <algorithm>

#include "bridges/xmpp/displayed.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/chat/features.hpp"

namespace halley::xmpp {

namespace {

constexpr int most_nick_tries = 5;
constexpr unix_ms clocks_differ = 1000;        // so that the line known last comes again
constexpr const char* history_on_join = "20";  // a screenful; more by the history command

}  // namespace

void rooms::enter_wanted() {
  for (std::size_t i = 0; i < rooms_.size(); ++i) {
    if (rooms_[i]->at == joined_room::state::wanted) enter(*rooms_[i]);
  }
}

void rooms::enter(joined_room& room) {
  if (!room.entering) room.entering = std::make_unique<joined_room::entry>();
  joined_room::entry& entry = *room.entering;
  entry.people.clear();
  entry.history.clear();
  entry.id = leg_.next_id();
  // After a loss the nick first wanted is tried again: the ghost that held it may be gone.
  if (entry.wish.empty()) room.nick = entry.wish = leg_.nick;
  room.at = joined_room::state::entering;
  ask_features(room, false);
  xml_writer out = room_presence_stanza(leg_, room.name(), room.nick, entry.id);
  out.open("x", ns::muc);
  if (!room.key.empty()) out.leaf("password", room.key);
  out.open("history");
  if (!room.healing) {
    out.attribute("maxstanzas", history_on_join);
  } else if (room.table->has_archive) {
    out.attribute("maxstanzas", "0");  // the archive tells it
  } else {
    out.attribute("since", print_iso_time(room.healing->from.at - clocks_differ));
  }
  leg_.expect(entry.id, room.name(), asked::join, entry.n,
              [this, name = room.name()](const reply& answer) { on_refused(name, answer); });
  (void)leg_.send(std::move(out));
}

// Room features decide which ids are genuine, so they are asked before the first message comes.
// Once for all sessions of the shard.
void rooms::ask_features(joined_room& room, bool again) {
  room_table& table = *room.table;
  if (table.features == room_table::knowledge::known) return;
  if (table.features == room_table::knowledge::asked && !again) return;
  table.features = room_table::knowledge::asked;
  std::string id;
  xml_writer out = leg_.iq("get", table.name(), id);
  out.open("query", ns::disco_info);
  std::weak_ptr<room_table> weak = room.table;
  leg_.ask(std::move(out), id, table.name(), asked::query, [this, weak](const reply& answer) {
    const auto known = weak.lock();
    if (!known) return;
    if (!answer.ok) {
      // Lost with the stream of the session that asked: another one shall ask.
      const bool refused = answer.why.code != failure_code::lost;
      return known->end_asking(room_table::knowledge::none, refused);
    }
    const pugi::xml_node query = answer.stanza.child("query");
    for (const pugi::xml_node feature : query.children("feature")) {
      const std::string_view name = feature.attribute("var").value();
      if (name == ns::mam) known->has_archive = true;
      if (name == ns::stanza_id) known->has_stanza_ids = true;
      if (name == "muc_nonanonymous") known->shows_addresses = true;
      if (name == ns::moderate) known->moderation = ns::moderate;
      if (name == ns::moderate_0 && !known->moderation) known->moderation = ns::moderate_0;
    }
    known->title = query.child("identity").attribute("name").value();
    leg_.shared().rooms_have_archive = known->has_archive;
    known->end_asking(room_table::knowledge::known, false);
  });
}

// What the room can do, and what only its owners can; null: nothing but what all rooms can.
event_ptr rooms::features_of(const joined_room& room) const {
  const event_ptr shared = room.table->own_features();
  if (!room.roles.has(role::owner)) return shared;
  room_features_event own{room.name(), {}};
  if (shared) own = std::get<room_features_event>(shared->value());
  own.features.emplace_back(feature::settings);
  return share(event(std::move(own)));
}

// As soon as they are known: whoever of the shard's sessions asked for them.
void rooms::tell_features(joined_room& room) {
  if (room.table->features == room_table::knowledge::known) {
    if (const event_ptr features = features_of(room)) leg_.tell(features);
    return;
  }
  ask_features(room, false);
  room.table->when_answered(leg_.while_alive([this, name = room.name()] {
    joined_room* still = find(name);
    if (still != nullptr && still->is_in()) tell_features(*still);
  }));
}

void rooms::on_refused(const std::string& name, const reply& answer) {
  joined_room* room = find(name);
  if (room == nullptr || room->at != joined_room::state::entering) return;
  if (!answer.stanza && answer.why.code == failure_code::lost) return;  // on_lost() decides
  if (answer.why.code == failure_code::nick_in_use && room->entering->tries < most_nick_tries) {
    ++room->entering->tries;
    room->nick += '_';
    return enter(*room);
  }
  if (!answer.stanza) {  // an answer that comes later must find nobody waiting for it
    xml_writer out("presence");
    out.attribute("to", room->name() + "/" + room->nick).attribute("type", "unavailable");
    (void)leg_.send(std::move(out));
  }
  const std::uint64_t n = room->entering->n;
  failure why = answer.why;
  if (why.field.empty()) {
    why.field = why.code == failure_code::nick_in_use || why.code == failure_code::bad_nick ? "nick"
                : why.code == failure_code::room_key                                        ? "key"
                                                     : "room";
  }
  const std::string room_name = room->name();
  remove(*room);
  if (n != 0) return leg_.fail(n, std::move(why));
  leg_.tell(error_event{room_name, std::move(why)});
}

void rooms::on_entered(joined_room& room, room_presence own) {
  joined_room::entry& entry = *room.entering;
  leg_.forget(entry.id);
  entry.id.clear();
  room.nick = own.nick;
  room.roles = own.roles;
  room.at = joined_room::state::catching_up;
  room.heard_at = leg_.now();
  room.seen = room.table->enter(entry.people, own, leg_.wall_now(), leg_.now());
  joined_event joined;
  joined.room = room.name();
  joined.from = room.nick;
  joined.self = true;
  joined.roles = room.roles;
  joined.account = leg_.account;
  joined.at = leg_.wall_now();
  leg_.tell(event(std::move(joined)));

  entry.people.push_back(std::move(own));
  for (std::size_t at = 0; at < entry.people.size(); at += members_event::part_size) {
    members_event part;
    part.room = room.name();
    part.first = at == 0;
    const std::size_t end = std::min(at + members_event::part_size, entry.people.size());
    part.last = end == entry.people.size();
    for (std::size_t i = at; i < end; ++i) {
      const room_presence& one = entry.people[i];
      part.members.push_back({one.nick, one.roles, one.away, one.nick == room.nick,
                              room.table->shows_addresses ? one.jid : std::string()});
    }
    leg_.tell(event(std::move(part)));
  }
  const bool created = entry.people.back().created;
  std::vector<room_presence>().swap(entry.people);  // "= {}" would keep the memory
  const std::uint64_t n = std::exchange(entry.n, 0);
  leg_.succeed(n);
  if (room.healing) healing_.begin(room);
  if (created) accept_default_settings(room);
  ask_features(room, created);
  tell_features(room);
  if (read != nullptr) read->on_entered(room.name());
}

// XEP-0045, 10.1.2: a new room is locked until its maker accepts the settings.
void rooms::accept_default_settings(const joined_room& room) {
  std::string id;
  xml_writer out = leg_.iq("set", room.name(), id);
  out.open("query", ns::muc_owner).open("x", ns::data_form).attribute("type", "submit");
  leg_.ask(std::move(out), id, room.name(), asked::moderate, nullptr);
}

}  // namespace halley::xmpp
