// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mode command: roles, bans and mutes in words, everything else in the network's own letters; and
// what the server says of the modes of a room.
#include <algorithm>
#include <array>
#include <cctype>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/features.hpp"
#include "bridges/irc/mask.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

struct asked_list {
  list_kind which;
  waiting_for answer;
};
constexpr std::array asked_lists{asked_list{list_kind::bans, waiting_for::bans},
                                 asked_list{list_kind::exceptions, waiting_for::exceptions},
                                 asked_list{list_kind::invites, waiting_for::invites}};

waiting_for answer_of(list_kind which) {
  return std::find_if(asked_lists.begin(), asked_lists.end(),
                      [which](const asked_list& one) { return one.which == which; })
      ->answer;
}

failure no_such_list() {
  return {failure_code::not_supported, "This network has no such list.", "list"};
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
    case mode_verb::list:
      return ask_list(n, what);
    case mode_verb::entry: {
      const std::string_view letter = list_mode_of(names(), what.list);
      if (letter.empty()) return refuse(n, no_such_list());
      if (bad_who()) return;
      return send_mode(n, what.room, what.set, letter, {mask_for(what.who)}, what.who);
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
      const mute_form form = mute_form_of(names());
      if (form.mode.empty())
        return refuse(n, {failure_code::not_supported, "Nobody can be muted on this network.", {}});
      return send_mode(n, what.room, what.set, form.mode, {form.before_mask + mask_for(what.who)},
                       what.who);
    }
    case mode_verb::slow: {
      if (!has_line_limit(names()))
        return refuse(n, {failure_code::not_supported, "No room can be slow on this network.", {}});
      std::vector<std::string> values;
      if (what.every_s > 0) values.push_back("2:" + std::to_string(what.every_s));
      return send_mode(n, what.room, what.every_s > 0, "f", values, {});
    }
    case mode_verb::raw:
      return change_modes(n, what);
  }
}

std::string irc_bridge::mask_for(const std::string& who) {
  return is_mask(who) ? who : mask_of(who);
}

void irc_bridge::ask_list(std::uint64_t n, const mode_command& what) {
  const std::string_view letter = list_mode_of(names(), what.list);
  if (letter.empty()) return refuse(n, no_such_list());
  if (!what.who.empty()) return tell_matching(n, what);
  pending_command wait;
  wait.what = answer_of(what.list);
  wait.target = what.room;
  send(n, outgoing("MODE").with(what.room).with(letter), std::move(wait), false);
}

// Whom an entry for `who` would meet, as far as the room's members are known.
void irc_bridge::tell_matching(std::uint64_t n, const mode_command& what) {
  const std::string mask = mask_for(what.who);
  if (!what.by_account && is_extended_ban(mask))
    return refuse(n,
                  {failure_code::not_supported, "Only the network knows whom this meets.", "who"});
  result_event told;
  told.n = n;
  std::vector<list_entry> met;
  if (const own_room* room = find_room(what.room); room && room->table)
    met = what.by_account ? room->table->with_account(what.who)
                          : room->table->matching(whole_mask(mask));
  told.data = std::move(met);
  listener_.on_result(std::move(told));
}

void irc_bridge::ban(std::uint64_t n, const mode_command& what) {
  const std::string before = what.by_account ? account_ban_of(names()) : std::string();
  if (what.by_account && before.empty())
    return refuse(n,
                  {failure_code::not_supported, "No account can be banned on this network.", "by"});
  const std::string mask = what.by_account ? before + what.who : mask_for(what.who);
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
  keep_modes(line.param(1), modes);
  emit(mode_event{clean_field(line.param(1)), {}, std::move(modes), true});
}

}  // namespace halley::irc
