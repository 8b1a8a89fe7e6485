// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/session.hpp"

#include <algorithm>

#include "gateway/base/random.hpp"
#include "gateway/session/session_table.hpp"

namespace halley {
namespace {

// A long poll is away between two requests, a reload for a moment: the network hears of an absence
// only after this long.
constexpr steady_ms absence_told_after = 10 * 1000;

event_ptr refusal(std::uint64_t n, failure why) {
  result_event answer;
  answer.n = n;
  answer.ok = false;
  answer.why = std::move(why);
  return share(std::move(answer));
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
  detached_at_ = loop_.now();
  grace_.arm(loop_.timers(), detached_at_ + std::min(absence_told_after, limits_->grace_ms));
  told_attached_ = true;  // somebody has just asked for it
  bridge_ = network_.enter(*who_, *this);
  who_.reset();
}

// --- carriers -----------------------------------------------------------------------------------

void session::attach(carrier& reader) {
  carriers_.push_back(&reader);
  on_attachment_change();
  if (ended_ || log_.last() > 0) table_.wake_later(*this);
}

void session::detach(carrier& reader) {
  std::erase(carriers_, &reader);
  if (carriers_.empty()) std::vector<carrier*>().swap(carriers_);
  on_attachment_change();
}

void session::on_attachment_change() {
  if (!carriers_.empty()) {
    if (detached_at_ == 0) return;
    detached_at_ = 0;
    grace_.cancel();
    if (!told_attached_) table_.on_back(*this);
    if (!told_attached_ && bridge_) bridge_->on_attached(true);
    told_attached_ = true;
    return;
  }
  if (detached_at_ != 0) return;
  detached_at_ = loop_.now();
  grace_.arm(loop_.timers(), detached_at_ + std::min(absence_told_after, limits_->grace_ms));
}

// First the network is told of the absence, then, when the grace time is over, the session leaves.
void session::on_grace() {
  const steady_ms over = detached_at_ + limits_->grace_ms;
  if (loop_.now() < over) {
    if (bridge_) bridge_->on_attached(false);
    told_attached_ = false;
    grace_.arm(loop_.timers(), over);
    return table_.on_absent(*this);
  }
  if (ended_) return table_.destroy_later(*this);
  leave("Connection lost");
}

session::start_point session::begin_reading(std::optional<std::uint64_t> since,
                                            std::string_view epoch) {
  const bool same_log = epoch.empty() || epoch == epoch_;
  if (since && same_log && log_.can_resume(*since)) return {*since, true};
  const std::uint64_t before = log_.last();
  if (since) {
    gap_event gap;
    gap.reason = same_log ? "ring" : "node";
    // Reading begins behind everything that is kept: that is not told either, only the state is.
    if (same_log && *since < before) {
      gap.from = *since + 1;
      gap.to = before;
    }
    append(share(std::move(gap)));
  }
  std::vector<event_ptr> state;
  if (bridge_) bridge_->describe(state);
  for (auto& one : state) append(std::move(one));
  // A state larger than the whole outbox has lost its own beginning.
  return {std::max(before, log_.first() - 1), false};
}

void session::acknowledge(std::uint64_t number) { log_.acknowledge(std::min(number, log_.last())); }

// --- commands -----------------------------------------------------------------------------------

void session::submit(numbered_command what) {
  switch (window_.take(what.n)) {
    case command_window::verdict::pending:
      return;
    case command_window::verdict::answered:
      return append(share(*window_.answer(what.n)));
    case command_window::verdict::outside:
      return append(refusal(what.n, {failure_code::repeated_outside,
                                     "This was asked too long ago to know whether it was done.",
                                     "n"}));
    case command_window::verdict::full:
      return append(refusal(
          what.n, {failure_code::too_many, "Too many commands wait for their answers.", "n"}));
    case command_window::verdict::fresh:
      break;
  }
  if (!bridge_)
    return refuse(what.n, {failure_code::not_online, "This session has ended.", ""});
  if (!take_token())
    return refuse(what.n, {failure_code::too_fast, "Slow down: too many commands at once.", ""});
  bridge_->submit(what.n, what.what);
}

void session::refuse(std::uint64_t n, failure why) {
  window_.take(n);
  result_event answer;
  answer.n = n;
  answer.ok = false;
  answer.why = std::move(why);
  on_result(std::move(answer));
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

void session::on_event(event_ptr what) { append(std::move(what)); }

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
  log_.drop_older_than(now - limits_->outbox.age);
  log_.append(std::move(what), now);
  if (!carriers_.empty()) table_.wake_later(*this);
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
  if (ended_) tell_over();
}

// Readers have everything that was to be said.
void session::tell_over() {
  const auto readers = std::move(carriers_);
  carriers_ = {};
  for (carrier* reader : readers) reader->on_session_over(nullptr);
  if (!readers.empty() || ending_) table_.destroy_later(*this);
}

}  // namespace halley
