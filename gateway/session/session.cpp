// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/session.hpp"

#include <algorithm>
#include <cmath>

#include "gateway/base/random.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {
namespace {

// A long poll is away between two requests, a reload for a moment: the network hears of an absence
// only after this long.
constexpr steady_ms absence_told_after = 10 * 1000;

result_event refusal(std::uint64_t n, failure why) {
  return {n, false, std::move(why), {}, {}};
}

}  // namespace

session::session(std::string id, const session_limits& limits, session_table& table, reactor& loop,
                 bridge_network& network, visitor who)
    : id_(std::move(id)),
      epoch_(random_token(6)),
      address_(who.address),
      limits_(&limits),
      table_(table),
      loop_(loop),
      network_(network),
      who_(std::make_unique<visitor>(std::move(who))),
      log_(limits.outbox),
      grace_(on_expiry<&session::on_grace>, this),
      tokens_(static_cast<float>(limits.command_burst)) {}

session::~session() = default;

void session::start() {
  told_attached_ = true;  // somebody has just asked for it
  leaves_at_ = loop_.now() + limits_->grace_ms;
  await_return();
  bridge_ = network_.enter(*who_, *this);
  who_.reset();
}

// --- carriers -----------------------------------------------------------------------------------

void session::attach(carrier& reader) {
  carriers_.push_back(&reader);
  if (reader.reader != no_reader) readers_.attach(reader.reader, loop_.now());
  grace_.cancel();
  leaves_at_ = 0;
  parting_ = false;
  if (!told_attached_) {
    table_.on_back(*this);
    if (bridge_) bridge_->on_attached(true);
    told_attached_ = true;
  }
  if (ended_ || log_.last() > 0) table_.wake_later(*this);
}

void session::detach(carrier& reader) {
  if (std::erase(carriers_, &reader) == 0) return;  // told that all is over
  readers_.detach(reader.reader, loop_.now());
  if (!carriers_.empty()) return;
  std::vector<carrier*>().swap(carriers_);
  if (!parting_) leaves_at_ = loop_.now() + limits_->grace_ms;
  await_return();
}

void session::leave_unless_back(steady_ms within) {
  if (ending_) return;
  const steady_ms at = loop_.now() + std::min(within, limits_->grace_ms);
  leaves_at_ = leaves_at_ == 0 ? at : std::min(leaves_at_, at);
  parting_ = true;
  if (carriers_.empty()) await_return();
  else grace_.arm(loop_.timers(), leaves_at_);
}

// First the network is told of the absence, then, when the time is over, the session leaves.
void session::await_return() {
  const steady_ms absent_at = loop_.now() + absence_told_after;
  grace_.arm(loop_.timers(), told_attached_ ? std::min(absent_at, leaves_at_) : leaves_at_);
}

void session::on_grace() {
  if (!carriers_.empty()) {  // one tab has said goodbye, another reader is here
    leaves_at_ = 0;
    parting_ = false;
    return;
  }
  if (grace_.deadline() < leaves_at_) {
    if (bridge_) bridge_->on_attached(false);
    told_attached_ = false;
    await_return();
    return table_.on_absent(*this);
  }
  if (ended_) return table_.destroy_later(*this);
  ++table_.counters_.grace_over;
  leave(parting_ ? std::string_view(network_config().quit_text) : "Connection lost");
}

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

// --- commands -----------------------------------------------------------------------------------

void session::submit(numbered_command what) {
  switch (window_.take(what.n)) {
    case command_window::verdict::pending:
      return;
    case command_window::verdict::answered:
      ++table_.counters_.commands_repeated;
      return append(share(*window_.answer(what.n)));
    case command_window::verdict::outside:
      ++table_.counters_.commands_refused;
      return append(share(refusal(
          what.n, {failure_code::repeated_outside,
                   "This was asked too long ago to know whether it was done.", "n"})));
    case command_window::verdict::full:
      ++table_.counters_.commands_refused;
      return append(share(refusal(
          what.n, {failure_code::too_many, "Too many commands wait for their answers.", "n"})));
    case command_window::verdict::fresh:
      break;
  }
  if (!bridge_)
    return refuse(what.n, {failure_code::not_online, "This session has ended.", ""});
  if (!take_token())
    return refuse(what.n, {failure_code::too_fast, "Slow down: too many commands at once.", "",
                           next_token_in()});
  ++table_.counters_.commands;
  bridge_->submit(what.n, what.what);
}

