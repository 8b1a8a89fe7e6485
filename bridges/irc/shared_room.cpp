// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/shared_room.hpp"

#include <algorithm>

#include "bridges/irc/mask.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {

const shared_member* shared_room::find(std::string_view nick) const {
  const auto it = members_.find(names_.fold(nick));
  return it == members_.end() ? nullptr : &it->second;
}

shared_member* shared_room::known(std::string_view nick) {
  const auto it = members_.find(names_.fold(nick));
  return it == members_.end() ? nullptr : &it->second;
}

void shared_room::add(std::string_view nick, std::string account, std::string_view mask) {
  shared_member& one = members_[names_.fold(nick)];
  one = {};
  one.who.nick = clean_field(nick);
  one.who.account = std::move(account);
  one.mask = clean_field(mask);
}

void shared_room::remove(std::string_view nick) {
  members_.erase(names_.fold(nick));
}

void shared_room::rename(std::string_view from, std::string_view to) {
  auto node = members_.extract(names_.fold(from));
  if (node.empty()) return;
  node.key() = names_.fold(to);
  node.mapped().who.nick = clean_field(to);
  members_.erase(node.key());
  members_.insert(std::move(node));
}

void shared_room::set_away(std::string_view nick, bool away) {
  if (shared_member* one = known(nick)) one->who.away = away;
}

void shared_room::set_account(std::string_view nick, std::string account) {
  if (shared_member* one = known(nick)) one->who.account = std::move(account);
}

void shared_room::set_mask(std::string_view nick, std::string mask) {
  if (shared_member* one = known(nick)) one->mask = std::move(mask);
}

void shared_room::set_topic(formatted topic, std::string from, unix_ms at) {
  topic_ = std::move(topic);
  topic_from_ = std::move(from);
  topic_at_ = at;
}

void shared_room::apply_modes(const std::vector<mode_change>& changes) {
  for (const mode_change& change : changes) {
    if (change.as_role >= 0) {
      if (shared_member* one = known(change.value)) {
        const role which = static_cast<role>(change.as_role);
        if (change.set)
          one->who.roles.add(which);
        else
          one->who.roles.remove(which);
      }
      continue;
    }
    if (names_.list_modes.find(change.mode) != std::string::npos) continue;  // bans are no state
    std::erase_if(modes_, [&](const mode_change& one) { return one.mode == change.mode; });
    if (change.set) modes_.push_back(change);
  }
}

void shared_room::set_modes(std::vector<mode_change> modes) {
  modes_ = std::move(modes);
  has_modes_ = true;
}

void shared_room::fill(std::vector<shared_member> members) {
  std::unordered_map<std::string, shared_member> fresh;
  fresh.reserve(members.size());
  for (shared_member& one : members) {
    std::string key = names_.fold(one.who.nick);
    const auto known = members_.find(key);
    if (known != members_.end()) {
      one.who.away = known->second.who.away;
      if (one.who.account.empty()) one.who.account = std::move(known->second.who.account);
      if (one.mask.empty()) one.mask = std::move(known->second.mask);
    }
    fresh.insert_or_assign(std::move(key), std::move(one));
  }
  members_ = std::move(fresh);
  fresh_ = true;
}

std::vector<list_entry> shared_room::matching(std::string_view mask) const {
  std::vector<list_entry> met;
  for (const auto& [key, one] : members_)
    if (fits_mask(mask, one.who.nick + '!' + one.mask, names_))
      met.push_back({one.who.nick, {}, 0});
  return met;
}

std::vector<list_entry> shared_room::with_account(std::string_view account) const {
  std::vector<list_entry> met;
  for (const auto& [key, one] : members_)
    if (names_.same(one.who.account, account)) met.push_back({one.who.nick, {}, 0});
  return met;
}

void shared_room::append_members(std::string_view nick, std::vector<event_ptr>& into) const {
  std::vector<member> members;
  members.reserve(members_.size());
  for (const auto& [key, one] : members_) {
    members.push_back(one.who);
    members.back().self = one.who.nick == nick;
  }
  append_member_parts(name_, std::move(members), into);
}

void append_member_parts(const std::string& room, std::vector<member> members,
                         std::vector<event_ptr>& into) {
  std::size_t at = 0;
  do {
    members_event part;
    part.room = room;
    const std::size_t size = std::min(members.size() - at, members_event::part_size);
    part.members.reserve(size);
    for (std::size_t i = 0; i < size; ++i) part.members.push_back(std::move(members[at + i]));
    part.first = at == 0;
    at += size;
    part.last = at == members.size();
    into.push_back(share(std::move(part)));
  } while (at < members.size());
}

event_ptr server_profile::motd(const std::string& text) {
  if (!motd_ || motd_text_ != text) {
    motd_text_ = text;
    notice_event told;
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      formatted line = read_text(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (!told.body.text.empty()) told.body.text += '\n';
      told.body.text += line.text;  // greetings are drawings in characters; colours are left out
    }
    told.kind = "motd";
    motd_ = share(std::move(told));
  }
  return motd_;
}

shared_room& server_profile::sit_down(const std::string& room, irc_bridge& who) {
  std::unique_ptr<shared_room>& found = rooms_[support_.fold(room)];
  if (!found) found = std::make_unique<shared_room>(room, support_);
  found->sitters_.push_back(&who);
  return *found;
}

void server_profile::lead(shared_room& room, irc_bridge& who) {
  const auto it = std::find(room.sitters_.begin(), room.sitters_.end(), &who);
  if (it != room.sitters_.end()) std::iter_swap(room.sitters_.begin(), it);
}

void server_profile::stand_up(shared_room& room, irc_bridge& who) {
  const auto it = std::find(room.sitters_.begin(), room.sitters_.end(), &who);
  if (it == room.sitters_.end()) return;
  if (it == room.sitters_.begin()) {
    // The next one may be ahead of the last leader or behind it.
    room.fresh_ = false;
  }
  *it = room.sitters_.back();
  room.sitters_.pop_back();
  if (room.sitters_.empty()) rooms_.erase(support_.fold(room.name()));
}

}  // namespace halley::irc
