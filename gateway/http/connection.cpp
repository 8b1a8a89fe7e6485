// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/connection.hpp"

#include <utility>

#include "gateway/http/connection_parts.hpp"

namespace halley {
namespace {

constexpr int reads_at_once = 16;

}  // namespace

http_connection::http_connection(http_parts& parts, byte_stream stream, socket_peer peer)
    : parts_(parts),
      stream_(std::move(stream)),
      peer_(peer),
      timer_(on_expiry<&http_connection::on_timer>, this) {}

http_connection::~http_connection() {
  let_go();
}

bool http_connection::is_answer_underway() const {
  return waiting_ && stream_.is_open() && stage_ != stage::answering &&
         (stage_ == stage::sending || stream_.unacknowledged() > 0);
}

void http_connection::let_go() {
  timer_.cancel();
  if (is_answer_underway()) waiting_->on_answer_lost();
  waiting_.reset();
  active_.reset();
  parked_.reset();
  if (!stream_.is_open()) return;
  parts_.context.loop.forget(stream_.fd(), *this);
  stream_.close();
}

void http_connection::close() {
  if (!stream_.is_open()) return;
  let_go();
  parts_.open.retire(*this);
}

void http_connection::expect(steady_ms within) {
  timer_.arm(parts_.context.loop.timers(), parts_.context.loop.now() + within);
}

void http_connection::start() {
  parts_.context.loop.watch(stream_.fd(), *this);
  expect(parts_.context.settings.header_timeout_ms);
  if (parts_.context.tls == nullptr) return;
  stream_.start_tls(parts_.context.tls->make());
  stage_ = stage::handshaking;
}

void http_connection::resume(std::optional<http_request> request, std::string leftover) {
  if (!request) return start();
  parts_.context.loop.watch(stream_.fd(), *this);
  active_ = std::make_unique<active>();
  active_->leftover = std::move(leftover);
  begin_answer(*std::move(request));
}

handed_connection http_connection::give_away() {
  timer_.cancel();
  parts_.context.loop.forget(stream_.fd(), *this);
  handed_connection out{std::move(stream_), peer_, std::nullopt, std::move(active_->leftover)};
  parts_.open.retire(*this);
  return out;
}

void http_connection::on_timer() {
  const bool has_request = stage_ == stage::reading && active_;
  if (!has_request) return close();
  ++parts_.counters.timed_out;
  refuse_request(408, "The request took too long to arrive.");
}

// --- reading --------------------------------------------------------------------------------------

void http_connection::on_ready(readiness what) {
  switch (stage_) {
    case stage::handshaking:
      return shake_hands();
    case stage::reading:
    case stage::lingering:
      if (what.readable || stream_.is_tls() || active_) read_some(what.hang_up);
      return;
    case stage::answering:
      // Nobody waits for the answer any more.
      if (what.hang_up) return close();
      unread_ = unread_ || what.readable;
      return;
    case stage::sending:
      unread_ = unread_ || what.readable;
      return send_more();
  }
}

void http_connection::shake_hands() {
  const io_result done = stream_.handshake();
  if (done.state == io_state::would_block) return;
  if (done.state != io_state::ok) return close();
  stage_ = stage::reading;
  read_some(false);
}

void http_connection::read_some(bool hang_up) {
  in_read_ = true;
  const bool more = read_requests(hang_up);
  in_read_ = false;
  if (more) ask_again();
}

// True when there may be more than one turn's worth to read.
bool http_connection::read_requests(bool hang_up) {
  const std::span<char> buffer = parts_.context.loop.read_buffer();
  for (int i = 0; i < reads_at_once; ++i) {
    bool emptied = false;
    if (active_ && !active_->leftover.empty()) {
      const std::string bytes = std::exchange(active_->leftover, {});
      take_bytes(bytes);
    } else {
      const io_result done = stream_.read(buffer);
      if (done.state == io_state::would_block) return false;
      if (done.state != io_state::ok) {
        close();
        return false;
      }
      emptied = done.emptied && !hang_up;
      if (stage_ != stage::lingering) take_bytes({buffer.data(), done.size});
    }
    if (!stream_.is_open()) return false;
    if (stage_ == stage::answering || stage_ == stage::sending) {
      unread_ = unread_ || !emptied;
      return false;
    }
    if (emptied && !(active_ && !active_->leftover.empty())) return false;
  }
  return true;
}

// That makes a new event, which serves what waits: others had their turn.
void http_connection::ask_again() {
  parts_.context.loop.ask_again(stream_.fd(), *this);
}

void http_connection::take_bytes(std::string_view bytes) {
  const http_settings& settings = parts_.context.settings;
  if (!active_) {
    active_ = std::make_unique<active>();
    expect(settings.header_timeout_ms);
  }
  if (!active_->reader)
    active_->reader = std::make_unique<request_reader>(settings.header_limit, settings.body_limit,
                                                       &parts_.context.answers);
  request_reader& reader = *active_->reader;
  switch (reader.feed(bytes)) {
    case request_reader::state::head:
      if (!reader.is_empty()) return;
      active_.reset();
      return;
    case request_reader::state::body:
      if (!std::exchange(active_->in_body, true)) expect(settings.body_timeout_ms);
      if (reader.wants_continue()) stream_.write("HTTP/1.1 100 Continue\r\n\r\n");
      return;
    case request_reader::state::broken:
      if (reader.fault().status == 413) break;  // in the words of its protocol
      return refuse_request(reader.fault().status, reader.fault().text);
    case request_reader::state::complete:
      break;
  }
  waiting_.reset();  // who asks again has read the answer before
  ++parts_.counters.requests;
  http_request request = reader.take();
  active_->leftover = reader.take_leftover();
  active_->reader.reset();
  begin_answer(std::move(request));
}

}  // namespace halley
