// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/connection.hpp"

#include <utility>

#include "gateway/base/log.hpp"
#include "gateway/http/request_reader.hpp"

namespace halley {
namespace {

constexpr steady_ms linger_time = 2000;
// A client that takes nothing of its answer for this long is gone.
constexpr steady_ms send_time = 20 * 1000;
constexpr int reads_at_once = 16;

}  // namespace

struct http_connection::active {
  std::unique_ptr<request_reader> reader;  // until the request is complete: its answer may take long
  std::string leftover;  // read after the request
  client_address client;
  std::string origin;    // of the page, when it may read the answer
  std::string callback;  // of a script that gets the answer
  bool in_body = false;
  std::unique_ptr<held_answer> held;
  std::string unsent;
  std::string_view unsent_page;  // after `unsent`; lives as long as the pages
};

// Most of those that wait long belong to a page, few to a script, and hardly one has said more.
struct http_connection::parked {
  struct rare {
    std::string callback;
    std::string leftover;
  };
  std::string origin;
  std::unique_ptr<rare> more;
};

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

// --- reading
// --------------------------------------------------------------------------------------

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
      // Edge-triggered: what comes after a short read makes a new event; TLS may hold more itself.
      emptied = !stream_.is_tls() && done.size < buffer.size() && !hang_up;
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

// --- answering
// ------------------------------------------------------------------------------------

void http_connection::begin_answer(http_request&& request) {
  stage_ = stage::answering;
  timer_.cancel();
  active& now = *active_;
  head_only_ = request.method == http_method::head;
  keep_alive_ = request.keep_alive && !request.http_1_0 && !parts_.closing;
  std::string forwarded;
  for (const auto& [name, value] : request.fields)
    if (name == "x-forwarded-for") forwarded += forwarded.empty() ? value : "," + value;
  now.client = parts_.proxies.client_of(peer_, stream_.is_tls(), forwarded,
                                        request.field("x-forwarded-proto"));
  if (request.has_field("origin") && 
      parts_.origins.allows(request, now.client.secure, origin_rule::field_only))
    now.origin = request.field("origin");
  parts_.context.answers.answer(parts_, *this, std::move(request));
}

// Before there is a request to answer; afterwards the connection is in no known state.
void http_connection::refuse_request(int status, const char* text) {
  const failure why{
      status == 431 ? failure_code::too_large : failure_code::bad_request, text, ""};
  stage_ = stage::answering;
  keep_alive_ = false;
  respond(json_response(status, parts_.context.chat.print_failure(why)));
}

void http_connection::answer_as_script(std::string callback) {
  active_->callback = std::move(callback);
}

void http_connection::let_anybody_read() {
  active_->origin = "*";
}

void http_connection::hold(std::unique_ptr<held_answer> waiting) {
  active_->held = std::move(waiting);
}

void http_connection::hold(std::unique_ptr<waiting_answer> waiting) {
  waiting_ = std::move(waiting);
  park();
}

// Such an answer takes minutes, and what is needed for it is little.
void http_connection::park() {
  active& now = *active_;
  const bool more = !now.callback.empty() || !now.leftover.empty();
  if (more || !now.origin.empty())
    parked_ = std::make_unique<parked>(parked{
        std::move(now.origin),
        more ? std::make_unique<parked::rare>(
                   parked::rare{std::move(now.callback), std::move(now.leftover)})
             : nullptr});
  active_.reset();
}

void http_connection::unpark() {
  active_ = std::make_unique<active>();
  if (const auto was = std::move(parked_)) {
    active_->origin = std::move(was->origin);
    if (was->more) active_->callback = std::move(was->more->callback);
    if (was->more) active_->leftover = std::move(was->more->leftover);
  }
}

void http_connection::on_answer(int status, std::string json) {
  active_->held.reset();
  respond(json_response(status, std::move(json)));
}

const client_address& http_connection::client() const {
  return active_->client;
}

std::string http_connection::print_head(const http_response& answer) const {
  std::string out;
  out.reserve(512);
  out.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
  out += reason_phrase(answer.status);
  out += "\r\n";
  const auto add = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  for (const auto& [name, value] : answer.fields) add(name, value);
  if (!answer.content_type.empty()) add("Content-Type", answer.content_type);
  if (!active_->origin.empty()) {
    add("Access-Control-Allow-Origin", active_->origin);
    add("Access-Control-Expose-Headers", "Location");
    add("Vary", "Origin");
  }
  if (answer.status != 101) {
    add("Date", parts_.date());
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", "no-referrer");
    if (answer.close) add("Connection", "close");
  }
  out += "\r\n";
  return out;
}

void http_connection::respond(http_response answer) {
  ++parts_.counters.answers[answer.status / 100 % 6];
  if (!active_) unpark();
  active& now = *active_;
  if (!now.callback.empty()) answer = script_response(now.callback, answer);
  answer.close = answer.close || !keep_alive_;
  keep_alive_ = !answer.close;
  const std::string_view body = answer.shared_body != nullptr ? *answer.shared_body : answer.body;
  // RFC 9110, 8.6: no length where there can be no body.
  if (answer.status != 204 && answer.status != 304)
    answer.fields.emplace_back("Content-Length", std::to_string(body.size()));
  std::string out = print_head(answer);
  if (!head_only_ && answer.shared_body != nullptr)
    now.unsent_page = body;
  else if (!head_only_)
    out += body;
  now.unsent = std::move(out);
  stage_ = stage::sending;
  expect(send_time);
  send_more();
}

// --- sending
// --------------------------------------------------------------------------------------

void http_connection::send_more() {
  active& now = *active_;
  const std::size_t before = now.unsent.size() + now.unsent_page.size();
  std::string_view rest = now.unsent;
  io_state how = stream_.write_all(rest);
  if (how == io_state::ok) how = stream_.write_all(now.unsent_page);
  if (how == io_state::ok) return on_sent();
  if (how != io_state::would_block) return close();
  // Who takes nothing gets no more time, however much he says himself.
  if (rest.size() + now.unsent_page.size() < before) expect(send_time);
  now.unsent.erase(0, now.unsent.size() - rest.size());
}

void http_connection::on_sent() {
  if (!keep_alive_) return linger();
  stage_ = stage::reading;
  const std::string leftover = std::move(active_->leftover);
  active_.reset();
  expect(parts_.closing ? 0 : parts_.context.settings.idle_timeout_ms);
  const bool unread = unread_;
  unread_ = false;
  if (!leftover.empty()) {
    active_ = std::make_unique<active>();
    active_->leftover = leftover;
    expect(parts_.context.settings.header_timeout_ms);
  }
  // Given while its request was being read, the answer leaves the rest to that loop.
  if (!in_read_ && (active_ || unread)) ask_again();
}

// RFC 9112, 9.6: a socket closed with bytes unread would be reset, and the answer with it.
void http_connection::linger() {
  stage_ = stage::lingering;
  active_.reset();
  stream_.end_writing();
  expect(linger_time);
  const bool unread = unread_;
  unread_ = false;
  if (unread && !in_read_) ask_again();
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

}  // namespace halley
