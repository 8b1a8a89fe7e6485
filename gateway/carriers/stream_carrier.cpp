// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/stream_carrier.hpp"

#include <utility>

namespace halley {
namespace {

// One write gathers about this much: a socket buffer's worth, and what a full socket leaves to
// keep.
constexpr std::size_t gather_size = 64 * 1024;
// What may wait outside of the log: answers to pings and to texts that made no sense.
constexpr std::size_t most_unsent = 2 * gather_size;
// Last words and the close handshake.
constexpr steady_ms finish_time = 5000;
constexpr int most_silent = 2;  // heartbeats without an answer
// A browser that sends without end lets the others of the shard have their turn after this many.
constexpr int reads_at_once = 16;

}  // namespace

stream_carrier::stream_carrier(const carrier_context& context, byte_stream stream)
    : context_(context),
      stream_(std::move(stream)),
      timer_(on_expiry<&stream_carrier::on_timer>, this),
      heartbeat_ms_(static_cast<std::uint32_t>(context.limits.heartbeat_ms)) {}

stream_carrier::~stream_carrier() {
  let_go();
}

void stream_carrier::let_go() {
  timer_.cancel();
  if (session_ != nullptr) std::exchange(session_, nullptr)->detach(*this);
  if (!stream_.is_open()) return;
  context_.loop.forget(stream_.fd(), *this);
  stream_.close();
}

void stream_carrier::drop() {
  if (!stream_.is_open()) return;
  let_go();
  context_.open.retire(*this);
}

byte_stream stream_carrier::hand_out() {
  context_.loop.forget(stream_.fd(), *this);
  byte_stream out = std::move(stream_);
  let_go();
  context_.open.retire(*this);
  return out;
}

void stream_carrier::begin(std::string_view preface, session& of,
                           const session::start_point& start) {
  context_.loop.watch(stream_.fd(), *this);
  join(preface, of, start);
}

void stream_carrier::begin_waiting(std::string_view preface, steady_ms deadline) {
  context_.loop.watch(stream_.fd(), *this);
  timer_.arm(context_.loop.timers(), deadline);
  send(preface);
}

void stream_carrier::join(std::string_view preface, session& of,
                          const session::start_point& start) {
  session_ = &of;
  cursor_ = start.cursor;
  reader = start.reader;
  of.attach(*this);
  timer_.arm(context_.loop.timers(), context_.loop.now() + heartbeat_ms_);
  std::string& out = context_.loop.write_buffer();
  out.assign(preface);
  append_hello(out, context_.speech.hello(of, start));
  gather(out, gather_size);
  const bool last = ends_after(out);
  if (!send(out)) return;
  if (last) return finish(true);
  pump();
}

// --- events -------------------------------------------------------------------------------------

void stream_carrier::gather(std::string& out, std::size_t limit) {
  const outbox& log = session_->log();
  while (cursor_ < log.last() && cursor_ + 1 >= log.first() && out.size() < limit) {
    ++cursor_;
    append_event(out, cursor_, context_.speech.encoded(log.at(cursor_)));
  }
}

void stream_carrier::pump() {
  while (session_ != nullptr) {
    const outbox& log = session_->log();
    if (cursor_ + 1 < log.first()) {
      // What it has not got is gone. Closed, it may come back with its cursor and is told of the
      // gap.
      ++context_.counts.slow_readers;
      std::string out;
      append_fell_behind(out);
      if (send(out)) finish(true);
      return;
    }
    if (unsent_ || cursor_ == log.last()) return;
    std::string& out = context_.loop.write_buffer();
    out.clear();
    gather(out, gather_size);
    const bool last = ends_after(out);
    if (!write(out)) return;
    if (last) return finish(true);
  }
}

void stream_carrier::on_session_over(const failure* why) {
  std::string out;
  if (session_ != nullptr) gather(out, SIZE_MAX);
  session_ = nullptr;
  append_end(out, why);
  if (unsent_)
    *unsent_ += out;
  else if (!write(out))
    return;
  finish(true);
}

// --- writing ------------------------------------------------------------------------------------

bool stream_carrier::send(std::string_view bytes) {
  if (!unsent_) return write(bytes);
  if (unsent_->size() + bytes.size() > most_unsent) {
    drop();
    return false;
  }
  unsent_->append(bytes);
  return true;
}

bool stream_carrier::write(std::string_view bytes) {
  switch (stream_.write_all(bytes)) {
    case io_state::ok:
      return true;
    case io_state::would_block:
      unsent_ = std::make_unique<std::string>(bytes);
      return true;
    case io_state::closed:
    case io_state::failed:
      break;
  }
  drop();
  return false;
}

void stream_carrier::write_unsent() {
  const auto bytes = std::move(unsent_);
  silent_ = 0;  // the socket has room again: the peer has read
  if (!write(*bytes) || unsent_) return;
  if (!finishing_) {
    if (session_ == nullptr) return on_free();
    pump();
    if (session_ != nullptr && !unsent_) session_->on_reader_caught_up();
    return;
  }
  if (!lingering_) return drop();
  stream_.end_writing();
}

void stream_carrier::finish(bool linger) {
  if (finishing_ || !stream_.is_open()) return;
  finishing_ = true;
  lingering_ = linger;
  if (session_ != nullptr) std::exchange(session_, nullptr)->detach(*this);
  if (!unsent_) {
    if (!linger) return drop();
    // The peer reads our last words to their end; closing at once might reset them away.
    stream_.end_writing();
  }
  timer_.arm(context_.loop.timers(), context_.loop.now() + finish_time);
}

// --- readiness ----------------------------------------------------------------------------------

void stream_carrier::on_ready(readiness what) {
  if (unsent_ && (what.writable || stream_.is_tls())) write_unsent();
  if (is_open() && (what.readable || stream_.is_tls())) read_all(what.hang_up);
}

void stream_carrier::read_all(bool hang_up) {
  const std::span<char> buffer = context_.loop.read_buffer();
  for (int i = 0; i < reads_at_once; ++i) {
    const io_result done = stream_.read(buffer);
    if (done.state == io_state::would_block) return;
    if (done.state != io_state::ok) return drop();
    silent_ = 0;
    on_bytes(buffer.first(done.size));
    if (!is_open()) return;
    // Edge-triggered: what comes after a short read makes a new event; TLS may hold more itself.
    if (!stream_.is_tls() && done.size < buffer.size() && !hang_up) return;
  }
  context_.loop.ask_again(stream_.fd(), *this);
}

void stream_carrier::on_timer() {
  if (finishing_) return drop();
  if (session_ == nullptr) return on_deadline();
  if (!seems_silent()) {
    silent_ = 0;
  } else if (++silent_ > most_silent) {
    ++context_.counts.dead_peers;
    return drop();
  }
  timer_.arm(context_.loop.timers(), context_.loop.now() + heartbeat_ms_);
  if (unsent_) return;
  std::string out;
  append_heartbeat(out);
  write(out);
}

}  // namespace halley
