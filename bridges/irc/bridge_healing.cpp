// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a loss has cost: after a reconnection each room is told as a gap, then what the network's
// history has of it, then what was said meanwhile.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/refusal.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

constexpr steady_ms healing_ms = 30 * 1000;   // for the answers of the server
constexpr std::uint32_t page_size = 200;      // or what the server allows

// How many lines a room keeps for those who join (InspIRCd: +H lines:time); 0: not known.
std::uint32_t kept_for_joining(const std::vector<mode_change>& modes) {
  for (const mode_change& mode : modes) {
    if (mode.mode != "H") continue;
    std::uint32_t lines = 0;
    for (const char c : mode.value) {
      if (c < '0' || c > '9' || lines > 100000) break;
      lines = lines * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return lines;
  }
  return 0;
}

const place* place_of(const event& what) {
  if (const auto* said = std::get_if<said_event>(&what)) return &said->where;
  if (const auto* reacted = std::get_if<reacted_event>(&what)) return &reacted->where;
  if (const auto* retracted = std::get_if<retracted_event>(&what)) return &retracted->where;
  return nullptr;
}

}  // namespace

// Every event of the network passes here. The usual case is two comparisons and, for a line said in
// a room, noting it as the last one.
void irc_bridge::deliver(event_ptr what) {
  if (healing_ && hold_back(what)) return;
  if (recovery_) watch_for_nick(what->value());
  if (const auto* said = std::get_if<said_event>(&what->value());
      said && said->where.is_room && caps_.has(cap::batch))
    for (own_room& one : rooms_)
      if (one.name == said->where.name || names().same(one.name, said->where.name)) {
        one.last = what;
        break;
      }
  listener_.on_event(std::move(what));
}

room_healing* irc_bridge::find_healing(std::string_view room) {
  if (!healing_) return nullptr;
  for (room_healing& one : healing_->rooms)
    if (profile_ ? names().same(one.room(), room) : one.room() == room) return &one;
  return nullptr;
}

// The connection is gone, its tables are still there.
void irc_bridge::prepare_healing() {
  if (!healing_) healing_ = std::make_unique<healing>();
  healing_->nicks.push_back(clean_field(nick_));
  healing_->lost_at = home_.loop().wall_now() - (now() - last_heard_);
  healing_->deadline = INT64_MAX;
  for (room_healing& one : healing_->rooms) one.now = room_healing::state::waiting;
  for (const own_room& one : rooms_)
    if (one.table && !find_healing(one.name))
      healing_->rooms.emplace_back(one.name, one.last, one.since).kept =
          kept_for_joining(one.table->modes());
  set_says_aside();
  if (healing_->rooms.empty()) healing_.reset();
}

// Online again, the JOINs are on their way.
void irc_bridge::begin_healing() {
  if (caps_.has(cap::batch) && !caps_.has(cap::chathistory)) {
    // A room that keeps lines for who joins and sends none has none, if it still keeps any.
    for (const room_healing& one : healing_->rooms)
      if (one.kept > 0) pacing_.push(outgoing("MODE").with(one.room()).line());
    pacing_.push(outgoing("PING").with(healing_token).line(), true);
  }
  healing_->deadline = now() + healing_ms + pacing_.delay();
}

// Back in a room.
void irc_bridge::heal_room(const own_room& room) {
  room_healing* one = find_healing(room.name);
  if (!one || one->now != room_healing::state::waiting) return;
  if (caps_.has(cap::chathistory) && caps_.has(cap::batch)) {
    tell_gap(*one, true);
    ask_history(*one);
  } else if (caps_.has(cap::batch)) {
    one->now = room_healing::state::listening;  // until the PING behind the JOIN comes back
    healing_->deadline = now() + healing_ms;
  } else {
    tell_gap(*one, false);
    end_healing(*one);
  }
}

void irc_bridge::tell_gap(room_healing& one, bool heals) {
  if (one.told) return;
  one.told = heals;
  gap_event gap;
  gap.room = one.room();
  gap.reason = "network";
  gap.from_at = healing_->lost_at;
  gap.to_at = home_.loop().wall_now();
  gap.healing = heals;
  listener_.on_event(share(std::move(gap)));
}

void irc_bridge::ask_history(room_healing& one) {
  std::uint32_t limit = page_size;
  if (names().history_limit > 0)
    limit = std::min(limit, static_cast<std::uint32_t>(names().history_limit));
  const bool takes_ids = names().history_references.empty() ||
                         names().history_references.find("msgid") != std::string::npos;
  one.now = room_healing::state::asked;
  pacing_.push(outgoing("CHATHISTORY")
                   .with("AFTER")
                   .with(one.room())
                   .with(one.reference(takes_ids))
                   .with(std::to_string(limit))
                   .line());
  healing_->deadline = now() + healing_ms + pacing_.delay();
  flush();
}

