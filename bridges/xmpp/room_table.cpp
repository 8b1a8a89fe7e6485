// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/room_table.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "gateway/chat/features.hpp"

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
  people_.insert_or_assign(
      one.nick, occupant{one.roles, one.away, tell ? one.jid : std::string(), one.key()});
}

// Which of the changes that others have seen already are news for somebody who comes in is told by his
// own view: where the last change of a person is not what he has seen, he saw what was before it.
room_table::position room_table::enter(const std::vector<room_presence>& everybody,
                                       const room_presence& own, unix_ms at, steady_ms now) {
  if (own.open_addresses) shows_addresses = true;
  ++live_;
  if (live_ == 1) {
    fill(everybody, own);
    return changes_.end();
  }
  log_unlogged(everybody, own, at, now);
  position from = changes_.end();
  auto last = changes_.last_changes();
  std::vector<std::uint64_t> unseen;
  for (const room_presence& one : everybody) {
    const change_log::name change = one.name();
    const auto found = last.find(change.who);
    if (found == last.end()) {
      // Whose own copy of this has yet to come may be gone by then, and the table be ours alone.
      if (!knows(one.nick)) (void)take(one, from, at, now);
    } else {
      if (found->second.key != change.key) unseen.push_back(found->second.number);
      last.erase(found);
    }
  }
  const auto self = last.find(change_log::of_nick(own.nick));
  const bool was_seen = self != last.end() && self->second.key == own.key();
  if (self != last.end()) last.erase(self);
  if (!was_seen || !knows(own.nick)) (void)take(own, from, at, now);
  for (const auto& [who, change] : last)
    if (!change.gone) unseen.push_back(change.number);
  std::sort(unseen.begin(), unseen.end());
  from.passed.reset();
  if (!unseen.empty()) from.passed = std::make_unique<std::vector<std::uint64_t>>(std::move(unseen));
  return from;
}

// Whoever filled the table may have come later than this one, and his view had people in it whose
// coming this one has yet to read.
void room_table::log_unlogged(const std::vector<room_presence>& but, const room_presence& own,
                              unix_ms at, steady_ms now) {
  const auto both = std::count_if(but.begin(), but.end(),
                                  [this](const room_presence& one) { return knows(one.nick); });
  if (people_.size() == static_cast<std::size_t>(both) + (knows(own.nick) ? 1 : 0)) return;
  const auto logged = changes_.last_changes();
  std::unordered_set<std::string_view> known = {own.nick};
  for (const room_presence& one : but) known.insert(one.nick);
  for (const auto& [nick, who] : people_) {
    const change_log::name change = {who.key, change_log::of_nick(nick)};
    if (known.contains(nick) || logged.contains(change.who)) continue;
    position behind = changes_.end();
    changes_.push(change, false, share(joined(nick, who, at)), behind, now);
  }
}

joined_event room_table::joined(const std::string& nick, const occupant& who, unix_ms at) const {
  joined_event out;
  out.room = name_;
  out.from = nick;
  out.roles = who.roles;
  out.account = who.account;
  out.at = at;
  return out;
}

void room_table::fill(const std::vector<room_presence>& everybody, const room_presence& own) {
  people_.clear();
  changes_.clear();
  for (const room_presence& one : everybody) put(one);
  put(own);
}

void room_table::leave() {
  if (live_ > 0) --live_;
  if (live_ > 0) return;
  people_.clear();
  changes_.clear();
}

event_ptr room_table::take(const room_presence& change, position& from, unix_ms at, steady_ms now) {
  event_ptr told;
  const change_log::name name = change.name();
  if (changes_.find(name, from, now, told)) return told;
  told = apply(change, at);
  changes_.push(name, change.what == room_presence::kind::unavailable, told, from, now);
  return told;
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
    return share(joined(change.nick, *find(change.nick), at));
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

void room_table::remember_replayed(std::string_view own, std::string_view archived,
                                   std::string_view author) {
  const bool known = std::any_of(ids_.begin(), ids_.end(), [archived](const id_pair& one) {
    return one.archived == archived;
  });
  if (!known) remember_message(own, archived, author);
}

std::string_view room_table::author_of(std::string_view id) const {
  for (const id_pair& one : ids_) {
    if (one.own == id || one.archived == id) return one.author;
  }
  return {};
}

event_ptr room_table::own_features() const {
  if (moderation == nullptr) return nullptr;
  return share(event(room_features_event{name_, {feature::moderate}}));
}

void room_table::end_asking(knowledge now, bool refused) {
  features = now;
  const auto waiting = std::exchange(waiting_, {});
  if (refused) return;
  for (const auto& work : waiting) work();
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
