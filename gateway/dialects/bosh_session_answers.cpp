// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a BOSH session says, and when: answers, the servers' side, time.
#include <algorithm>
#include <utility>

#include "gateway/dialects/bosh_session.hpp"

namespace halley {

bool bosh_session::is_asked() const {
  return !early_.empty() ||
         std::any_of(held_.begin(), held_.end(), [](const held& one) { return one.reply; });
}

void bosh_session::flush(steady_ms now) {
  if (over_) return;
  // Requests whose connection has gone get an empty answer as soon as there is another: what was
  // meant for them would be lost.
  while (held_.size() > 1 && held_.front().reply == nullptr) answer_oldest({}, now);
  flush_ended(now);
  if (over_ || (!created_ && !streams_.front().is_ready(agreed_.restarts))) return;
  flush_news(now);
  // B-26: no more than `hold` wait; the oldest gets an empty answer.
  while (!over_ && held_.size() > (agreed_.wait == 0 ? 0 : agreed_.hold) &&
         held_.front().reply != nullptr)
    answer_oldest({}, now);
}

void bosh_session::flush_news(steady_ms now) {
  for (auto at = streams_.begin();
       at != streams_.end() && !held_.empty() && held_.front().reply != nullptr; ++at) {
    bosh_stream* of = &*at;
    // Who opens a stream is answered when that one is ready, with its name; others wait for that.
    if (bosh_stream* const opens = held_.front().opens) {
      if (!opens->is_ready(agreed_.restarts)) return;
      of = opens;
    }
    if (!of->has_news() && created_) continue;
    const std::string news = of->take_news();
    bosh_answer what;
    what.payload = news;
    answer_oldest(what, now, of);
    if (over_) return;
    set_pace(*of);
  }
}

// A stream that ended at its server. Nobody asks: whoever comes next hears of it.
void bosh_session::flush_ended(steady_ms now) {
  for (auto at = streams_.begin(); at != streams_.end() && !over_;) {
    bosh_stream& one = *at++;
    const bool asked = !held_.empty() && held_.front().reply != nullptr;
    const bosh_stream* const opens = held_.empty() ? nullptr : held_.front().opens;
    if (!one.has_ended() || !asked || (opens != nullptr && opens != &one)) continue;
    if (stream_count() == 1) return terminate(one.why_ended(), now);
    // XEP-0124, 16.6: this one only.
    const std::string payload = one.take_news().append(one.error());
    bosh_answer what;
    what.type = "terminate";
    what.condition = one.why_ended();
    what.payload = payload;
    answer_oldest(what, now, &one);
    if (!over_) close_stream(one);
  }
}

void bosh_session::answer_oldest(bosh_answer what, steady_ms now, bosh_stream* of, bool keep) {
  held oldest = std::move(held_.front());
  held_.erase(held_.begin());
  if (oldest.opens != nullptr && of == nullptr) of = oldest.opens;
  std::string terms;
  if (!created_) {
    created_ = true;
    bosh_stream& first = streams_.front();
    terms = print_creation({sid_, first.from(), first.name(), first.server()}, agreed_, terms_);
    what.session = terms;
    first.forget_header();
    if (agreed_.acks) what.ack = rid_;
  } else if (agreed_.acks && rid_ != oldest.rid) {
    what.ack = rid_;  // B-30
  }
  if (oldest.opens != nullptr) {
    terms = " from=\"" + oldest.opens->from() + "\"";
    what.session = terms;
    oldest.opens->forget_header();
  }
  const bool tells = !what.payload.empty() || !what.type.empty() || oldest.opens != nullptr;
  if (of != nullptr && tells && stream_count() > 1) what.stream = of->name();  // B-62
  std::string text = print_bosh_attributes(what);
  std::string body = oldest.reply == nullptr ? std::string() : print_bosh(text, what.payload);
  if (keep) {
    if (!agreed_.acks) answers_.trim(agreed_.requests() - 1);  // B-51; others: take_ack()
    const auto payload_at = static_cast<std::uint32_t>(text.size());
    text.reserve(text.size() + what.payload.size());
    text += what.payload;
    answers_.add({oldest.rid, std::move(text), std::move(oldest.key), now, payload_at,
                  of == nullptr ? 0 : of->id() & 0x7FFFFFFF, 0});
  }
  if (oldest.reply != nullptr)
    host_.answer(*oldest.reply, 200, *agreed_.content_type, std::move(body));
  if (!is_asked()) silent_since_ = now;
}

void bosh_session::refuse(bosh_reply& reply, std::string_view condition) {
  host_.answer(reply, agreed_.status_of(condition), *agreed_.content_type,
               print_bosh({.type = "terminate", .condition = condition}));
}

// B-46: the oldest request hears why, others that other-request was told.
void bosh_session::terminate(std::string_view condition, steady_ms now) {
  if (over_) return;
  over_ = true;
  bosh_stream& first = streams_.front();
  const std::string last = first.take_news().append(first.error());
  std::string terms;
  if (!created_)
    terms = print_creation({sid_, first.from(), first.name(), first.server()}, agreed_, terms_);
  bool told = false;
  for (const held& one : held_) {
    if (one.reply == nullptr) continue;
    bosh_answer what;
    what.type = "terminate";
    what.condition = told && !condition.empty() ? "other-request" : condition;
    if (!told) {
      what.payload = last;
      what.session = terms;
      if (!last.empty() && stream_count() > 1) what.stream = first.name();
    }
    if (agreed_.acks && rid_ != one.rid) what.ack = rid_;
    host_.answer(*one.reply, told ? 200 : agreed_.status_of(condition), *agreed_.content_type,
                 print_bosh(what));
    told = true;
  }
  for (const deferred& one : early_) refuse(*one.reply, "other-request");
  held_.clear();
  early_.clear();
  for (bosh_stream& one : streams_) one.close();
  silent_since_ = now;
  host_.on_over(condition);
}

void bosh_session::close_stream(bosh_stream& which) {
  for (held& one : held_)
    if (one.opens == &which) one.opens = nullptr;
  host_.close_way(which.id(), which.last_words());
  streams_.remove_if([&which](const bosh_stream& one) { return &one == &which; });
}

// --- the servers ----------------------------------------------------------------------------------

void bosh_session::on_open(unsigned stream, bool secure) {
  if (bosh_stream* const one = find_stream(stream)) one->on_open(secure);
}

void bosh_session::on_secure(unsigned stream) {
  if (bosh_stream* const one = find_stream(stream)) one->on_secure();
}

void bosh_session::from_server(unsigned stream, std::string_view bytes, steady_ms now) {
  bosh_stream* const one = find_stream(stream);
  if (over_ || one == nullptr) return;
  one->from_server(bytes);
  flush(now);
  if (!over_ && find_stream(stream) == one) set_pace(*one);
}

void bosh_session::on_lost(unsigned stream, steady_ms now) {
  bosh_stream* const one = find_stream(stream);
  if (one == nullptr) return;
  one->on_lost();
  flush(now);
}

void bosh_session::set_pace(bosh_stream& of) {
  const bool slow = of.news_size() >= terms_.pending_bytes;
  if (of.set_slowed(slow)) host_.read_way(of.id(), !slow);
}

std::string_view bosh_session::last_words(unsigned stream) {
  const bosh_stream* const one = find_stream(stream);
  return one == nullptr ? std::string_view() : one->last_words();
}

// --- time -----------------------------------------------------------------------------------------

steady_ms bosh_session::granted() const {
  return static_cast<steady_ms>(pause_ != 0 ? pause_ : terms_.inactivity) * 1000;
}

void bosh_session::on_time(steady_ms now) {
  // D-03: answered before the wait is over, so that no client gives up first.
  while (!over_ && !held_.empty() && held_.front().until <= now) {
    if (!created_ && !streams_.front().is_ready(false))
      return terminate("remote-connection-failed", now);
    answer_oldest({}, now);
  }
  // B-35: ends silently; whoever comes later finds nothing.
  if (!over_ && silent_since_ != 0 && now - silent_since_ >= granted()) terminate({}, now);
}

steady_ms bosh_session::next_deadline() const {
  steady_ms next = held_.empty() ? INT64_MAX : held_.front().until;
  if (silent_since_ != 0) next = std::min(next, silent_since_ + granted());
  return next;
}

}  // namespace halley
