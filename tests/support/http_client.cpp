// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/http_client.hpp"

#include <cstdio>

namespace halley {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

// The argument of a script's call, as the page's own function would get it.
nlohmann::json argument_of(const std::string& script) {
  const std::string head = "/**/page.f(";
  if (!script.starts_with(head) || !script.ends_with(");"))
    throw std::runtime_error("no call: " + script);
  return nlohmann::json::parse(script.substr(head.size(), script.size() - head.size() - 2));
}

}  // namespace

http::request<http::string_body> make_request(const std::string& method, const std::string& target,
                                              const std::string& body) {
  http::request<http::string_body> request(http::string_to_verb(method), target, 11);
  request.set(http::field::host, "127.0.0.1");
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return request;
}

std::string http_answer::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (beast::iequals(key, name)) return value;
  return {};
}
nlohmann::json http_answer::json() const { return nlohmann::json::parse(body); }

http_answer http_request_to(std::uint16_t port, const std::string& method,
                            const std::string& target, const std::string& body,
                            const std::vector<std::pair<std::string, std::string>>& headers) {
  asio::io_context io;
  beast::tcp_stream stream(io);
  stream.connect({asio::ip::address_v4::loopback(), port});
  auto request = make_request(method, target, body);
  for (const auto& [name, value] : headers) request.set(name, value);
  http::write(stream, request);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  if (method == "HEAD") parser.skip(true);
  run_within(io, stream, [&](auto done) {
    http::async_read(stream, buffer, parser,
                     [done](beast::error_code ec, std::size_t) mutable { done(ec); });
  });
  http_answer answer;
  answer.status = parser.get().result_int();
  answer.body = parser.get().body();
  for (const auto& field : parser.get())
    answer.headers.emplace_back(field.name_string(), field.value());
  return answer;
}

std::string escape_all(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%%%02X", static_cast<unsigned char>(c));
    out += digits;
  }
  return out;
}

nlohmann::json run_script(std::uint16_t port, const std::string& target) {
  const auto answer = http_request_to(
      port, "GET", target + (target.find('?') == std::string::npos ? '?' : '&') +
                       "callback=page.f");
  if (answer.status != 200) throw std::runtime_error("script refused: " + answer.body);
  nlohmann::json argument = argument_of(answer.body);
  if (argument.is_object() && argument.contains("error"))
    throw std::runtime_error("refused: " + argument.dump());
  return argument;
}

}  // namespace halley
