// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/stream_carrier.hpp"

#include <cstdint>
#include <utility>

namespace halley {
namespace {

// One write gathers about this much: a socket buffer's worth, and what a full socket leaves to
// keep.
constexpr std::size_t gather_size = 64 * 1024;

}  // namespace

stream_carrier::stream_carrier(const carrier_context& context, byte_stream stream)
    : browser_socket(context, std::move(stream), context.limits.heartbeat_ms) {}

void stream_carrier::on_over() {
  if (session_ != nullptr) std::exchange(session_, nullptr)->detach(*this);
}

void stream_carrier::join(std::string_view preface, session& of,
                          const session::start_point& start) {
  session_ = &of;
  cursor_ = start.cursor;
  reader = start.reader;
  of.attach(*this);
  wait_until(loop().now() + heartbeat());
  std::string& out = loop().write_buffer();
  out.assign(preface);
  append_hello(out, context().speech.hello(of, start));
  gather(out, gather_size);
  const bool last = ends_after(out);
  if (!write(out)) return;
  if (last) return finish(true);
  pump();
}

void stream_carrier::gather(std::string& out, std::size_t limit) {
  const outbox& log = session_->log();
  while (cursor_ < log.last() && cursor_ + 1 >= log.first() && out.size() < limit) {
    ++cursor_;
    append_event(out, cursor_, context().speech.encoded(log.at(cursor_)));
  }
}

void stream_carrier::pump() {
  while (session_ != nullptr) {
    const outbox& log = session_->log();
    if (cursor_ + 1 < log.first()) {
      // What it has not got is gone. Closed, it may come back with its cursor and is told of the
      // gap.
      ++context().counts.slow_readers;
      std::string out;
      append_fell_behind(out);
      if (reply(out)) finish(true);
      return;
    }
    if (is_full() || cursor_ == log.last()) return;
    std::string& out = loop().write_buffer();
    out.clear();
    gather(out, gather_size);
    const bool last = ends_after(out);
    if (!write(out)) return;
    if (last) return finish(true);
  }
}

void stream_carrier::on_room() {
  pump();
  if (session_ != nullptr && !is_full()) session_->on_reader_caught_up();
}

void stream_carrier::on_session_over(const failure* why) {
  std::string out;
  if (session_ != nullptr) gather(out, SIZE_MAX);
  session_ = nullptr;
  append_end(out, why);
  if (write(out)) finish(true);
}

}  // namespace halley
