// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "gateway/base/errors.hpp"

namespace halley {
namespace http = boost::beast::http;

struct request_reader::beast {
  http::request_parser<http::string_body> parser;
};

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

}  // namespace

request_reader::request_reader(std::size_t header_limit, std::size_t body_limit)
    : header_limit_(header_limit), body_limit_(body_limit) {}

request_reader::~request_reader() = default;

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
  parser_ = std::make_unique<beast>();
  parser_->parser.eager(true);
  parser_->parser.header_limit(static_cast<std::uint32_t>(header_limit_ + 4));
  parser_->parser.body_limit(body_limit_);
  state_ = state::body;
}

void request_reader::read_body() {
  auto& parser = parser_->parser;
  std::size_t used = 0;
  error_code ec;
  while (!parser.is_done() && used < kept_.size()) {
    const std::size_t taken =
        parser.put(boost::asio::buffer(kept_.data() + used, kept_.size() - used), ec);
    used += taken;
    if (ec == http::error::need_more) {
      ec = {};
      break;
    }
    if (ec || taken == 0) break;
  }
  kept_.erase(0, used);
  if (ec == http::error::body_limit)
    fail(413, "The request body is too large.");
  else if (ec)
    fail(400, "The request is malformed.");
  else if (parser.is_done())
    state_ = state::complete;
  else if (kept_.size() > header_limit_)  // a chunk header without an end
    fail(400, "The request is malformed.");
}

bool request_reader::wants_continue() {
  if (state_ != state::body || continue_told_) return false;
  const auto& head = parser_->parser.get();
  continue_told_ =
      head.version() == 11 && boost::beast::iequals(head[http::field::expect], "100-continue");
  return continue_told_;
}

http_request request_reader::take() {
  auto message = parser_->parser.release();
  http_request out;
  out.method = method_of(message.method());
  out.target = std::string(message.target());
  // RFC 9112, 3.2.2: the absolute form, as proxies get it, means the same.
  if (const std::size_t scheme = out.target.find("://"); scheme == 4 || scheme == 5) {
    const std::size_t path = std::min(out.target.find('/', scheme + 3), out.target.size());
    out.target.erase(0, path);
    if (!out.target.starts_with('/')) out.target.insert(0, 1, '/');
  }
  out.path = out.target.substr(0, out.target.find('?'));
  out.http_1_0 = message.version() == 10;
  out.keep_alive = message.keep_alive();
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    out.fields.emplace_back(std::move(name), std::string(field.value()));
  }
  out.body = std::move(message.body());
  parser_.reset();
  return out;
}

}  // namespace halley
