// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/crowd.hpp"

#include <utility>

namespace halley {
namespace {

// The later word counts, field by field.
void merge(presence_event& into, const presence_event& later) {
  if (later.away >= 0) {
    into.away = later.away;
    into.text = later.text;
  }
  if (later.has_roles) {
    into.has_roles = true;
    into.roles = later.roles;
  }
  if (later.has_account) {
    into.has_account = true;
    into.account = later.account;
  }
  if (!later.real_name.empty()) into.real_name = later.real_name;
}

void merge(member& into, const presence_event& later) {
  if (later.away >= 0) into.away = later.away != 0;
  if (later.has_roles) into.roles = later.roles;
  if (later.has_account) into.account = later.account;
}

}  // namespace

crowd::verdict crowd::take(const event& what) {
  if (const auto* joined = std::get_if<joined_event>(&what)) return take_joined(*joined);
  if (const auto* left = std::get_if<left_event>(&what)) return take_left(*left);
  if (const auto* presence = std::get_if<presence_event>(&what)) return take_presence(*presence);
  const bool changes_members =
      std::holds_alternative<nick_event>(what) || std::holds_alternative<kicked_event>(what) ||
      std::holds_alternative<mode_event>(what) || std::holds_alternative<members_event>(what) ||
      std::holds_alternative<online_event>(what) || std::holds_alternative<offline_event>(what);
  return changes_members ? verdict::after : verdict::apart;
}

crowd::verdict crowd::take_joined(const joined_event& e) {
  if (e.self) return verdict::after;
  if (overflowed_) return verdict::taken;
  people& room = rooms_[e.room];
  const std::size_t before = room.size();
  person& who = room[e.from];
  who.now = {e.from, e.roles, false, false, e.account};
  who.here = true;
  who.has_news = false;
  count(before, room.size());
  check_size();
  return verdict::taken;
}

crowd::verdict crowd::take_left(const left_event& e) {
  if (e.self) return verdict::after;
  if (overflowed_) return verdict::taken;
  if (e.room.empty()) {
    take_quit(e.from);
    check_size();
    return verdict::taken;
  }
  people& room = rooms_[e.room];
  const std::size_t before = room.size();
  const auto known = room.find(e.from);
  if (known != room.end() && known->second.here && !known->second.was_here) {
    room.erase(known);  // came and went
  } else {
    person& who = room[e.from];
    who.here = false;
    who.was_here = true;
    who.has_news = false;
  }
  count(before, room.size());
  check_size();
  return verdict::taken;
}

// Whoever has left everywhere needs no word of any room.
void crowd::take_quit(const std::string& nick) {
  for (auto& [name, room] : rooms_) size_ -= room.erase(nick);
  if (quit_.insert(nick).second) ++size_;
}

crowd::verdict crowd::take_presence(const presence_event& e) {
  if (e.contact) return verdict::apart;
  if (overflowed_) return verdict::taken;
  people& room = rooms_[e.room];
  const std::size_t before = room.size();
  const auto known = room.find(e.from);
  const bool gone = known != room.end() && !known->second.here && !known->second.has_news;
  if (gone) return verdict::taken;  // whatever he says, he has left
  person& who = room[e.from];
  if (who.here) {
    merge(who.now, e);
  } else {
    if (!who.has_news) who.news = {};
    who.has_news = true;
    who.was_here = true;
    who.news.room = e.room;
    who.news.from = e.from;
    merge(who.news, e);
  }
  count(before, room.size());
  check_size();
  // Told of every room at once: those who have only just come are in lists of single rooms.
  if (e.room.empty())
    for (auto& [name, others] : rooms_)
      if (const auto at = others.find(e.from); at != others.end() && at->second.here)
        merge(at->second.now, e);
  return verdict::taken;
}

void crowd::check_size() {
  if (size_ <= most) return;
  rooms_.clear();
  quit_.clear();
  size_ = 0;
  overflowed_ = true;
}

void crowd::release(const std::function<void(event)>& tell) {
  if (!quit_.empty()) {
    members_changed_event everywhere;
    everywhere.left.assign(quit_.begin(), quit_.end());
    tell(std::move(everywhere));
  }
  std::vector<presence_event> news;
  for (auto& [name, room] : rooms_) {
    members_changed_event changed;
    changed.room = name;
    for (auto& [nick, who] : room) {
      if (who.here)
        changed.joined.push_back(std::move(who.now));
      else if (who.has_news)
        news.push_back(std::move(who.news));
      else
        changed.left.push_back(nick);
    }
    if (!changed.joined.empty() || !changed.left.empty()) tell(std::move(changed));
  }
  for (presence_event& one : news) tell(std::move(one));
  if (data_lost_ > 0) tell(data_lost_event{std::exchange(data_lost_, 0)});
  rooms_.clear();
  quit_.clear();
  size_ = 0;
}

}  // namespace halley
