// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/watch/watched_room.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/utf8.hpp"

namespace halley {
namespace {

// Names of rooms are compared as people type them; what the network makes of one is learnt on joining.
bool same_word(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

}  // namespace

// On XMPP the name in the settings may be only the part before "@".
bool watched_room::is_here(const std::string& room) const {
  if (!real_name_.empty()) return room == real_name_;
  return same_word(room, name_) || same_word(room.substr(0, room.find('@')), name_);
}

bool watched_room::forget() {
  if (!known_) return false;
  known_ = false;
  people_.clear();
  return true;
}

bool watched_room::say(watched_line line) {
  if (most_lines_ == 0) return false;
  line.text = std::string(utf8_prefix(line.text, line_length));
  lines_.push_back(std::move(line));
  while (lines_.size() > most_lines_) lines_.pop_front();
  return true;
}

// One overload for each event that shows; whatever has none changes nothing.
struct watched_room::reader {
  watched_room& room;

  bool operator()(const joined_event& e) const {
    if (!room.is_here(e.room)) return false;
    if (!e.self) return room.people_.insert(e.from).second;
    room.real_name_ = e.room;
    room.me_ = e.from;
    room.known_ = true;
    room.people_.clear();
    return true;
  }
  bool operator()(const left_event& e) const {
    if (!e.room.empty() && !room.is_here(e.room)) return false;
    return e.self ? room.forget() : room.people_.erase(e.from) > 0;
  }
  bool operator()(const kicked_event& e) const {
    if (!room.is_here(e.room)) return false;
    return e.self ? room.forget() : room.people_.erase(e.who) > 0;
  }
  bool operator()(const nick_event& e) const {
    if (e.self && (e.room.empty() || room.is_here(e.room))) room.me_ = e.to;
    if (room.people_.erase(e.from) > 0) room.people_.insert(e.to);
    return false;  // as many as before
  }
  bool operator()(const members_event& e) const {
    if (!room.is_here(e.room)) return false;
    if (e.first) room.people_.clear();
    for (const member& one : e.members)
      if (!one.self && one.nick != room.me_) room.people_.insert(one.nick);
    return e.last;
  }
  bool operator()(const topic_event& e) const {
    if (!room.is_here(e.room)) return false;
    const std::string shown(utf8_prefix(e.topic.text, topic_length));
    return std::exchange(room.topic_, shown) != shown;
  }
  bool operator()(const said_event& e) const {
    if (!e.where.is_room || !room.is_here(e.where.name) || !e.audience.empty()) return false;
    return room.say({e.from, e.body.text, e.at, e.kind == said_kind::action});
  }
  bool operator()(const offline_event&) const { return room.forget(); }
  bool operator()(const closing_event&) const { return room.forget(); }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

bool watched_room::take(const event& what) {
  const bool changed = std::visit(reader{*this}, what);
  if (changed) ++version_;
  return changed;
}

}  // namespace halley
