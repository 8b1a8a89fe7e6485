// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/healing.hpp"

#include <algorithm>

#include "bridges/xmpp/conversations.hpp"
#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/rooms.hpp"

namespace halley::xmpp {

namespace {

constexpr std::uint32_t page_size = 100;
constexpr std::uint32_t most_lines = 5000;  // replayed for one room
constexpr std::size_t most_held = 2000;
constexpr unix_ms clocks_differ = 2000;  // between us and the server, where only a time is known

gap_event gap_of(const std::string& room, const history_mark& from, unix_ms now) {
  gap_event gap;
  gap.room = room;
  gap.reason = "network";
  gap.from_at = from.at;
  gap.to_at = now;
  gap.healing = true;
  return gap;
}

bool is_lost(const reply& answer) {
  return !answer.ok && !answer.stanza && answer.why.code == failure_code::lost;
}

}  // namespace

void healing::begin(joined_room& room) {
  if (!room.table->has_archive || room.healing->at == room_healing::state::asking) return;
  room.healing->was_told = true;
  leg_.tell(event(gap_of(room.name(), room.healing->from, leg_.wall_now())));
  ask(room, room.healing->from.id);
}

bool healing::heal_since(unix_ms since) {
  bool any = false;
  for (const auto& room : rooms_.all()) {
    if (!room->is_in() || !room->table->has_archive) continue;
    if (!room->healing) room->healing = std::make_unique<room_healing>();
    room->healing->from = {"", since};
    room->healing->nick = room->nick;
    room->healing->is_log = room->healing->was_told = true;
    ask(*room, "");
    any = true;
  }
  return any;
}

void healing::ask(joined_room& room, std::string after) {
  room_healing& heal = *room.healing;
  archive_query what;
  what.id = heal.query = leg_.next_id();
  what.archive = room.name();
  if (heal.from.id.empty() || heal.by_time) what.start = heal.from.at - clocks_differ;
  what.after = std::move(after);
  what.forward = true;
  what.most = page_size;
  heal.at = room_healing::state::asking;
  ask_archive(leg_, what, [this, name = room.name(), id = what.id](const reply& answer) {
    on_page(name, id, answer);
  });
}

void healing::on_page(const std::string& name, const std::string& query, const reply& answer) {
  joined_room* room = rooms_.find(name);
  if (room == nullptr || !room->healing || room->healing->query != query) return;
  room_healing& heal = *room->healing;
  heal.query.clear();
  if (is_lost(answer)) {  // with the stream: asked again when the room is entered again
    heal.at = room_healing::state::out;
    return;
  }
  if (!answer.ok) {
    const bool forgotten = answer.condition == "item-not-found" && !heal.from.id.empty();
    if (!forgotten || heal.by_time) return finish(*room, false);
    heal.by_time = true;
    return ask(*room, "");
  }
  const archive_page_end end = read_archive_end(answer.stanza);
  if (end.complete) return finish(*room, true);
  if (heal.count >= most_lines || end.last.empty()) return finish(*room, false);
  ask(*room, end.last);
}

bool healing::on_item(const archive_item& item) {
  if (talks_ && item.query == talks_->query) {
    const bool ours = item.from.empty() || item.from == bare(leg_.jid);
    if (ours && item.id != talks_->from.id && conversations_.replay(item)) ++talks_->count;
    return true;
  }
  for (const auto& room : rooms_.all()) {
    if (!room->healing || room->healing->query != item.query) continue;
    if (item.from == room->name()) replay(*room, item);
    return true;
  }
  return false;
}

// Asked by time, the archive gives again what was told before the loss.
bool healing::is_known(const room_healing& heal, const archive_item& item) const {
  if (heal.from.id.empty()) return false;
  return item.id == heal.from.id || (heal.by_time && item.at != 0 && item.at < heal.from.at);
}

void healing::replay(joined_room& room, const archive_item& item) {
  room_healing& heal = *room.healing;
  if (!item.message || is_known(heal, item)) return;
  if (!heal.told.insert(std::string(item.id)).second) return;
  message_origin origin;
  origin.where = {room.name(), true};
  origin.from = resource(item.message.attribute("from").value());
  origin.now = item.at;
  origin.room = room.table.get();
  origin.archive_id = item.id;
  decoded_message decoded = decode_message(item.message, origin);
  if (!decoded.told || decoded.what == decoded_message::kind::topic) return;
  const std::string id = item.message.attribute("id").value();
  const bool may_be_own = origin.from == heal.nick || origin.from == room.nick;
  const std::uint64_t n = may_be_own ? leg_.take_echo(id, item.message) : 0;
  const bool has_come = n == 0 && leg_.is_own_id(id) && !leg_.was_given_up(id);
  if (may_be_own && has_come && !heal.is_log) return;
  const bool own = may_be_own && (n != 0 || leg_.is_own_id(id) || !leg_.account.empty());
  event told = std::move(*decoded.told);
  mark_own(told, own, n);
  if (auto* said = std::get_if<said_event>(&told)) {
    if (item.at != 0) said->at = item.at;
    said->replayed = true;
    ++heal.count;
    room.table->remember_replayed(id, said->id, said->from);
  }
  const event_ptr line = share(std::move(told));
  if (!heal.is_log) rooms_.remember_line(room, line);
  leg_.tell(line);
  if (n != 0) leg_.succeed(n, std::string(item.id));
}

bool healing::hold(joined_room& room, const event_ptr& line, std::string id, bool own) {
  if (!room.healing) return false;
  if (std::holds_alternative<typing_event>(line->value())) return true;
  if (room.healing->held.size() >= most_held) {
    finish(room, false);
    return false;
  }
  room.healing->held.push_back({line, std::move(id), own});
  return true;
}

void healing::finish(joined_room& room, bool complete) {
  const std::unique_ptr<room_healing> heal = std::move(room.healing);
  const std::string name = room.name();
  if (heal->was_told || heal->count > 0) leg_.tell(healed_event{name, complete, heal->count});
  for (const held_line& one : heal->held) {
    const auto* said = std::get_if<said_event>(&one.line->value());
    if (said != nullptr && heal->told.contains(said->id)) continue;
    rooms_.tell_now(room, one.line, one.id, one.own);
  }
  // Whoever has his nick again knows that his old stream says nothing any more. An account's old
  // stream has ended with the new one, which took its address.
  settle_doubts(name, complete, !leg_.account.empty() || room.nick == heal->nick);
}

void healing::settle_doubts(const std::string& to, bool complete, bool may_repeat) {
  for (const leg::doubt& one : leg_.doubts(to)) {
    if (complete && may_repeat && one.may_be_repeated) {
      leg_.repeat(one.id);
      continue;
    }
    leg_.give_up(one.id, {failure_code::lost,
                          complete ? "The connection was lost before that arrived."
                                   : "The connection was lost; whether that arrived is not known.",
                          ""});
  }
}

void healing::use_history(joined_room& room, const std::vector<event_ptr>& lines) {
  room_healing& heal = *room.healing;
  // Only a line that both sides know shows that nothing lies between them.
  const auto known = std::find_if(lines.begin(), lines.end(), [&heal](const event_ptr& line) {
    const auto* said = std::get_if<said_event>(&line->value());
    return said != nullptr && !heal.from.id.empty() && said->id == heal.from.id;
  });
  const bool complete = known != lines.end();
  std::size_t first = complete ? static_cast<std::size_t>(known - lines.begin()) + 1 : 0;
  heal.was_told = first < lines.size();
  if (!complete || heal.was_told) {
    gap_event gap = gap_of(room.name(), heal.from, leg_.wall_now());
    gap.healing = heal.was_told;
    leg_.tell(event(std::move(gap)));
  }
  for (; first < lines.size(); ++first) {
    const auto* said = std::get_if<said_event>(&lines[first]->value());
    if (said == nullptr) {
      leg_.tell(lines[first]);
      continue;
    }
    if (!complete && !heal.from.id.empty() && said->at < heal.from.at) continue;
    if (!heal.told.insert(said->id).second) continue;
    const bool may_be_own = said->from == heal.nick || said->from == room.nick;
    const std::uint64_t n = may_be_own ? leg_.take_echo(said->origin_id, {}) : 0;
    event told = *said;
    mark_own(told, may_be_own && (n != 0 || leg_.is_own_id(said->origin_id)), n);
    std::get<said_event>(told).replayed = true;
    ++heal.count;
    const event_ptr line = share(std::move(told));
    rooms_.remember_line(room, line);
    leg_.tell(line);
    if (n != 0) leg_.succeed(n, said->id);
  }
  finish(room, complete);
}

void healing::abandon(joined_room& room) {
  room.healing.reset();
  leg_.give_up_all(room.name(), {failure_code::lost,
                                 "The connection was lost; whether that arrived is not known.", ""});
}

// Nothing came back, and no error either. Either we are in the room no longer, which asking ourselves
// shows (XEP-0410), or only the copy was lost, which the archive shows.
void healing::on_overdue(const std::string& name) {
  joined_room* room = rooms_.find(name);
  if (room == nullptr || !room->is_in()) return;
  if (room->healing) return;  // its end settles this, too
  rooms_.check(*room, [this, name] {
    joined_room* still = rooms_.find(name);
    if (still == nullptr || !still->is_in() || still->healing) return;
    if (!still->table->has_archive) return settle_doubts(name, false, false);
    still->healing = std::make_unique<room_healing>();
    still->healing->from = rooms_.mark_of(*still);
    still->healing->nick = still->nick;
    ask(*still, still->healing->from.id);
  });
}

// --- conversations ------------------------------------------------------------------------------

void healing::heal_conversations(const history_mark& from) {
  talks_ = std::make_unique<room_healing>();
  talks_->from = from;
  leg_.tell(event(gap_of("", from, leg_.wall_now())));
  ask_conversations(from.id);
}

void healing::ask_conversations(std::string after) {
  archive_query what;
  what.id = talks_->query = leg_.next_id();
  if (talks_->from.id.empty() || talks_->by_time) what.start = talks_->from.at - clocks_differ;
  what.after = std::move(after);
  what.forward = true;
  what.most = page_size;
  ask_archive(leg_, what, [this, id = what.id](const reply& answer) {
    if (talks_ && talks_->query == id) on_conversations_page(answer);
  });
}

void healing::on_conversations_page(const reply& answer) {
  talks_->query.clear();
  if (is_lost(answer)) return talks_.reset();  // conversations keep the mark until it is healed
  if (!answer.ok) {
    if (answer.condition != "item-not-found" || talks_->from.id.empty() || talks_->by_time) {
      return finish_conversations(false);
    }
    talks_->by_time = true;
    return ask_conversations("");
  }
  const archive_page_end end = read_archive_end(answer.stanza);
  if (end.complete) return finish_conversations(true);
  if (talks_->count >= most_lines || end.last.empty()) return finish_conversations(false);
  ask_conversations(end.last);
}

void healing::finish_conversations(bool complete) {
  const std::unique_ptr<room_healing> heal = std::move(talks_);
  conversations_.on_healed();
  leg_.tell(healed_event{"", complete, heal->count});
  settle_doubts("", complete, true);
}

}  // namespace halley::xmpp
