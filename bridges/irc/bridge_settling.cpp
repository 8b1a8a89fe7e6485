// SPDX-License-Identifier: GPL-3.0-or-later
//
// Own lines that were on their way when the connection went: the network's history tells whether they
// were said; where there is none, or it does not reach so far, that is what the visitor is told.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

constexpr steady_ms settling_ms = 60 * 1000;  // for coming back and asking
constexpr const char* not_sent = "It was not sent: the network went away first.";
constexpr const char* not_said = "It was not said: the network went away before it arrived.";
constexpr const char* perhaps = "The network went away before it answered; it may have been said.";

}  // namespace

void irc_bridge::set_says_aside() {
  const bool has_history = caps_.has(cap::batch);
  std::vector<std::uint64_t> said;
  pending_.for_each([&](const pending_command& one) {
    if (one.what == waiting_for::said) said.push_back(one.n);
  });
  for (const std::uint64_t n : said) {
    pending_command one = std::move(*pending_.take(n));
    const bool in_room = is_in(one.other.empty() ? one.target : one.other);
    if (!pacing_.has_left(one.begins_at))
      refuse(n, {failure_code::lost, not_sent, {}});
    else if (!has_history || !in_room)
      refuse(n, {failure_code::lost, perhaps, {}});
    else
      healing_->unsettled.push_back(std::move(one));
  }
  if (!healing_->unsettled.empty()) healing_->deadline = now() + settling_ms;
}

// True: an own line that has been told. Otherwise the command it belongs to is noted in it.
bool irc_bridge::recognise(said_event& mine) {
  const own_line line = own_line_of(mine, 0, 0);
  if (told_ && (told_->has(line) || told_->take_late(line))) return true;
  const std::string to = mine.audience + mine.where.name;
  for (pending_command& one : healing_->unsettled) {
    if (!names().same(one.target, to) || one.pieces.empty() ||
        read_text(one.pieces.front().text).text != mine.body.text)
      continue;
    mine.echo_of = one.n;
    if (one.answer.id.empty()) one.answer.id = mine.id;
    one.pieces.erase(one.pieces.begin());
    break;
  }
  told().add(line, false, now());
  return false;
}

// A line of this command was found in the history.
void irc_bridge::answer_settled(std::uint64_t n) {
  const auto settled =
      std::find_if(healing_->unsettled.begin(), healing_->unsettled.end(),
                   [n](const pending_command& asked) { return asked.n == n; });
  if (settled == healing_->unsettled.end() || !settled->pieces.empty()) return;
  result_event done = std::move(settled->answer);
  healing_->unsettled.erase(settled);
  done.n = n;
  listener_.on_result(std::move(done));
}

// Own lines said in this room ("": in all) that the history has not got.
void irc_bridge::settle(std::string_view room, bool complete) {
  auto& unsettled = healing_->unsettled;
  for (std::size_t i = 0; i < unsettled.size();) {
    const pending_command& one = unsettled[i];
    const std::string& said_in = one.other.empty() ? one.target : one.other;
    if (!room.empty() && (!profile_ || !names().same(said_in, room))) {
      ++i;
      continue;
    }
    const std::uint64_t n = one.n;
    // A part of it was heard: then all of it is not certain.
    const bool partly = one.pieces.back().number + 1 != one.pieces.size();
    unsettled.erase(unsettled.begin() + static_cast<std::ptrdiff_t>(i));
    refuse(n, {failure_code::lost, complete && !partly ? not_said : perhaps, {}});
  }
}

}  // namespace halley::irc
