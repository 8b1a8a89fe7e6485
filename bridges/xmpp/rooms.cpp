// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which rooms there are, leaving them, the nick. Entering: room_entering.cpp; what happens inside:
// room_traffic.cpp.
#include "bridges/xmpp/rooms.hpp"

#include <algorithm>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

constexpr steady_ms silence = 15 * 60 * 1000;  // XEP-0410, 3

}  // namespace

rooms::~rooms() {
  for (const auto& room : rooms_) {
    if (room->is_in()) room->table->leave();
  }
}

xml_writer room_presence_stanza(const leg& session, const std::string& room,
                                const std::string& nick, std::string_view id) {
  xml_writer out("presence");
  out.attribute("to", room + "/" + nick).attribute("id", id);
  if (session.is_away) {
    out.leaf("show", "away");
    if (!session.away_text.empty()) out.leaf("status", session.away_text);
  }
  return out;
}

joined_room* rooms::find(std::string_view name) {
  for (const auto& room : rooms_) {
    if (room->name() == name) return room.get();
  }
  return nullptr;
}

joined_room* rooms::find_of(std::string_view jid) {
  return find(bare(jid));
}

joined_room* rooms::find_inside(const std::string& name) {
  joined_room* room = find(name);
  if (room == nullptr) {
    if (const auto full = room_jid(name, leg_.shared().muc_service)) room = find(*full);
  }
  return room != nullptr && room->is_in() ? room : nullptr;
}

joined_room* rooms::inside(std::uint64_t n, const std::string& name) {
  if (joined_room* room = find_inside(name)) return room;
  leg_.fail(n, failure_code::not_in_room, "You are not in that room.", "room");
  return nullptr;
}

void rooms::join(std::uint64_t n, const std::string& name, const std::string& key) {
  const auto full = room_jid(name, leg_.shared().muc_service);
  if (!full) {
    const bool no_service =
        leg_.shared().muc_service.empty() && name.find('@') == std::string::npos;
    return leg_.fail(n, failure_code::bad_room,
                     no_service ? "This network has no room service of its own; give the full "
                                  "address of the room."
                                : "That is not the name of a room.",
                     "room");
  }
  joined_room* room = find(*full);
  if (room != nullptr && room->is_in()) return leg_.succeed(n);
  if (room != nullptr && room->entering && room->entering->n != 0) {
    return leg_.fail(n, failure_code::refused, "That room is being entered already.", "room");
  }
  if (room == nullptr) {
    rooms_.push_back(std::make_unique<joined_room>());
    room = rooms_.back().get();
    room->table = leg_.shared().table_of(*full);
  }
  room->key = key;
  if (!room->entering) room->entering = std::make_unique<joined_room::entry>();
  room->entering->n = n;
  if (room->at == joined_room::state::wanted && leg_.out().is_ready()) enter(*room);
}

void rooms::part(std::uint64_t n, const std::string& name, const std::string& text) {
  joined_room* room = find(name);
  if (room == nullptr) {
    if (const auto full = room_jid(name, leg_.shared().muc_service)) room = find(*full);
  }
  if (room == nullptr) {
    return leg_.fail(n, failure_code::not_in_room, "You are not in that room.", "room");
  }
  const std::string room_name = room->name();
  if (!room->is_in()) {
    if (room->entering) {
      leg_.fail(room->entering->n, failure_code::refused, "You have left the room again.", "room");
      leg_.forget(room->entering->id);
    }
    if (room->at == joined_room::state::entering) {
      xml_writer out("presence");
      out.attribute("to", room_name + "/" + room->nick).attribute("type", "unavailable");
      (void)leg_.send(std::move(out));
    }
    remove(*room);
    leg_.tell(left_event{room_name, leg_.nick, "", true, leg_.wall_now()});
    return leg_.succeed(n);
  }
  const std::string id = leg_.next_id();
  xml_writer out("presence");
  out.attribute("to", room_name + "/" + room->nick).attribute("type", "unavailable");
  out.attribute("id", id);
  if (!text.empty()) out.leaf("status", text);
  leg_.expect(id, room_name, asked::query, n, [this, n, room_name](const reply&) {
    // Left, lost, or the room does not know us: in each case we are out.
    if (joined_room* left = find(room_name)) {
      const std::string nick = left->nick;
      remove(*left);
      leg_.tell(left_event{room_name, nick, "", true, leg_.wall_now()});
    }
    leg_.succeed(n);
  });
  (void)leg_.send(std::move(out));
  if (!room->entering) room->entering = std::make_unique<joined_room::entry>();
  room->entering->id = id;
}

