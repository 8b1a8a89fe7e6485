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

// --- the end of a batch -------------------------------------------------------------------------

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
