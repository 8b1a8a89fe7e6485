// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/raw_conversation.hpp"

#include <utility>

namespace halley {
namespace {

// What may be kept of a browser that is there before it is looked up what has arrived: that is a
// system call.
constexpr std::size_t look_after = 32 * 1024;

constexpr unsigned most_silent = 2;  // heartbeats without a word

}  // namespace

raw_conversation::raw_conversation(const raw_context& context, std::unique_ptr<framing> speech,
                                   visitor from, tunnel_network* network, session_place place)
    : context_(context),
      speech_(std::move(speech)),
      place_(std::move(place)),
      from_(std::make_unique<visitor>(std::move(from))),
      network_(network) {}

raw_conversation::~raw_conversation() { leave_network(); }

void raw_conversation::leave_network() {
  if (tunnel_) network_->leave(std::move(tunnel_), speech_->last_words());
}

// --- the browser's side ---------------------------------------------------------------------------

void raw_conversation::begin(raw_leg& on) {
  leg_ = &on;
  text_ = on.is_text();
  speech_->on_browser(*this);
}

void raw_conversation::resume(raw_leg& on, std::string_view token, std::string_view detail) {
  if (leg_ != nullptr) {
    // A leg that is dead, but has not been missed yet.
    forget_arrived();
    std::exchange(leg_, nullptr)->end(farewell::finished, "Resumed by another connection");
  } else {
    context_.counts.absent.set(context_.counts.absent - 1);
  }
  resumption_->grace.cancel();
  take_token(token);
  ++context_.counts.resumed;
  leg_ = &on;
  on.serve(*this);
  missed_frames missed{resumption_->missed.take(), resumption_->missed.take_lost()};
  if (missed.some_lost) ++context_.counts.frames_lost;
  on.gather();
  speech_->on_resumed(missed, detail, *this);
  for (const std::string& frame : missed.frames) to_browser(frame);
  on.flush();
  if (std::exchange(network_paused_, false) && tunnel_) tunnel_->read(true);
}

// Two may be known: the one the browser came with before, and the one it was given then and perhaps never
// read. What it comes with now it has; the other it does not need.
void raw_conversation::take_token(std::string_view said) {
  resumption& mine = *resumption_;
  if (said == mine.token) std::swap(mine.token, mine.came_with);
  context_.hall.forget(std::exchange(mine.token, {}));
}

void raw_conversation::on_leg_gone(bool wanted) {
  if (over_) return;
  forget_arrived();
  leg_ = nullptr;
  if (!resumption_ || wanted || !tunnel_) return finish();
  wait_for_browser();
}

void raw_conversation::wait_for_browser() {
  context_.counts.absent.set(context_.counts.absent + 1);
  resumption_->grace.arm(context_.loop.timers(), context_.loop.now() + context_.limits.grace_ms);
  speech_->on_away(*this);
  if (std::exchange(network_paused_, false) && tunnel_) tunnel_->read(true);
}

void raw_conversation::on_grace_over() {
  context_.counts.absent.set(context_.counts.absent - 1);
  ++context_.counts.grace_over;
  finish();
}

void raw_conversation::finish() {
  if (std::exchange(over_, true)) return;
  if (resumption_) {
    context_.hall.forget(resumption_->token);
    context_.hall.forget(resumption_->came_with);
    resumption_->grace.cancel();
  }
  leave_network();
  context_.hall.retire(*this);
}

void raw_conversation::on_frame(std::string_view frame) {
  ++context_.counts.frames_from_browsers;
  speech_->from_browser(frame, *this);
}

void raw_conversation::forget_arrived() {
  if (resumption_ && leg_ != nullptr) resumption_->missed.forget(leg_->arrived());
}

void raw_conversation::on_leg_full() {
  if (!tunnel_ || network_paused_) return;
  network_paused_ = true;
  ++context_.counts.slow_readers;
  tunnel_->read(false);
}

void raw_conversation::on_leg_room() {
  if (std::exchange(network_paused_, false) && tunnel_) tunnel_->read(true);
}

void raw_conversation::on_heartbeat() {
  forget_arrived();
  const steady_ms now = context_.loop.now();
  // Whoever connects and never says a word that leads to a network holds a place for nothing.
  if (!tunnel_ && ++asked_ > most_silent) return end(farewell::lost, "Nothing was said");
  if (!tunnel_ || now - heard_at_ < steady_ms{network_->config().keepalive_s} * 1000) return;
  heard_at_ = now;
  speech_->on_quiet(asked_++, *this);
}

// --- the network's side ---------------------------------------------------------------------------

void raw_conversation::on_tunnel_open(bool secure) {
  heard_at_ = context_.loop.now();
  speech_->on_open(secure, *this);
}

void raw_conversation::on_tunnel_bytes(std::string_view bytes) {
  heard_at_ = context_.loop.now();
  asked_ = 0;
  raw_leg* const leg = leg_;  // lives until the end of the batch, whatever is said
  if (leg != nullptr) leg->gather();
  speech_->from_server(bytes, *this);
  if (leg != nullptr) leg->flush();
}

void raw_conversation::on_tunnel_room() {
  if (leg_ != nullptr) leg_->hold_back(false);
}

// --- what the framing says ------------------------------------------------------------------------

bool raw_conversation::connect(std::string_view name) {
  if (tunnel_) return true;
  if (network_ == nullptr) network_ = context_.networks.by_domain(name);
  if (network_ == nullptr) return false;
  tunnel_ = network_->open(*from_, *this);
  heard_at_ = context_.loop.now();
  from_.reset();
  return true;
}

void raw_conversation::to_browser(std::string_view frame) {
  if (over_) return;
  if (leg_ != nullptr) ++context_.counts.frames_to_browsers;
  const std::uint64_t end = leg_ != nullptr ? leg_->deliver(frame) : UINT64_MAX;
  if (!resumption_ || speech_->keeps_missed()) return;
  undelivered& missed = resumption_->missed;
  if (leg_ != nullptr && missed.bytes() > look_after) forget_arrived();
  missed.add(frame, end, context_.limits.outbox.bytes);
}

void raw_conversation::to_this_leg(std::string_view frame) {
  if (over_ || leg_ == nullptr) return;
  ++context_.counts.frames_to_browsers;
  leg_->deliver(frame);
}

void raw_conversation::to_server(std::string_view bytes) {
  if (tunnel_ && !tunnel_->send(bytes) && leg_ != nullptr) leg_->hold_back(true);
}

void raw_conversation::start_tls() {
  if (tunnel_) tunnel_->start_tls();
}

void raw_conversation::end(farewell how, std::string_view text) {
  if (over_) return;
  raw_leg* const leg = std::exchange(leg_, nullptr);
  if (leg == nullptr && resumption_ && resumption_->grace.armed())
    context_.counts.absent.set(context_.counts.absent - 1);
  if (leg != nullptr) leg->end(how, text);
  finish();
}

std::string raw_conversation::offer_resumption() {
  if (!resumption_)
    resumption_ = std::make_unique<resumption>(on_expiry<&raw_conversation::on_grace_over>, this);
  if (resumption_->token.empty()) resumption_->token = context_.hall.give_token(*this);
  return resumption_->token;
}

void raw_conversation::on_token_read() {
  if (resumption_ && !resumption_->came_with.empty())
    context_.hall.forget(std::exchange(resumption_->came_with, {}));
}

void raw_conversation::let_browser_go(std::string_view text) {
  if (leg_ == nullptr || !resumption_) return;
  raw_leg* const leg = std::exchange(leg_, nullptr);
  leg->end(farewell::finished, text);
  resumption_->missed.take();  // what was told has left before the end
  wait_for_browser();
}

bool raw_conversation::resume_other(std::string_view token, std::string_view detail) {
  if (leg_ == nullptr) return false;
  raw_talk* const other = context_.hall.find(token);
  if (other == nullptr) return leg_->look_elsewhere(token, detail);
  if (other == this || !other->can_resume_on(leg_->is_text())) return false;
  raw_leg& leg = *std::exchange(leg_, nullptr);
  finish();  // what it had begun on the network was for nothing
  other->resume(leg, token, detail);
  return true;
}

}  // namespace halley