void rooms::change_nick(std::uint64_t n, const std::string& nick) {
  const auto prepared = prepare_nick(nick);
  if (!prepared) {
    return leg_.fail(n, failure_code::bad_nick, "The network does not allow that nick.", "nick");
  }
  if (nick_n_ != 0) {
    return leg_.fail(n, failure_code::refused, "Another nick is being asked for.", "nick");
  }
  nick_open_ = 0;
  for (const auto& room : rooms_) {
    if (!room->is_in()) {
      room->nick = *prepared;
      continue;
    }
    if (room->nick == *prepared) continue;
    const std::string id = leg_.next_id();
    leg_.expect(id, room->name(), asked::nick, 0, [this, n](const reply& answer) {
      on_nick_answer(n, answer.ok ? nullptr : &answer.why);
    });
    if (!room->entering) room->entering = std::make_unique<joined_room::entry>();
    room->entering->id = id;
    ++nick_open_;
    (void)leg_.send(room_presence_stanza(leg_, room->name(), *prepared, id));
  }
  if (nick_open_ > 0) {
    nick_n_ = n;
    leg_.nick = *prepared;
    return;
  }
  if (leg_.nick != *prepared) {
    leg_.tell(nick_event{"", leg_.nick, *prepared, true, leg_.wall_now()});
    leg_.nick = *prepared;
  }
  leg_.succeed(n);
}

// The command has worked when every room agreed; the first refusal is its answer.
void rooms::on_nick_answer(std::uint64_t n, const failure* why) {
  if (nick_open_ > 0) --nick_open_;
  if (nick_n_ != n) return;
  if (why != nullptr) {
    nick_n_ = 0;
    for (const auto& room : rooms_) {
      if (room->is_in()) leg_.nick = room->nick;
    }
    failure told = *why;
    told.field = "nick";
    return leg_.fail(n, std::move(told));
  }
  if (nick_open_ > 0) return;
  nick_n_ = 0;
  leg_.succeed(n);
}

void rooms::announce_presence() {
  for (const auto& room : rooms_) {
    if (room->is_in()) (void)leg_.send(room_presence_stanza(leg_, room->name(), room->nick, {}));
  }
}

void rooms::describe(std::vector<event_ptr>& into) const {
  for (const auto& room : rooms_) {
    if (!room->is_in()) continue;
    joined_event joined;
    joined.room = room->name();
    joined.from = room->nick;
    joined.self = true;
    joined.roles = room->roles;
    joined.account = leg_.account;
    into.push_back(share(event(std::move(joined))));
    if (topic_event topic = room->table->topic(); !topic.room.empty()) {
      topic.initial = true;
      into.push_back(share(event(std::move(topic))));
    }
    for (event_ptr& part : room->table->describe(room->nick)) into.push_back(std::move(part));
    if (event_ptr features = features_of(*room)) into.push_back(std::move(features));
  }
}

history_mark rooms::mark_of(const joined_room& room) const {
  if (room.last_line) {
    const auto& said = std::get<said_event>(room.last_line->value());
    return {said.id, said.at};
  }
  return {"", leg_.wall_now() - (leg_.now() - room.heard_at)};
}

void rooms::remember_line(joined_room& room, const event_ptr& line) {
  if (std::holds_alternative<said_event>(line->value())) room.last_line = line;
}

// Out without having wanted to be.
void rooms::forget_position(joined_room& room) {
  room.table->leave();
  if (room.healing && room.healing->is_log) {
    leg_.tell(healed_event{room.name(), false, room.healing->count});
  }
  room.healing = std::make_unique<room_healing>();
  room.healing->from = mark_of(room);
  room.healing->nick = room.nick;
}

void rooms::on_resumed() {
  for (const auto& room : rooms_) {
    if (!room->is_in()) continue;
    room->seen = room->table->present();
    for (const event_ptr& part : room->table->describe(room->nick)) leg_.tell(part);
  }
}

void rooms::on_lost() {
  nick_n_ = 0;
  nick_open_ = 0;
  for (const auto& room : rooms_) {
    if (room->is_in()) forget_position(*room);
    room->at = joined_room::state::wanted;
    const std::uint64_t n = room->entering ? room->entering->n : 0;
    room->entering.reset();
    if (n != 0) {  // stays wanted: it was asked for, and will be tried again
      room->entering = std::make_unique<joined_room::entry>();
      room->entering->n = n;
    }
  }
}

void rooms::check_silent() {
  enter_wanted();
  for (const auto& room : rooms_) {
    if (!room->is_in() || leg_.now() - room->heard_at < silence) continue;
    room->heard_at = leg_.now();
    check(*room, nullptr);
  }
}

void rooms::check(joined_room& room, std::function<void()> still_in) {
  std::string id;
  const std::string me = room.name() + "/" + room.nick;
  xml_writer out = leg_.iq("get", me, id);
  out.open("ping", ns::ping);
  leg_.ask(std::move(out), id, me, asked::query,
           [this, name = room.name(), still_in = std::move(still_in)](const reply& answer) {
             joined_room* checked = find(name);
             if (checked == nullptr || !checked->is_in()) return;
             // XEP-0410, 3: only this condition means that the room has forgotten us.
             if (answer.condition != "not-acceptable") {
               if (still_in) still_in();
               return;
             }
             forget_position(*checked);
             checked->entering.reset();
             enter(*checked);
           });
}

void rooms::remove(joined_room& room) {
  if (room.is_in()) room.table->leave();
  healing_.abandon(room);
  std::erase_if(rooms_, [&room](const auto& one) { return one.get() == &room; });
}

}  // namespace halley::xmpp
