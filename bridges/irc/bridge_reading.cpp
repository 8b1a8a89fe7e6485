// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far the visitor has read, as the network keeps it for all his devices (IRCv3 draft/read-marker).
#include "bridges/irc/bridge.hpp"
#include "bridges/irc/refusal.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {

void irc_bridge::carry_out(std::uint64_t n, const mark_read_command& what) {
  if (!caps_.has(cap::read_marker))
    return refuse(n, not_supported("This network does not keep what has been read."));
  if (!check_target(n, what.to)) return;
  if (!marks_) marks_ = std::make_unique<mark_pacing>();
  if (auto mark = marks_->take({what.to, {}, what.at}, now())) tell_mark(*mark);
  answer(n);
}

void irc_bridge::tell_mark(const mark_pacing::mark& what) {
  outgoing line("MARKREAD");
  line.with(what.to).with("timestamp=" + print_iso_time(what.at));
  if (line.refused() || !pacing_.has_room(1)) return;
  pacing_.push(line.line());
}

void irc_bridge::tell_due_marks() {
  if (!marks_) return;
  while (const auto mark = marks_->due(now())) tell_mark(*mark);
  if (marks_->next_turn() == INT64_MAX) marks_.reset();
}

// Before the visitor goes: what still waited for its turn.
void irc_bridge::tell_last_marks() {
  if (!marks_) return;
  while (const auto mark = marks_->take_any())
    link_.send(outgoing("MARKREAD")
                   .with(mark->to)
                   .with("timestamp=" + print_iso_time(mark->at))
                   .line());
  marks_.reset();
}

// "MARKREAD <target> timestamp=<time>", or "*" where nothing has been read. Sent when a room is entered,
// when another device has read on, and as the answer to ours.
void irc_bridge::take_marker(const message& line) {
  const std::string_view value = line.param(1);
  constexpr std::string_view key = "timestamp=";
  if (!value.starts_with(key)) return;
  const auto at = parse_iso_time(value.substr(key.size()));
  if (!at) return;
  own_room* const room = find_room(line.param(0));
  if (room != nullptr) {
    if (room->read_at >= *at) return;
    room->read_at = *at;
  }
  emit(read_marker_event{{room ? room->name : clean_field(line.param(0)), room != nullptr}, {}, *at});
}

}  // namespace halley::irc
