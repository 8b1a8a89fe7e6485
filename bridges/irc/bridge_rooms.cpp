// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rooms I sit in: coming and going, and what the leader of a room writes into its shared table.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {

irc_bridge::own_room* irc_bridge::find_room(std::string_view name) {
  if (!profile_) return nullptr;
  for (own_room& one : rooms_)
    if (names().same(one.name, name)) return &one;
  return nullptr;
}

bool irc_bridge::is_in(std::string_view room) {
  const own_room* one = find_room(room);
  return one && one->table;
}

void irc_bridge::take_join(const message& line) {
  const std::string name = clean_field(line.param(0));
  if (const std::size_t size = line.user_at_host().size(); size > 0 && size < 65536)
    mask_size_ = static_cast<std::uint16_t>(size);  // as the network shows me to others
  own_room* room = find_room(name);
  if (!room) room = &rooms_.emplace_back();
  room->name = name;
  room->was_in = true;
  const pending_command* asked = awaited(waiting_for::join, name);
  if (asked) room->key = asked->other;
  if (!room->table) room->table = &profile_->sit_down(name, *this);
  arrival& coming = arrival_of(name);
  coming.joining = true;
  if (room->table->leader() == this) room->table->add(nick_, account_, line.user_at_host());
  auto told = translate(word::join, line, names(), home_.loop().wall_now());
  auto& joined = std::get<joined_event>(*told);
  joined.self = true;
  if (!room->last) room->since = joined.at;
  emit(std::move(joined));
  if (asked) finish(asked->n);
  if (healing_) heal_room(*room);
}

// My PART, or a KICK of me.
void irc_bridge::take_leave(word what, const message& line) {
  auto told = translate(what, line, names(), home_.loop().wall_now());
  const bool me = what == word::part || names().same(line.param(1), nick_);
  if (me) {
    if (what == word::part)
      std::get<left_event>(*told).self = true;
    else
      std::get<kicked_event>(*told).self = true;
    leave_room(line.param(0));
  } else {
    apply(what, line);
  }
  emit(std::move(*told));
  if (what == word::part) finish(waiting_for::part, line.param(0));
  if (what == word::kick && line.nick() == nick_) finish(waiting_for::kick, line.param(0));
}

void irc_bridge::take_own_nick(const message& line) {
  auto told = translate(word::nick, line, names(), home_.loop().wall_now());
  auto& changed = std::get<nick_event>(*told);
  changed.from = clean_field(nick_);
  changed.self = true;
  for (own_room& one : rooms_)
    if (one.table && one.table->leader() == this) one.table->rename(nick_, line.param(0));
  nick_ = line.param(0);
  emit(std::move(*told));
  finish(waiting_for::nick, {});
  if (recovery_) end_nick_recovery();
}

void irc_bridge::leave_room(std::string_view name) {
  const auto it = std::find_if(rooms_.begin(), rooms_.end(),
                               [&](const own_room& one) { return names().same(one.name, name); });
  if (it == rooms_.end()) return;
  if (it->table) {
    if (it->table->leader() == this) it->table->remove(nick_);
    profile_->stand_up(*it->table, *this);
  }
  rooms_.erase(it);
  end_healing(name);
  std::erase_if(arrivals_, [&](const arrival& one) { return names().same(one.room, name); });
}

// The names and keys stay, to come back after a network loss; also keys that others have set.
void irc_bridge::stand_up_everywhere() {
  for (own_room& one : rooms_)
    if (one.table) {
      for (const mode_change& mode : one.table->modes())
        // Some servers hide it: "*", "<key>".
        if (mode.mode == "k" && mode.value.find_first_of("*<, ") == std::string::npos &&
            !mode.value.empty())
          one.key = mode.value;
      profile_->stand_up(*one.table, *this);
      one.table = nullptr;
    }
}

bool irc_bridge::leads_a_room() const {
  for (const own_room& one : rooms_)
    if (one.table && one.table->leader() == this) return true;
  return false;
}

void irc_bridge::apply(word what, const message& line) {
  for (own_room& one : rooms_)
    if (one.table && one.table->leader() == this) apply_to(*one.table, what, line);
}

void irc_bridge::apply_to(shared_room& room, word what, const message& line) {
  const std::string_view nick = line.nick();
  const auto here = [&] { return names().same(line.param(0), room.name()); };
  switch (what) {
    case word::join:
      if (here()) {
        const std::string_view account = line.count > 1 ? line.param(1) : line.raw_tag("account");
        room.add(nick, account == "*" ? std::string() : clean_field(account), line.user_at_host());
      }
      break;
    case word::part:
      if (here()) room.remove(nick);
      break;
    case word::kick:
      if (here()) room.remove(line.param(1));
      break;
    case word::quit:
      room.remove(nick);
      break;
    case word::nick:
      room.rename(nick, line.param(0));
      break;
    case word::mode:
      if (here()) room.apply_modes(read_modes(line, 1, names()));
      break;
    case word::topic:
      if (here())
        room.set_topic(read_text(line.param(1)), clean_field(nick),
                       time_of(line, home_.loop().wall_now()));
      break;
    case word::away:
      room.set_away(nick, line.count > 0 && !line.last().empty());
      break;
    case word::account:
      room.set_account(nick, line.param(0) == "*" ? std::string() : clean_field(line.param(0)));
      break;
    case word::chghost:
      room.set_mask(nick, clean_field(line.param(0)) + '@' + clean_field(line.param(1)));
      break;
    default:
      break;
  }
}

