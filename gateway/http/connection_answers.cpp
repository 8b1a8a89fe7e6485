// SPDX-License-Identifier: GPL-3.0-or-later
//
// The half of a connection from a whole request to the last byte of its answer.
#include <utility>

#include "gateway/http/connection.hpp"
#include "gateway/http/connection_parts.hpp"

namespace halley {
namespace {

constexpr steady_ms linger_time = 2000;
// A client that takes nothing of its answer for this long is gone.
constexpr steady_ms send_time = 20 * 1000;

}  // namespace

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

// --- sending --------------------------------------------------------------------------------------

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

}  // namespace halley
