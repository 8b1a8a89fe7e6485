// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <utility>

#include "gateway/base/ascii.hpp"
#include "gateway/base/errors.hpp"
#include "gateway/http/http_context.hpp"

namespace halley {
namespace http = boost::beast::http;

namespace {

http_method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return http_method::get;
    case http::verb::head:
      return http_method::head;
    case http::verb::post:
      return http_method::post;
    case http::verb::delete_:
      return http_method::delete_;
    case http::verb::options:
      return http_method::options;
    default:
      return http_method::other;
  }
}

// RFC 9112, 3.2.2: the absolute form, as proxies get it, means the same as the path in it.
std::string path_form(std::string target) {
  const std::size_t scheme = target.find("://");
  if (scheme != 4 && scheme != 5) return target;
  target.erase(0, std::min(target.find('/', scheme + 3), target.size()));
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  return target;
}

}  // namespace

request_reader::request_reader(std::size_t header_limit, std::size_t body_limit,
                               const answerer* rules)
    : header_limit_(header_limit), body_limit_(body_limit), rules_(rules) {}

request_reader::state request_reader::refuse_body() {
  request_.body.clear();
  request_.oversized = true;
  request_.keep_alive = false;
  return fail(413, "The request body is too large.");
}

request_reader::state request_reader::fail(int status, const char* text) {
  fault_ = {status, text};
  return state_ = state::broken;
}

request_reader::state request_reader::feed(std::string_view bytes) {
  kept_.append(bytes);
  if (state_ == state::head) read_head();
  if (state_ == state::body) read_body();
  return state_;
}

void request_reader::read_head() {
  // RFC 9112, 2.2: empty lines before a request are ignored.
  while (kept_.starts_with("\r\n")) {
    kept_.erase(0, 2);
    searched_ = 0;
  }
  // Some older clients end lines with LF alone; no proxy agrees with the next about those.
  const std::size_t from = searched_ < 3 ? 0 : searched_ - 3;
  const std::size_t end = kept_.find("\r\n\r\n", from);
  if (kept_.find("\n\n", from) < end || kept_.starts_with('\n')) {
    fail(400, "Lines end with CR and LF.");
    return;
  }
  searched_ = kept_.size();
  if (end == std::string::npos ? kept_.size() > header_limit_ : end + 4 > header_limit_) {
    fail(431, "The request header is too large.");
    return;
  }
  if (end == std::string::npos) return;
  if (const auto fault = check_head(std::string_view(kept_).substr(0, end + 4))) {
    fault_ = *fault;
    state_ = state::broken;
    return;
  }
  const std::string head = kept_.substr(0, end + 4);
  kept_.erase(0, end + 4);
  parse_head(head);
}

void request_reader::parse_head(std::string_view head) {
  http::request_parser<http::empty_body> parser;
  parser.skip(true);  // the body is ours
  parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
  error_code ec;
  parser.put(boost::asio::buffer(head.data(), head.size()), ec);
  if (ec || !parser.is_header_done()) {
    fail(400, "The request is malformed.");
    return;
  }
  const auto& message = parser.get();
  request_.method = method_of(message.method());
  request_.target = path_form(std::string(message.target()));
  request_.path = request_.target.substr(0, request_.target.find('?'));
  request_.http_1_0 = message.version() == 10;
  request_.keep_alive = message.keep_alive();
  request_.fields.reserve(16);
  for (const auto& field : message) {
    request_.fields.emplace_back(in_lower_case(field.name_string()), std::string(field.value()));
  }
  is_chunked_ = parser.chunked();
  body_left_ = parser.content_length().value_or(0);
  // Most bodies are short, and nobody is asked about them.
  if (rules_ != nullptr && (is_chunked_ || body_left_ > body_limit_))
    body_limit_ = std::max(body_limit_, rules_->longest_body(request_));
  if (body_left_ > body_limit_) {
    refuse_body();
    return;
  }
  state_ = state::body;
}

void request_reader::read_body() {
  if (!is_chunked_) {
    const std::size_t size = std::min<std::size_t>(body_left_, kept_.size());
    request_.body.append(kept_, 0, size);
    kept_.erase(0, size);
    body_left_ -= size;
    if (body_left_ == 0) state_ = state::complete;
    return;
  }
  std::size_t used = 0;
  const auto now = chunks_.feed(kept_, used, request_.body, body_limit_);
  kept_.erase(0, used);
  if (now == chunked_body::state::complete) state_ = state::complete;
  if (now == chunked_body::state::broken) fail(400, "The request body is malformed.");
  if (now == chunked_body::state::too_large) refuse_body();
}

bool request_reader::wants_continue() {
  if (state_ != state::body || continue_told_) return false;
  continue_told_ = !request_.http_1_0 && request_.lists("expect", "100-continue");
  return continue_told_;
}

http_request request_reader::take() {
  return std::move(request_);
}

}  // namespace halley
