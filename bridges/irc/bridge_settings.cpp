// SPDX-License-Identifier: GPL-3.0-or-later
//
// The settings command: the modes are asked for, what differs is changed, and they are asked for once
// more: servers pass over what they do not take without a word, or with one that names no mode. None
// of it has a label: a command has one answer, this has several.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/refusal.hpp"
#include "bridges/irc/room_modes.hpp"
#include "gateway/chat/room_settings.hpp"

namespace halley::irc {
namespace {

// No value and an empty one are the same, and so is a limit of nought.
std::string first_of(const std::vector<std::string>& values) {
  return values.empty() || values.front() == "0" ? std::string() : values.front();
}

}  // namespace

void irc_bridge::carry_out(std::uint64_t n, const settings_command& what) {
  if (!check_room(n, what.room)) return;
  for (const setting_change& wish : what.changes)
    if (failure fault = fault_in_setting(wish, names()); !fault.text.empty())
      return refuse(n, std::move(fault));
  pending_command wait;
  wait.n = n;
  wait.what = waiting_for::settings;
  wait.target = what.room;
  wait.settings = std::make_unique<settings_work>();
  wait.settings->wishes = what.changes;
  ask_modes(std::move(wait));
}

// A PING behind the question: others may be asked meanwhile, and the last answer before the PONG is
// ours.
void irc_bridge::ask_modes(pending_command wait) {
  if (!pacing_.has_room(2))
    return refuse(wait.n, too_fast(pacing_.has_room_in(2)));
  pacing_.push(outgoing("MODE").with(wait.target).line());
  pacing_.push(outgoing("PING").text(print_label(wait.n, 0)).line(), true);
  wait.deadline = now() + patience_ms + pacing_.delay();
  pending_.add(std::move(wait));
  flush();
}

void irc_bridge::keep_modes(std::string_view room, const std::vector<mode_change>& modes) {
  pending_.for_each([&](pending_command& one) {
    if (one.what != waiting_for::settings || !names().same(one.target, room)) return;
    one.settings->modes = modes;
    one.collecting = true;
  });
}

void irc_bridge::on_modes_told(pending_command& asked) {
  settings_work& work = *asked.settings;
  if (!asked.collecting)
    return refuse(asked.n, {failure_code::refused, "The network does not tell the settings.", {}});
  std::vector<room_setting> present = settings_of(work.modes, names());
  const std::vector<mode_change> changes = work.sent ? std::vector<mode_change>()
                                                     : changes_for(work.wishes, work.modes, names());
  if (changes.empty()) return tell_settings(asked, std::move(present));
  work.before = std::move(present);
  work.sent = true;
  pending_command wait = *pending_.take(asked.n);
  send_changes(wait.target, changes);
  ask_modes(std::move(wait));
}

void irc_bridge::send_changes(const std::string& room, const std::vector<mode_change>& changes) {
  for (std::size_t at = 0; at < changes.size(); at += names().modes_a_line) {
    const std::size_t end = std::min<std::size_t>(at + names().modes_a_line, changes.size());
    std::string letters;
    for (std::size_t i = at; i < end; ++i) (letters += changes[i].set ? '+' : '-') += changes[i].mode;
    outgoing line("MODE");
    line.with(room).with(letters);
    for (std::size_t i = at; i < end; ++i)
      if (!changes[i].value.empty()) line.with(changes[i].value);
    if (!line.refused()) pacing_.push(line.line());
  }
}

// What is still as it was has not been taken.
void irc_bridge::tell_settings(pending_command& asked, std::vector<room_setting> present) {
  const settings_work& work = *asked.settings;
  result_event told;
  told.n = asked.n;
  for (const setting_change& wish : work.sent ? work.wishes : std::vector<setting_change>()) {
    const room_setting* was = find_setting(work.before, wish.name);
    const room_setting* is = find_setting(present, wish.name);
    if (!was || !is || was->values != is->values || first_of(wish.values) == first_of(is->values))
      continue;
    told.ok = false;
    told.why = work.refusal;
    if (told.why.text.empty())
      told.why = {failure_code::bad_field, "The network does not take this.", {}};
    if (told.why.field.empty() || told.why.field == "room") told.why.field = wish.name;
    if (told.why.field == wish.name) break;
  }
  told.data = std::move(present);
  pending_.take(asked.n);
  listener_.on_result(std::move(told));
}

// The first thing the server had against the changes; false: it was about the question itself.
bool irc_bridge::keep_refusal(pending_command& asked, const message& refusal) {
  if (asked.what != waiting_for::settings || !asked.settings->sent) return false;
  failure& kept = asked.settings->refusal;
  if (!kept.text.empty()) return true;
  kept = failure_of(refusal);
  kept.field.clear();
  for (std::size_t i = 1; i + 1 < refusal.count && kept.field.empty(); ++i)
    kept.field = setting_of_mode(refusal.params[i], names());
  if (refusal.numeric() == 467 || refusal.numeric() == 525) kept.field = "password";
  return true;
}

}  // namespace halley::irc
