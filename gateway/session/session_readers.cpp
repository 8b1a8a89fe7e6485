// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a session does for those who read it: where one begins, what all of them have, and what is kept back
// while one of them is behind.
#include <algorithm>
#include <utility>

#include "gateway/session/session.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {

session::start_point session::begin_reading(reader_tag who, std::optional<std::uint64_t> since,
                                            std::string_view epoch) {
  const bool same_log = epoch.empty() || epoch == epoch_;
  if (since && same_log && log_.can_resume(*since)) {
    ++table_.counters_.resumed;
    readers_.begin(who, *since, loop_.now());
    tell_crowd();
    forget_what_all_have();
    return {*since, true, who};
  }
  // A proxy or a stalled connection has kept an old request while the page went on: a gap in the log
  // would be news to nobody but the page, which misses nothing.
  if (since && same_log && !log_.lost_since(*since))
    if (const auto reached = readers_.ahead_of(who, *since, loop_.now()))
      return {*reached, true, who};
  const std::uint64_t before = log_.last();
  if (since) tell_gap(*since, same_log);
  crowd_.reset();  // the state has it
  append_state();
  // A state larger than the whole outbox has lost its own beginning.
  const std::uint64_t cursor = std::max(before, log_.first() - 1);
  readers_.begin_anew(who, cursor, loop_.now());
  return {cursor, false, who};
}

// Reading begins behind everything that is kept: that is not told either, only the state is, and what
// the network remembers.
void session::tell_gap(std::uint64_t since, bool same_log) {
  gap_event gap;
  gap.reason = same_log ? "ring" : "node";
  gap.to_at = loop_.wall_now();
  if (same_log && since < log_.last()) {
    gap.from = since + 1;
    gap.to = log_.last();
    // What all readers had acknowledged is no loss of ours: the page that forgot it asks for history.
    if (const auto missing = log_.lost_since(since)) {
      gap.from_at = gap.to_at - (loop_.now() - *missing);
      gap.healing = bridge_ && bridge_->heal(gap.from_at);
    }
    if (gap.healing) ++table_.counters_.healings;
  }
  ++table_.counters_.gaps;
  append(share(std::move(gap)));
}

void session::acknowledge(reader_tag who, std::uint64_t number) {
  readers_.acknowledge(who, std::min(number, log_.last()), loop_.now());
  forget_what_all_have();
}

void session::forget_what_all_have() {
  if (readers_.size() > 1) readers_.forget_unseen_since(loop_.now() - limits_->grace_ms);
  log_.acknowledge(readers_.safe());
  on_reader_caught_up();
}

// --- readers that are slow or away --------------------------------------------------------------

// Whether what some reader has not taken yet fills this part of the log: that of a connection counts
// what was given to it, for nobody acknowledges on a one-way stream.
bool session::fills(std::size_t part) const {
  // Nobody lags by more than is kept, and that is little almost always.
  if (log_.size() <= limits_->outbox.count / part && log_.bytes() <= limits_->outbox.bytes / part)
    return false;
  std::uint64_t reached = UINT64_MAX;
  for (const carrier* one : carriers_)
    if (one->reader != no_reader) reached = std::min(reached, one->reached());
  if (reached == UINT64_MAX) reached = readers_.safe();
  const std::uint64_t lag = log_.last() - std::min(reached, log_.last());
  if (lag == 0 || log_.size() == 0) return false;
  return lag > limits_->outbox.count / part ||
         lag * (log_.bytes() / log_.size()) > limits_->outbox.bytes / part;
}

void session::on_reader_caught_up() {
  // Later than it began, so that a reader at the edge does not get a crowd of one each time.
  if (crowd_ && !fills(8)) tell_crowd();
}

// While readers are behind, talk has the log to itself: typing is dropped first, who comes and goes is
// told together when they have caught up, and when that is not enough data is dropped, and counted.
bool session::keep_back(const event& what) {
  const bool behind = crowd_ || fills(4);
  if (std::holds_alternative<typing_event>(what) && (behind || !told_attached_)) {
    ++table_.counters_.typing_dropped;
    return true;
  }
  if (!behind) return false;
  if (!crowd_) crowd_ = std::make_unique<crowd>();
  if (std::holds_alternative<data_event>(what) && fills(2)) {
    crowd_->lose_data();
    ++table_.counters_.data_dropped;
    return true;
  }
  const auto verdict = crowd_->take(what);
  if (verdict == crowd::verdict::after) tell_crowd();
  if (verdict != crowd::verdict::taken) return false;
  ++table_.counters_.presence_held;
  return true;
}

void session::tell_crowd() {
  const auto held = std::move(crowd_);
  if (!held) return;
  if (held->overflowed()) {
    ++table_.counters_.state_retold;
    append_state();
  }
  held->release([this](event what) {
    if (std::holds_alternative<members_changed_event>(what)) ++table_.counters_.crowds_told;
    append(share(std::move(what)));
  });
}

void session::append_state() {
  std::vector<event_ptr> state;
  if (bridge_) bridge_->describe(state);
  for (auto& one : state) append(std::move(one));
}

}  // namespace halley
