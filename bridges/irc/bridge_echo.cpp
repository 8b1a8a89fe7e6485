// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each own line is told exactly once, and its command answered once: by its echo (echo-message, with
// labels where the server speaks labeled-response), or, where there is none or it was swallowed,
// when a PING sent behind it comes back.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/refusal.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {

told_lines& irc_bridge::told() {
  if (!told_) told_ = std::make_unique<told_lines>();
  return *told_;
}

// My own line, come back from the network.
void irc_bridge::take_own_text(word what, const message& line) {
  std::optional<event> told = translate(what, line, names(), home_.loop().wall_now());
  if (!told) return;
  // A message to myself comes twice: as what I get, and as the echo, which has the label.
  const bool comes_twice = names().same(line.param(0), nick_) && caps_.has(cap::echo_message) &&
                           caps_.has(cap::labeled_response) && labelled_ == 0;
  if (auto* said = std::get_if<said_event>(&*told)) {
    if (comes_twice) return;
    if (!said->where.is_room) said->where.name = clean_field(line.param(0));
    return take_own_echo(std::move(*said), labelled_, piece_in_label(line.raw_tag("label")));
  }
  if (auto* data = std::get_if<data_event>(&*told)) {
    if (comes_twice) return;
    if (!data->where.is_room) data->where.name = clean_field(line.param(0));
    return take_own_data(std::move(*data), line.param(0));
  }
  if (auto* reacted = std::get_if<reacted_event>(&*told)) {
    if (!reacted->where.is_room) reacted->where.name = clean_field(line.param(0));
    reacted->self = true;
    emit(std::move(*reacted));
  }
}

// Its command is done by what follows the echo: the end of the labelled answer, or the PING's.
void irc_bridge::take_own_data(data_event data, std::string_view target) {
  pending_command* const asked = labelled_ != 0 ? pending_.find(labelled_)
                                                : pending_.find(waiting_for::data, target, names());
  if (asked && asked->what == waiting_for::data && !asked->pieces.empty()) {
    data.echo_of = asked->n;
    asked->pieces.clear();
  }
  data.self = true;
  emit(std::move(data));
}

// The server has taken it and echoes nothing.
void irc_bridge::tell_data_without_echo(const pending_command& done) {
  const std::string& both = done.pieces.front().text;
  const std::size_t space = both.find(' ');
  data_event told;
  told.where = {done.target, names().is_channel(done.target)};
  told.from = clean_field(nick_);
  told.type = both.substr(0, space);
  told.value = both.substr(space + 1);
  told.at = home_.loop().wall_now();
  told.self = true;
  told.echo_of = done.n;
  emit(std::move(told));
}

void irc_bridge::take_own_echo(said_event said, std::uint64_t n, std::uint32_t piece) {
  said.self = true;
  const own_line line = own_line_of(said, n, piece);
  if (told_ && (told_->has(line) || (n == 0 && told_->take_late(line)))) return;
  pending_command* asked = nullptr;
  std::size_t at = 0;
  const auto look_for = [&](pending_command& one, const auto& fits) {
    if (asked || one.what != waiting_for::said) return;
    const auto found = std::find_if(one.pieces.begin(), one.pieces.end(), fits);
    if (found == one.pieces.end()) return;
    asked = &one;
    at = static_cast<std::size_t>(found - one.pieces.begin());
  };
  if (n != 0) {
    pending_command* known = pending_.find(n);
    if (known) look_for(*known, [&](const said_piece& one) { return one.number == piece; });
    if (known && !asked) return;  // a copy
  } else if (!(caps_.has(cap::labeled_response) && caps_.has(cap::echo_message))) {
    const std::string to = said.audience + said.where.name;
    const auto in_order = [&](const auto& fits) {
      pending_.for_each([&](pending_command& one) {
        if (names().same(one.target, to)) look_for(one, fits);
      });
    };
    in_order([&](const said_piece& one) { return read_text(one.text).text == said.body.text; });
    if (!asked && told_ && said.id.empty() && told_->has_text(line, now())) return;
    // A server that changes texts echoes them in order at least.
    if (!asked) in_order([](const said_piece&) { return true; });
  }
  if (asked) return tell_piece(*asked, at, std::move(said), false);
  said.echo_of = n;  // of a command that was given up; 0: said by another client of mine
  told().add(line, false, now());
  emit(std::move(said));
}

// One line of a command is as good as in the room; with the last of them the command is done.
void irc_bridge::tell_piece(pending_command& asked, std::size_t at, said_event said, bool made_up) {
  const std::uint64_t n = asked.n;
  said.self = true;
  said.echo_of = n;
  if (asked.answer.id.empty()) asked.answer.id = said.id;
  told().add(own_line_of(said, n, asked.pieces[at].number), made_up, now());
  asked.pieces.erase(asked.pieces.begin() + static_cast<std::ptrdiff_t>(at));
  const bool done = asked.pieces.empty();
  event_ptr what = share(std::move(said));
  // What was made up has no time of the network: history is not asked for from there.
  if (!made_up)
    deliver(std::move(what));
  else if (!healing_ || !hold_back(what))
    listener_.on_event(std::move(what));
  if (done) finish(n);
}

// The PING has come back and the echo has not: the line has been taken.
void irc_bridge::tell_without_echo(pending_command& asked) {
  const std::uint64_t n = asked.n;
  for (std::size_t left = asked.pieces.size(); left > 0; --left) {
    said_event said;
    said.where = {asked.target, names().is_channel(asked.target) || is_in(asked.other)};
    if (!asked.other.empty()) {
      said.audience = asked.target.substr(0, asked.target.size() - asked.other.size());
      said.where.name = asked.other;
    }
    said.from = clean_field(nick_);
    said.body = read_text(asked.pieces.front().text);
    said.kind = asked.kind;
    said.at = home_.loop().wall_now();
    tell_piece(asked, 0, std::move(said), true);
  }
  if (pending_.find(n)) finish(n);
}

// A line whose echo is late: a PING behind it tells whether there will be one. False: nothing to
// wait for any more.
bool irc_bridge::wait_for_barrier(pending_command& late) {
  if (late.what != waiting_for::said || late.barrier) return false;
  late.barrier = true;
  late.deadline = now() + patience_ms + pacing_.delay();
  pacing_.push(outgoing("PING").text(print_label(late.n, 0)).line(), true);
  return true;
}

// Of a line that has just been asked for: when it will leave, if that is worth knowing.
void irc_bridge::tell_waiting(std::uint64_t n) {
  constexpr steady_ms worth_telling = 1000;
  const pending_command* asked = pending_.find(n);
  if (!asked || asked->what != waiting_for::said) return;
  const steady_ms wait = pacing_.leaves_in(asked->ends_at);
  if (wait >= worth_telling) listener_.on_waiting(n, wait);
}

void irc_bridge::tell_sent() {
  if (pending_.empty()) return;
  pending_.for_each([this](pending_command& one) {
    if (one.what != waiting_for::said || one.sent || !pacing_.has_left(one.ends_at)) return;
    one.sent = true;
    listener_.on_sent(one.n);
  });
}

}  // namespace halley::irc
