// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/room_table.hpp"

#include <algorithm>

namespace halley::xmpp {

const room_table::occupant* room_table::find(std::string_view nick) const {
  const auto it = people_.find(nick);
  return it == people_.end() ? nullptr : &it->second;
}

std::vector<member> room_table::members(std::string_view self) const {
  std::vector<member> all;
  all.reserve(people_.size());
  for (const auto& [nick, one] : people_) {
    all.push_back({nick, one.roles, one.away, nick == self, one.account});
  }
  return all;
}

std::vector<event_ptr> room_table::describe(std::string_view self) const {
  std::vector<event_ptr> events;
  std::vector<member> all = members(self);
  constexpr std::size_t part = members_event::part_size;
  for (std::size_t at = 0; at == 0 || at < all.size(); at += part) {
    members_event out;
    out.room = name_;
    out.first = at == 0;
    out.last = at + part >= all.size();
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(at + part, all.size()));
    out.members.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
    events.push_back(share(std::move(out)));
  }
  return events;
}

void room_table::put(const room_presence& one) {
  const bool tell = shows_addresses && !one.jid.empty();
  people_.insert_or_assign(one.nick, occupant{one.roles, one.away, tell ? one.jid : std::string()});
}

room_table::cursor room_table::enter(const std::vector<room_presence>& everybody,
                                     const room_presence& own, unix_ms at, steady_ms now) {
  if (own.open_addresses) shows_addresses = true;
  ++live_;
  if (live_ == 1) {
    people_.clear();
    first_ += changes_.size();
    changes_.clear();
    for (const room_presence& one : everybody) put(one);
    put(own);
    return first_;
  }
  // Others may have seen us come in already; what they saw before that is older than our view.
  const std::uint32_t key = own.key();
  for (std::size_t i = knows(own.nick) ? changes_.size() : 0; i-- > 0;) {
    if (changes_[i].key == key) return first_ + i + 1;
  }
  cursor from = first_ + changes_.size();
  (void)take(own, from, at, now);
  return from;
}

void room_table::leave() {
  if (live_ > 0) --live_;
  if (live_ > 0) return;
  people_.clear();
  first_ += changes_.size();
  changes_.clear();
}

bool room_table::take_known(std::uint32_t key, cursor& from, event_ptr& into) const {
  if (from < first_) from = first_;  // fell behind: what is gone was told to nobody else either
  for (std::size_t i = from - first_; i < changes_.size(); ++i) {
    if (changes_[i].key != key) continue;
    into = changes_[i].what;
    from = first_ + i + 1;
    return true;
  }
  return false;
}

event_ptr room_table::take(const room_presence& change, cursor& from, unix_ms at, steady_ms now) {
  event_ptr known;
  const std::uint32_t key = change.key();
  if (take_known(key, from, known)) return known;
  event_ptr made = apply(change, at);
  push(key, made, now);
  from = first_ + changes_.size();
  return made;
}

void room_table::push(std::uint32_t key, event_ptr what, steady_ms now) {
  while (!changes_.empty() &&
         (changes_.size() >= most_changes || changes_.front().seen + change_age < now)) {
    changes_.pop_front();
    ++first_;
  }
  changes_.push_back({key, now, std::move(what)});
}

event_ptr room_table::apply(const room_presence& change, unix_ms at) {
  const auto it = people_.find(change.nick);
  if (change.what == room_presence::kind::unavailable) {
    if (it == people_.end()) return nullptr;
    if (change.renamed && !change.new_nick.empty()) {
      people_.insert_or_assign(change.new_nick, it->second);
      people_.erase(change.nick);
      return share(nick_event{name_, change.nick, change.new_nick, false, at});
    }
    people_.erase(it);
    if (change.kicked || change.banned) {
      return share(
          kicked_event{name_, change.actor, change.nick, change.reason, change.banned, false, at});
    }
    return share(left_event{name_, change.nick,
                            change.status.empty() ? change.reason : change.status, false, at});
  }
  if (it == people_.end()) {
    put(change);
    joined_event joined;
    joined.room = name_;
    joined.from = change.nick;
    joined.roles = change.roles;
    if (shows_addresses) joined.account = change.jid;
    joined.at = at;
    return share(std::move(joined));
  }
  presence_event told;
  told.room = name_;
  told.from = change.nick;
  if (it->second.away != change.away || change.away) told.away = change.away ? 1 : 0;
  told.text = change.status;
  if (!(it->second.roles == change.roles)) {
    told.has_roles = true;
    told.roles = change.roles;
  }
  put(change);
  // The second half of a nick change, a refreshed avatar hash: nothing to tell.
  if (told.away == -1 && !told.has_roles && told.text.empty()) return nullptr;
  return share(std::move(told));
}

void room_table::remember_message(std::string_view own, std::string_view archived,
                                  std::string_view author) {
  if (own.empty() && archived.empty()) return;
  if (ids_.size() < kept_ids) ids_.emplace_back();
  id_pair& slot = ids_[next_id_++ % kept_ids];
  slot.own = own;
  slot.archived = archived;
  slot.author = author;
}

bool room_table::may_change(std::string_view id, std::string_view who) const {
  for (const id_pair& one : ids_) {
    if (one.own == id || one.archived == id) return one.author == who;
  }
  return true;
}

std::string room_table::archived_id(std::string_view own) const {
  for (const id_pair& one : ids_) {
    if (one.own == own) return one.archived;
  }
  return std::string(own);
}

std::string room_table::own_id(std::string_view archived) const {
  for (const id_pair& one : ids_) {
    if (one.archived == archived) return one.own;
  }
  return std::string(archived);
}

}  // namespace halley::xmpp