void session::refuse(std::uint64_t n, failure why) {
  ++table_.counters_.commands_refused;
  window_.take(n);
  on_result(refusal(n, std::move(why)));
}

bool session::take_token() {
  const steady_ms now = loop_.now();
  const auto passed = static_cast<float>(now - tokens_at_);
  tokens_at_ = now;
  tokens_ = std::min(static_cast<float>(limits_->command_burst),
                     tokens_ + passed * static_cast<float>(limits_->command_rate) / 1000);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

std::int64_t session::next_token_in() const {
  const float rate = static_cast<float>(limits_->command_rate);
  return rate > 0 ? static_cast<std::int64_t>(std::ceil((1 - tokens_) * 1000 / rate)) : 0;
}

// --- the end ------------------------------------------------------------------------------------

void session::leave(std::string_view reason) {
  if (ending_) return;
  ending_ = true;
  if (bridge_) bridge_->end(reason);
  else if (!ended_) on_ended({failure_code::lost, std::string(reason), ""});
}

void session::close(failure why, bool come_back) {
  if (ending_ || ended_) return;
  closing_event closing;
  closing.why = why;
  closing.come_back = come_back;
  append(share(std::move(closing)));
  leave(why.text);
}

// --- from the bridge ----------------------------------------------------------------------------

void session::on_event(event_ptr what) {
  if (!keep_back(what->value())) append(std::move(what));
}

void session::on_sent(std::uint64_t n) {
  if (window_.is_pending(n)) append(share(sent_event{n}));
}

void session::on_waiting(std::uint64_t n, std::int64_t ms) {
  if (window_.is_pending(n)) append(share(waiting_event{n, ms}));
}

void session::on_result(result_event answer) {
  if (!window_.settle(answer)) return;
  append(share(std::move(answer)));
}

void session::on_ended(failure why) {
  if (ended_) return;
  ended_ = true;
  if (!ending_) {
    closing_event closing;
    closing.why = std::move(why);
    append(share(std::move(closing)));
  }
  // Nobody is reading just now: whoever comes back within the grace time still learns why.
  if (carriers_.empty() && !ending_) return;
  table_.wake_later(*this);
}

void session::append(event_ptr what) {
  const steady_ms now = loop_.now();
  const std::uint64_t dropped = log_.dropped();
  log_.drop_older_than(now - limits_->outbox.age);
  log_.append(std::move(what), now);
  ++table_.counters_.events;
  if (log_.dropped() != dropped) table_.counters_.events_dropped += log_.dropped() - dropped;
  if (!carriers_.empty()) table_.wake_later(*this);
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

// At the end of a batch, called by the table.
void session::wake() {
  wake_scheduled_ = false;
  // Copies: a reader may detach itself or another while being woken.
  if (carriers_.size() == 1) {
    carriers_.front()->on_log_grown();
  } else {
    const auto readers = carriers_;
    for (carrier* reader : readers)
      if (std::find(carriers_.begin(), carriers_.end(), reader) != carriers_.end())
        reader->on_log_grown();
  }
  if (ended_) return tell_over();
  on_reader_caught_up();
}

// Readers have everything that was to be said.
void session::tell_over() {
  const auto readers = std::move(carriers_);
  carriers_ = {};
  for (carrier* reader : readers) reader->on_session_over(nullptr);
  if (!readers.empty() || ending_) table_.destroy_later(*this);
}

}  // namespace halley
