// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mode command: roles, bans and mutes in words, everything else in the network's own letters; and
// what the server says of the modes of a room.
#include <algorithm>
#include <cctype>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/features.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

bool is_mask(std::string_view who) {
  return who.find_first_of("!@*?:$~") != std::string_view::npos;
}

}  // namespace

void irc_bridge::send_mode(std::uint64_t n, const std::string& room, bool set,
                           std::string_view letters, const std::vector<std::string>& values,
                           std::string other) {
  outgoing line("MODE");
  line.with(room).with((set ? "+" : "-") + std::string(letters));
  for (const std::string& value : values) line.with(value);
  pending_command wait;
  wait.what = waiting_for::mode;
  wait.target = room;
  wait.other = std::move(other);
  send(n, std::move(line), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const mode_command& what) {
  if (!check_room(n, what.room)) return;
  const auto bad_who = [&] {
    if (!what.who.empty() && what.who.find(' ') == std::string::npos && what.who[0] != ':')
      return false;
    refuse(n, {failure_code::bad_field, "Whom it is about is missing or no name.", "who"});
    return true;
  };
  switch (what.verb) {
    case mode_verb::list: {
      pending_command wait;
      wait.what = waiting_for::bans;
      wait.target = what.room;
      send(n, outgoing("MODE").with(what.room).with("b"), std::move(wait), false);
      return;
    }
    case mode_verb::role: {
      const char letter = names().mode_of_role(what.as_role);
      if (!letter)
        return refuse(n, {failure_code::not_supported, "This network has no such role.", "role"});
      if (!check_nick(n, what.who)) return;
      return send_mode(n, what.room, what.set, std::string(1, letter), {what.who}, what.who);
    }
    case mode_verb::ban:
      if (bad_who()) return;
      return ban(n, what);
    case mode_verb::mute: {
      if (bad_who()) return;
      const std::string mask = is_mask(what.who) ? what.who : mask_of(what.who);
      const mute_form form = mute_form_of(names());
      if (form.mode.empty())
        return refuse(n, {failure_code::not_supported, "Nobody can be muted on this network.", {}});
      return send_mode(n, what.room, what.set, form.mode, {form.before_mask + mask}, what.who);
    }
    case mode_verb::raw:
      return change_modes(n, what);
  }
}

void irc_bridge::ban(std::uint64_t n, const mode_command& what) {
  const std::string mask = is_mask(what.who) ? what.who : mask_of(what.who);
  if (!what.set || what.lasts_ms == 0)
    return send_mode(n, what.room, what.set, "b", {mask}, what.who);
  if (!names().timed_bans)
    return refuse(n, {failure_code::not_supported, "No ban ends by itself on this network.", "lasts"});
  outgoing line("TBAN");
  line.with(what.room).with(std::to_string(std::max<std::int64_t>(1, what.lasts_ms / 1000))).with(mask);
  pending_command wait;
  wait.what = waiting_for::timed_ban;
  wait.target = what.room;
  wait.other = what.who;
  send(n, std::move(line), std::move(wait), true);
}

// A mode of this room was set by us: the answer to what asked for it.
void irc_bridge::finish_mode(std::string_view room) {
  if (pending_.empty()) return;
  pending_command* asked = labelled_ ? pending_.find(labelled_) : nullptr;
  if (!asked) asked = pending_.find(waiting_for::mode, room, names());
  if (!asked) asked = pending_.find(waiting_for::timed_ban, room, names());
  if (!asked || (asked->what != waiting_for::mode && asked->what != waiting_for::timed_ban)) return;
  asked->collecting = true;
  finish(asked->n);
}

// The first of us on a server asks it; the others take over what it said.
bool irc_bridge::must_ask_for_tban() {
  if (!registration_->may_know_tban()) return false;
  if (const auto known = home_.find_profile(registration_->server())) {
    registration_->take_for_known(known->support().timed_bans);
    return false;
  }
  std::string out;
  registration_->ask_for_tban(out);
  link_.send(out);
  return true;
}

// As many changes as fit one line; the answer is that of the last.
void irc_bridge::change_modes(std::uint64_t n, const mode_command& what) {
  if (what.changes.empty() || what.changes.size() > names().modes_a_line)
    return refuse(
        n, {failure_code::bad_field,
            "One to " + std::to_string(names().modes_a_line) + " modes can be changed at once.",
            "changes"});
  std::string letters;
  outgoing line("MODE");
  bool sign = true;
  for (const mode_change& change : what.changes) {
    if (change.mode.size() != 1 || !std::isalpha(static_cast<unsigned char>(change.mode[0])))
      return refuse(n, {failure_code::bad_field, "A mode on IRC is one letter.", "changes"});
    if (letters.empty() || change.set != sign) letters += change.set ? '+' : '-';
    sign = change.set;
    letters += change.mode;
  }
  line.with(what.room).with(letters);
  for (const mode_change& change : what.changes)
    if (!change.value.empty()) line.with(change.value);
  pending_command wait;
  wait.what = waiting_for::mode;
  wait.target = what.room;
  send(n, std::move(line), std::move(wait), true);
}

// 324 me #room +nt
void irc_bridge::take_channel_modes(const message& line) {
  std::vector<mode_change> modes = read_modes(line, 2, names());
  const own_room* room = find_room(line.param(1));
  if (room && room->table && (room->table->leader() == this || !room->table->has_modes()))
    room->table->set_modes(modes);
  emit(mode_event{clean_field(line.param(1)), {}, std::move(modes), true});
}

}  // namespace halley::irc