irc_bridge::arrival& irc_bridge::arrival_of(std::string_view room) {
  for (arrival& one : arrivals_)
    if (names().same(one.room, room)) return one;
  arrival& made = arrivals_.emplace_back();
  made.room = clean_field(room);
  return made;
}

// 353 me = #room :@alice!a@host +bob
void irc_bridge::take_names(const message& line) {
  if (line.count < 4) return;
  constexpr std::size_t most_members = 200000;
  arrival& coming = arrival_of(line.param(2));
  tell_topic(coming);
  std::string_view rest = line.last();
  while (!rest.empty() && coming.members.size() < most_members) {
    const std::string_view entry = rest.substr(0, rest.find(' '));
    rest.remove_prefix(entry.size() < rest.size() ? entry.size() + 1 : rest.size());
    if (entry.empty()) continue;
    std::string_view mask;
    shared_member one;
    one.who = read_names_entry(entry, names(), mask);
    one.mask = clean_field(mask);
    if (!one.who.nick.empty()) coming.members.push_back(std::move(one));
  }
}

void irc_bridge::finish_names(std::string_view name) {
  const auto it = std::find_if(arrivals_.begin(), arrivals_.end(),
                               [&](const arrival& one) { return names().same(one.room, name); });
  if (it == arrivals_.end()) return finish(waiting_for::names, name);
  arrival done = std::move(*it);
  arrivals_.erase(it);
  if (arrivals_.empty()) std::vector<arrival>().swap(arrivals_);
  tell_topic(done);
  own_room* room = find_room(done.room);
  shared_room* table = room ? room->table : nullptr;
  const std::string me = clean_field(nick_);

  std::vector<member> members;
  members.reserve(done.members.size());
  for (const shared_member& one : done.members) {
    member& last = members.emplace_back(one.who);
    last.self = last.nick == me;
    // NAMES says neither who is away nor who has which account; the table may.
    if (const shared_member* known = table ? table->find(one.who.nick) : nullptr) {
      last.away = known->who.away;
      last.account = known->who.account;
    }
  }
  if (table && (!table->is_fresh() || table->leader() == this)) {
    profile_->lead(*table, *this);
    table->fill(std::move(done.members));
    if (!table->has_modes() && pacing_.has_room(1))
      pacing_.push(outgoing("MODE").with(table->name()).line());
  }
  std::vector<event_ptr> parts;
  append_member_parts(room ? room->name : done.room, std::move(members), parts);
  for (event_ptr& part : parts) listener_.on_event(std::move(part));
  if (done.joining && table && table->has_modes())
    emit(mode_event{room->name, {}, table->modes(), true});
  finish(waiting_for::names, name);
  flush();
}

void irc_bridge::tell_topic(arrival& from) {
  if (!from.has_topic) return;
  from.has_topic = false;
  const own_room* room = find_room(from.room);
  if (room && room->table && (!room->table->is_fresh() || room->table->leader() == this))
    room->table->set_topic(from.topic, from.topic_from, from.topic_at);
  emit(topic_event{from.room, std::move(from.topic), std::move(from.topic_from), from.topic_at,
                   true});
}

// A room that was to be joined on arrival or again after a loss, and is refused.
bool irc_bridge::drop_refused_room(const message& refusal) {
  const auto it = std::find_if(rooms_.begin(), rooms_.end(), [&](const own_room& one) {
    return !one.table && names().same(one.name, refusal.param(1));
  });
  if (it == rooms_.end()) return false;
  const own_room gone = std::move(*it);
  rooms_.erase(it);
  failure why = failure_of(refusal);
  if (gone.was_in)
    emit(left_event{gone.name, clean_field(nick_), why.text, true, home_.loop().wall_now()});
  emit(error_event{gone.name, std::move(why)});
  end_healing(gone.name);
  return true;
}

// The host of somebody in one of my rooms, as a mask that bans it; the nick where it is not known.
std::string irc_bridge::mask_of(std::string_view nick) {
  for (const own_room& one : rooms_) {
    const shared_member* known = one.table ? one.table->find(nick) : nullptr;
    if (!known) continue;
    const std::size_t at = known->mask.rfind('@');
    if (at != std::string::npos && at + 1 < known->mask.size())
      return "*!*" + known->mask.substr(at);
  }
  return std::string(nick) + "!*@*";
}

}  // namespace halley::irc