bool irc_bridge::heal(unix_ms since) {
  if (phase_ != phase::online || !caps_.has(cap::chathistory) || !caps_.has(cap::batch))
    return false;
  bool heals = false;
  for (const own_room& room : rooms_) {
    if (!room.table) continue;
    heals = true;
    if (find_healing(room.name)) continue;  // its end will be told
    if (!healing_) healing_ = std::make_unique<healing>();
    room_healing& one = healing_->rooms.emplace_back(room.name, nullptr, since);
    one.told = true;
    ask_history(one);
  }
  return heals;
}

// A batch of history that was not asked for by a command. False: it is no answer to us.
bool irc_bridge::take_history(open_batch& done) {
  room_healing* one = done.n ? nullptr : find_healing(done.target);
  if (!one || one->now == room_healing::state::waiting) return false;
  std::vector<said_event> fresh;
  if (one->now == room_healing::state::listening) {
    tell_gap(*one, true);
    one->take_replay(std::move(done.items), fresh);
    tell_replayed(*one, std::move(fresh));
    end_healing(*one);
    return true;
  }
  std::uint32_t limit = page_size;
  if (names().history_limit > 0)
    limit = std::min(limit, static_cast<std::uint32_t>(names().history_limit));
  const bool more = one->take_page(std::move(done.items), limit, fresh);
  tell_replayed(*one, std::move(fresh));
  if (more)
    ask_history(*one);
  else
    end_healing(*one);
  return true;
}

// FAIL CHATHISTORY <code> <context>... :<text>
bool irc_bridge::take_history_refusal(const message& fail) {
  if (!healing_ || fail.param(0) != "CHATHISTORY") return false;
  room_healing* found = nullptr;
  for (room_healing& one : healing_->rooms) {
    if (one.now != room_healing::state::asked) continue;
    bool named = false;
    for (std::size_t i = 2; i + 1 < fail.count; ++i)
      named = named || names().same(fail.params[i], one.room());
    if (!found || named) found = &one;
    if (named) break;
  }
  if (!found) return false;
  if (found->fall_back_to_time())
    ask_history(*found);
  else
    end_healing(*found);
  return true;
}

void irc_bridge::tell_replayed(room_healing& one, std::vector<said_event> fresh) {
  own_room* room = find_room(one.room());
  for (said_event& line : fresh) {
    line.self = line.from == clean_field(nick_) ||
                std::find(healing_->nicks.begin(), healing_->nicks.end(), line.from) !=
                    healing_->nicks.end();
    if (line.self && recognise(line)) {
      one.skip(line);
      continue;
    }
    const std::uint64_t n = line.echo_of;
    ++one.count;
    event_ptr told = share(std::move(line));
    if (room) room->last = told;
    listener_.on_event(std::move(told));
    if (n != 0) answer_settled(n);
  }
}

// Tells the end of it, then what was said meanwhile. `one` is gone afterwards.
void irc_bridge::end_healing(room_healing& one) {
  room_healing done = std::move(one);
  healing_->rooms.erase(healing_->rooms.begin() + (&one - healing_->rooms.data()));
  settle(done.room(), done.complete);
  if (done.told)
    listener_.on_event(share(healed_event{done.room(), done.complete, done.count}));
  if (healing_->rooms.empty()) {
    settle({}, false);
    healing_.reset();
  }
  for (event_ptr& live : done.release()) deliver(std::move(live));
}

void irc_bridge::end_healing(std::string_view room) {
  if (room_healing* one = find_healing(room)) {
    one->complete = false;
    end_healing(*one);
  }
}

// What a server sends unasked to those who join has come by now, or there is none.
void irc_bridge::on_healing_barrier() {
  if (!healing_) return;
  for (std::size_t i = healing_->rooms.size(); healing_ && i-- > 0;) {
    room_healing& one = healing_->rooms[i];
    if (one.now != room_healing::state::listening) continue;
    const own_room* room = find_room(one.room());
    one.complete =
        one.kept > 0 && room && room->table && kept_for_joining(room->table->modes()) > 0;
    tell_gap(one, one.complete);
    end_healing(one);
  }
}

void irc_bridge::give_up_healing() {
  healing_->deadline = INT64_MAX;
  settle({}, false);
  for (std::size_t i = healing_->rooms.size(); healing_ && i-- > 0;) {
    room_healing& one = healing_->rooms[i];
    if (one.now == room_healing::state::waiting && phase_ != phase::online) continue;
    tell_gap(one, false);
    one.complete = false;
    end_healing(one);
  }
}

void irc_bridge::drop_healing() {
  if (!healing_) return;
  settle({}, false);
  std::vector<room_healing> rooms = std::exchange(healing_, nullptr)->rooms;
  for (room_healing& one : rooms)
    for (event_ptr& live : one.release()) listener_.on_event(std::move(live));
}

bool irc_bridge::hold_back(const event_ptr& what) {
  const place* where = place_of(what->value());
  if (!where || !where->is_room) return false;
  room_healing* one = find_healing(where->name);
  if (!one || one->now == room_healing::state::waiting) return false;
  if (one->hold(what)) return true;
  one->complete = false;
  end_healing(*one);
  return false;
}

}  // namespace halley::irc
