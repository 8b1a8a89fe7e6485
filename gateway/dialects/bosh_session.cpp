// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/base/random.hpp"

namespace halley {
namespace {

// 89 bits; no longer, so that it needs no memory of its own.
std::string stream_name() { return random_token(15); }

}  // namespace

bosh_session::bosh_session(const bosh_terms& terms, host& owner, const way& first, std::string sid)
    : terms_(terms), host_(owner), sid_(std::move(sid)) {
  streams_.emplace_front(0, stream_name(), *first.config, *first.out);
}

void bosh_session::begin(const bosh_request& first, bosh_reply& reply, steady_ms now) {
  rid_ = first.rid;
  agreed_ = bosh_agreement(first, terms_);
  keys_.begin(first.newkey);
  if (agreed_.script) octets_ = std::make_unique<bosh_octets>();
  asked_at_ = now;
  held_.push_back({first.rid, &reply, now + creation_time, {}});
  streams_.front().open(first);
}

// --- their order ----------------------------------------------------------------------------------

void bosh_session::take(bosh_request&& request, bosh_reply& reply, steady_ms now) {
  // XEP-0252: all of a session is in one syntax.
  if (over_ || request.script != agreed_.script) return refuse(reply, "item-not-found");
  if (request.rid <= rid_) {
    if (!repeat(request, reply, now)) {
      refuse(reply, "item-not-found");
      terminate("item-not-found", now);  // B-54: the same for too low and too high
    }
    return;
  }
  if (request.rid > rid_ + agreed_.requests()) {  // B-50
    refuse(reply, "item-not-found");
    return terminate("item-not-found", now);
  }
  if (request.rid > rid_ + 1 || held_back_) return defer(std::move(request), reply);
  process(std::move(request), reply, now);
  take_deferred(now);
  if (!over_) flush(now);
}

// It waits for its turn; a repeat of it replaces it (B-53).
void bosh_session::defer(bosh_request&& request, bosh_reply& reply) {
  silent_since_ = 0;
  for (deferred& one : early_) {
    if (one.request.rid != request.rid) continue;
    host_.answer(*std::exchange(one.reply, &reply), 200, *agreed_.content_type,
                 print_bosh({.type = "error"}));
    return;
  }
  early_.push_front({std::move(request), &reply});
}

void bosh_session::take_deferred(steady_ms now) {
  while (!over_ && !held_back_ && !early_.empty()) {
    auto before = early_.before_begin();
    auto at = early_.begin();
    while (at != early_.end() && at->request.rid != rid_ + 1) before = at++;
    if (at == early_.end()) return;
    deferred next = std::move(*at);
    early_.erase_after(before);
    process(std::move(next.request), *next.reply, now);
  }
}

void bosh_session::hold_back(bool wanted, steady_ms now) {
  held_back_ = wanted;
  if (wanted || over_) return;
  take_deferred(now);
  if (!over_) flush(now);
}

// A rid that has been seen. False: nobody knows any more what was answered.
bool bosh_session::repeat(const bosh_request& request, bosh_reply& reply, steady_ms now) {
  for (held& one : held_) {
    if (one.rid != request.rid) continue;
    if (one.key.text() != request.key) return false;  // B-56
    // B-53: the older connection gets a recoverable error, the newer one the answer to come.
    bosh_reply* const older = std::exchange(one.reply, &reply);
    if (older != nullptr)
      host_.answer(*older, 200, *agreed_.content_type, print_bosh({.type = "error"}));
    silent_since_ = 0;
    flush(now);
    return true;
  }
  const bosh_answered* const before = answers_.find(request.rid);
  if (before == nullptr || before->key.text() != request.key) return false;
  answers_.found_again(request.rid);
  if (silent_since_ != 0) silent_since_ = now;
  host_.answer(reply, 200, *agreed_.content_type,  // B-52: the very same bytes
               before->body());
  return true;
}

void bosh_session::forget(bosh_reply& gone, steady_ms now) {
  for (held& one : held_)
    // Its rid stays: a repeat is answered, and the next request goes on after it.
    if (one.reply == &gone) one.reply = nullptr;
  early_.remove_if([&gone](const deferred& one) { return one.reply == &gone; });
  if (!is_asked() && silent_since_ == 0) silent_since_ = now;
}

void bosh_session::on_answer_lost(std::uint64_t rid, steady_ms now) {
  if (over_) return;
  answers_.lose(rid);
  // A page that was reloaded has asked on before anybody knew; one that repeats finds it empty.
  const bool asks =
      std::any_of(held_.begin(), held_.end(), [](const held& one) { return one.reply; });
  if (!asks) return;
  say_lost_again();
  flush(now);
}

// --- what they say --------------------------------------------------------------------------------

void bosh_session::process(bosh_request&& request, bosh_reply& reply, steady_ms now) {
  rid_ = request.rid;
  held_.push_back({request.rid, &reply, now + static_cast<steady_ms>(agreed_.wait) * 1000,
                   bosh_key(request.key)});
  if (!keys_.take(request.key, request.newkey)) return terminate("item-not-found", now);
  if (octets_ && !octets_->take(request.octets, request.payload))
    return terminate("bad-request", now);
  if (is_too_active(request, now)) return terminate("policy-violation", now);
  asked_at_ = now;
  last_was_empty_ = request.is_empty();
  silent_since_ = 0;
  pause_ = 0;  // B-38
  say_lost_again();
  carry_out(std::move(request), now);
}

void bosh_session::carry_out(bosh_request&& request, steady_ms now) {
  bosh_stream* const named = find_stream(request.stream);
  if (!request.stream.empty() && named == nullptr) return terminate("item-not-found", now);  // B-62
  if (request.terminate) return end_by_client(request, named, now);
  if (request.pause) {
    if (*request.pause > terms_.pause_most) return terminate("policy-violation", now);
    return take_pause(*request.pause, now);
  }
  if (take_ack(request, now)) return;
  if (request.restart)  // what else it holds is ignored
    return for_each_meant(named, [&](bosh_stream& one) { one.open(request); });
  if (request.is_empty() && !request.to.empty() && created_) return open_another(request, now);
  for_each_meant(named, [&](bosh_stream& one) {
    for (const std::string& element : request.payload) one.send(element);
  });
}

// B-62: who names no stream means all of them.
template <class Do>
void bosh_session::for_each_meant(bosh_stream* named, Do&& act) {
  if (named != nullptr) return act(*named);
  for (bosh_stream& one : streams_) act(one);
}

// The client goes on after an answer that never arrived: it is told first what that had held.
void bosh_session::say_lost_again() {
  std::vector<bosh_answered> lost = answers_.take_lost();
  for (auto one = lost.rbegin(); one != lost.rend(); ++one)
    if (bosh_stream* const of = find_stream(one->stream)) of->say_again(one->payload());
}

bool bosh_session::is_too_active(const bosh_request& request, steady_ms now) {
  const bool soon = now - asked_at_ < static_cast<steady_ms>(terms_.polling) * 1000;
  if (!request.is_empty() || !soon || !request.to.empty()) {
    too_active_ = 0;
    return false;
  }
  const auto unanswered = static_cast<std::uint64_t>(
      std::count_if(held_.begin(), held_.end(), [](const held& one) { return one.reply; }));
  // B-41: as many as may be are open, and here is one more that says nothing.
  const bool crowds = !agreed_.polls() && unanswered >= agreed_.requests();
  // B-42: polls, and was told nothing, and polls again.
  const bool polls = agreed_.polls() && last_was_empty_ && created_;
  return (crowds || polls) && ++too_active_ >= most_too_active;
}

// B-30 to B-33. True: it has been answered, as the client lacks an answer or has never acknowledged any.
bool bosh_session::take_ack(const bosh_request& request, steady_ms now) {
  if (!agreed_.acks) return false;
  const std::uint64_t has = request.ack.value_or(request.rid - 1);
  answers_.forget_until(has);
  if (answers_.bytes() > terms_.unacknowledged_bytes ||
      answers_.count() > terms_.unacknowledged_answers) {
    terminate("policy-violation", now);
    return true;
  }
  const bosh_answered* const missing = answers_.oldest();
  if (missing == nullptr || held_.size() != 1 || missing->rid != has + 1) return false;
  bosh_answer what;
  what.report = missing->rid;
  what.time = static_cast<std::uint64_t>(std::clamp<steady_ms>(now - missing->at, 0, 65535));
  for_each_meant(find_stream(request.stream), [&](bosh_stream& one) {
    for (const std::string& element : request.payload) one.send(element);
  });
  answer_oldest(what, now);
  return true;
}

// B-37: everything is answered, without payload and without a place among the repeatable.
void bosh_session::take_pause(std::uint64_t seconds, steady_ms now) {
  while (!held_.empty()) answer_oldest({}, now, nullptr, false);
  pause_ = static_cast<std::uint32_t>(seconds);
  silent_since_ = now;
}

// B-61: an empty request that names a domain. One that cannot be had is answered as an empty one.
void bosh_session::open_another(const bosh_request& request, steady_ms) {
  if (stream_count() >= terms_.streams) return;
  const unsigned id = next_stream_++;
  const auto to = host_.open_way(id, request.to);
  if (!to) return;
  auto last = streams_.begin();
  while (std::next(last) != streams_.end()) ++last;
  bosh_stream& made = *streams_.emplace_after(last, id, stream_name(), *to->config, *to->out);
  held_.back().opens = &made;
  made.open(request);
}

// B-45, B-63: what it still has to say, then the end of that stream, or of all.
void bosh_session::end_by_client(const bosh_request& request, bosh_stream* named, steady_ms now) {
  for_each_meant(named, [&](bosh_stream& one) {
    for (const std::string& element : request.payload) one.send(element);
    one.close();
  });
  if (named == nullptr || stream_count() == 1) return terminate({}, now);
  close_stream(*named);
}

bosh_stream* bosh_session::find_stream(std::string_view name) {
  for (bosh_stream& one : streams_)
    if (!name.empty() && one.name() == name) return &one;
  return nullptr;
}

bosh_stream* bosh_session::find_stream(unsigned id) {
  for (bosh_stream& one : streams_)
    if (one.id() == id) return &one;
  return nullptr;
}

std::size_t bosh_session::stream_count() const {
  return static_cast<std::size_t>(std::distance(streams_.begin(), streams_.end()));
}

}  // namespace halley
