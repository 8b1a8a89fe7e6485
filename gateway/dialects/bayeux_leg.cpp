// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bayeux_leg.hpp"

#include <algorithm>

#include "gateway/dialects/bayeux_events.hpp"

namespace halley {
namespace {

const reader_tag nameless = tag_of_reader("");

}  // namespace

// --- replies that wait --------------------------------------------------------------------------

void bayeux_task::finish() {
  if (told) return;
  told = true;
  if (const auto to = batch.lock()) to->complete(slot, std::move(reply).print());
}

void bayeux_task::settle(const failure* why, std::string_view argument) {
  if (told) return;
  // One that fails fails the whole; what else was asked goes on.
  if (why != nullptr) reply.fail(*why, argument);
  if (missing > 0) --missing;
  if (missing == 0 || why != nullptr) finish();
}

// --- the session --------------------------------------------------------------------------------

bayeux_leg::bayeux_leg(owner& whose, session_table& sessions, session& made)
    : owner_(whose),
      sessions_(sessions),
      config_(made.network_config()),
      session_id_(made.id()),
      entered_at_(made.loop().now()) {
  reader = nameless;
  made.begin_reading(nameless, 0, made.epoch());
}

bayeux_leg::~bayeux_leg() {
  if (attached_ != nullptr) attached_->detach(*this);
}

void bayeux_leg::set_present(bool present) {
  if (present == (attached_ != nullptr)) return;
  if (!present) {
    std::exchange(attached_, nullptr)->detach(*this);
    return;
  }
  session* const of = find();
  if (of == nullptr) return;
  attached_ = of;
  of->attach(*this);
}

void bayeux_leg::skip_gap() {
  session* const of = find();
  if (of == nullptr) return;
  given = of->begin_reading(nameless, given, of->epoch()).cursor;
  offered = safe = given;
}

void bayeux_leg::on_log_grown() {
  scan();
  owner_.on_log_grown(*this);
}

void bayeux_leg::on_session_over(const failure* why) {
  attached_ = nullptr;
  scan();
  on_hopeless(why != nullptr ? *why
                             : failure{failure_code::not_online, "This session has ended.", ""});
  over_ = true;
  owner_.on_leg_over(*this);
}

// --- commands -----------------------------------------------------------------------------------

bool bayeux_leg::submit(command what, bayeux_call call) {
  session* const of = find();
  if (of == nullptr || calls_.size() >= most_calls) return false;
  if (!online_ && waiting_.size() >= most_waiting) return false;
  const std::uint64_t n = next_n_++;
  call.n = n;
  calls_.push_back(std::move(call));
  if (online_)
    of->submit({n, std::move(what)});
  else
    waiting_.push_back({n, std::move(what)});
  return true;
}

void bayeux_leg::repeat(std::uint64_t n, command what, bayeux_call call) {
  session* const of = find();
  if (of == nullptr || calls_.size() >= most_calls) {
    const failure lost{failure_code::lost, "Too much waits for the network.", ""};
    if (call.task) call.task->settle(&lost, call.channel);
    return;
  }
  call.n = n;
  calls_.push_back(std::move(call));
  const bool waits = std::any_of(waiting_.begin(), waiting_.end(),
                                 [n](const numbered_command& one) { return one.n == n; });
  if (!waits) of->submit({n, std::move(what)});
}

bayeux_call* bayeux_leg::find_call(std::uint64_t n) {
  const auto at = std::find_if(calls_.begin(), calls_.end(),
                               [n](const bayeux_call& one) { return one.n == n; });
  return at == calls_.end() ? nullptr : &*at;
}

bool bayeux_leg::has_joined(std::string_view segment) const {
  return std::find(joined_.begin(), joined_.end(), segment) != joined_.end();
}

void bayeux_leg::forget_told(std::uint64_t up_to) {
  std::erase_if(calls_,
                [up_to](const bayeux_call& one) { return one.told != 0 && one.told <= up_to; });
}

// --- what the log says --------------------------------------------------------------------------

void bayeux_leg::scan() {
  session* const of = find();
  if (of == nullptr) return;
  for (seen_ = std::max(seen_, of->log().first() - 1); seen_ < of->log().last();) {
    const event_ptr what = of->log().at(++seen_);
    look_at(what, seen_);
  }
}

void bayeux_leg::look_at(const event_ptr& what, std::uint64_t number) {
  const event& value = what->value();
  const auto segment = [&] {
    const std::string& channel = channel_of(what, config_);
    return channel.substr(channel.rfind('/') + 1);
  };
  if (std::holds_alternative<online_event>(value)) {
    state_ = what;
    on_online();
  } else if (const auto* offline = std::get_if<offline_event>(&value)) {
    state_ = what;
    online_ = false;
    if (offline->final) on_hopeless(offline->why);
  } else if (const auto* closing = std::get_if<closing_event>(&value)) {
    on_hopeless(closing->why);
  } else if (const auto* answer = std::get_if<result_event>(&value)) {
    settle(*answer);
  } else if (const auto* history = std::get_if<history_event>(&value)) {
    if (bayeux_call* call = history->n != 0 ? find_call(history->n) : nullptr)
      call->history = number;
  } else if (const auto* joined = std::get_if<joined_event>(&value)) {
    if (joined->self && !has_joined(segment())) joined_.push_back(segment());
  } else if (const auto* left = std::get_if<left_event>(&value)) {
    if (left->self && !left->room.empty()) std::erase(joined_, segment());
  } else if (const auto* kicked = std::get_if<kicked_event>(&value)) {
    if (kicked->self) std::erase(joined_, segment());
  }
}

void bayeux_leg::on_online() {
  online_ = true;
  session* const of = find();
  for (numbered_command& one : std::exchange(waiting_, {})) of->submit(std::move(one));
}

// Nothing that waits will be carried out.
void bayeux_leg::on_hopeless(const failure& why) {
  online_ = false;
  waiting_.clear();
  std::vector<std::uint64_t> open;
  for (const bayeux_call& one : calls_)
    if (one.told == 0) open.push_back(one.n);
  for (const std::uint64_t n : open) {
    result_event answer;
    answer.n = n;
    answer.ok = false;
    answer.why = why;
    settle(answer);
  }
}

// Plain ones are done with it; the others stay until their result has been given to the client. A
// repeated command has several calls under one number.
void bayeux_leg::settle(const result_event& answer) {
  std::vector<bayeux_call> done;
  std::erase_if(calls_, [&](bayeux_call& one) {
    if (one.n != answer.n || one.what != bayeux_call::kind::plain) return false;
    done.push_back(std::move(one));
    return true;
  });
  for (bayeux_call& one : done) owner_.on_result(*this, std::move(one), answer);
}

}  // namespace halley
