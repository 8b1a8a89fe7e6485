// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/browser.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <stdexcept>

namespace halley {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
constexpr auto patience = std::chrono::seconds(10);

http::verb verb_of(const std::string& method) { return http::string_to_verb(method); }

http::request<http::string_body> make_request(const std::string& method, const std::string& target,
                                              const std::string& body) {
  http::request<http::string_body> request(verb_of(method), target, 11);
  request.set(http::field::host, "127.0.0.1");
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return request;
}

// Asio's own timeouts work with asynchronous calls alone: each wait runs the context for so long.
template <class Start>
void run_within(asio::io_context& io, beast::tcp_stream& stream, Start start) {
  beast::error_code outcome;
  stream.expires_after(patience);
  start([&outcome](beast::error_code ec) { outcome = ec; });
  io.restart();
  io.run();
  stream.expires_never();
  if (outcome) throw std::runtime_error("browser: " + outcome.message());
}

}  // namespace

std::string carrier_name(carrier_kind kind) {
  switch (kind) {
    case carrier_kind::websocket: return "websocket";
    case carrier_kind::event_stream: return "event_stream";
    case carrier_kind::long_poll: return "long_poll";
  }
  return {};
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

// One open carrier. The long poll has none between two requests.
struct browser::wire {
  asio::io_context io;
  beast::tcp_stream plain{io};
  std::unique_ptr<websocket::stream<beast::tcp_stream>> socket;
  beast::flat_buffer buffer;
  std::unique_ptr<http::response_parser<http::empty_body>> head;
  std::string text;
};

browser::browser(std::uint16_t port, carrier_kind kind) : port_(port), kind_(kind) {}
browser::~browser() = default;

void browser::enter(const std::string& network, const std::string& nick,
                    const std::vector<std::string>& rooms) {
  const json body{{"network", network}, {"nick", nick}, {"rooms", rooms}};
  const auto answer = http_request_to(port_, "POST", "/chat/v1/sessions", body.dump());
  if (answer.status != 201) throw std::runtime_error("refused: " + answer.body);
  const json hello = answer.json();
  session_ = hello.at("session");
  epoch_ = hello.at("epoch");
  cursor_ = hello.at("next").get<std::uint64_t>() - 1;
  open(true);
}

void browser::lose_connection() { wire_.reset(); }

void browser::reconnect(carrier_kind kind) {
  kind_ = kind;
  wire_.reset();
  open(true);
}

void browser::reload(carrier_kind kind) {
  kind_ = kind;
  wire_.reset();
  looked_at_ = seen_.size();
  open(false);
}

unsigned browser::leave() {
  return http_request_to(port_, "DELETE", "/chat/v1/sessions/" + session_).status;
}

void browser::open(bool with_cursor) {
  std::string target = "/chat/v1/sessions/" + session_ + "/events";
  if (with_cursor) target += "?since=" + std::to_string(cursor_) + "&epoch=" + epoch_;
  wire_ = std::make_unique<wire>();
  if (kind_ == carrier_kind::long_poll) {
    if (with_cursor) return;
    const json answer = http_request_to(port_, "GET", target).json();
    cursor_ = answer.at("from").get<std::uint64_t>();
    // "from" is the number of the first event told.
    if (cursor_ > 0) --cursor_;
    for (const json& one : answer.at("events")) take(one);
    return;
  }
  wire_->plain.connect({asio::ip::address_v4::loopback(), port_});
  if (kind_ == carrier_kind::websocket) {
    wire_->socket = std::make_unique<websocket::stream<beast::tcp_stream>>(std::move(wire_->plain));
    wire_->socket->handshake("127.0.0.1", target);
    return;
  }
  auto request = make_request("GET", target, "");
  request.set(http::field::accept, "text/event-stream");
  http::write(wire_->plain, request);
  wire_->head = std::make_unique<http::response_parser<http::empty_body>>();
  wire_->head->skip(true);
  http::read_header(wire_->plain, wire_->buffer, *wire_->head);
  if (wire_->head->get().result_int() != 200)
    throw std::runtime_error("event stream refused: " +
                             std::to_string(wire_->head->get().result_int()));
}

void browser::take(json event) {
  if (event.value("ev", "") == "hello") {
    cursor_ = event.at("next").get<std::uint64_t>() - 1;
  } else {
    ++cursor_;
  }
  seen_.push_back(std::move(event));
}

void browser::read_some() {
  if (!wire_) throw std::runtime_error("browser: not connected");
  if (kind_ == carrier_kind::long_poll) {
    const auto answer = http_request_to(port_, "GET",
                                        "/chat/v1/sessions/" + session_ +
                                            "/events?since=" + std::to_string(cursor_) +
                                            "&epoch=" + epoch_);
    if (answer.status != 200) throw std::runtime_error("long poll refused: " + answer.body);
    const json body = answer.json();
    if (!body.at("events").empty()) cursor_ = body.at("next").get<std::uint64_t>() -
                                              body.at("events").size() - 1;
    for (const json& one : body.at("events")) take(one);
    return;
  }
  if (kind_ == carrier_kind::websocket) {
    beast::flat_buffer frame;
    run_within(wire_->io, beast::get_lowest_layer(*wire_->socket), [&](auto done) {
      wire_->socket->async_read(frame,
                                [done](beast::error_code ec, std::size_t) mutable { done(ec); });
    });
    take(json::parse(beast::buffers_to_string(frame.data())));
    return;
  }
  // Server-Sent Events (HTML, 9.2.6), over chunked or plain bodies alike: only data and id lines
  // begin with their names.
  wire_->text += beast::buffers_to_string(wire_->buffer.data());
  wire_->buffer.consume(wire_->buffer.size());
  for (std::size_t end; (end = wire_->text.find('\n')) != std::string::npos;) {
    std::string line = wire_->text.substr(0, end);
    wire_->text.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.rfind("data: ", 0) == 0) return take(json::parse(line.substr(6)));
  }
  run_within(wire_->io, wire_->plain, [&](auto done) {
    wire_->plain.async_read_some(wire_->buffer.prepare(4096),
                                 [this, done](beast::error_code ec, std::size_t n) mutable {
                                   wire_->buffer.commit(n);
                                   done(ec);
                                 });
  });
}

std::uint64_t browser::command(json what, std::uint64_t n) {
  if (n == 0) n = next_n_++;
  what["n"] = n;
  if (kind_ == carrier_kind::websocket && wire_ && wire_->socket) {
    wire_->socket->write(asio::buffer(what.dump()));
    return n;
  }
  // The answer of the request may be late; the events tell the result. A browser would not wait.
  const auto answer = http_request_to(
      port_, "POST", "/chat/v1/sessions/" + session_ + "/commands", what.dump());
  if (answer.status != 200) throw std::runtime_error("command refused: " + answer.body);
  return n;
}

std::uint64_t browser::say(const std::string& to, const std::string& text) {
  return command({{"do", "say"}, {"to", to}, {"text", text}});
}

nlohmann::json browser::wait_for(const std::function<bool(const json&)>& matches) {
  try {
    for (;;) {
      for (; looked_at_ < seen_.size(); ++looked_at_)
        if (matches(seen_[looked_at_])) return seen_[looked_at_++];
      read_some();
    }
  } catch (const std::exception& why) {
    throw std::runtime_error(std::string(why.what()) + "; seen: " + json(seen_).dump());
  }
}

nlohmann::json browser::wait_for(const std::string& ev) {
  return wait_for([&](const json& one) { return one.value("ev", "") == ev; });
}

nlohmann::json browser::result_of(std::uint64_t n) {
  return wait_for(
      [n](const json& one) { return one.value("ev", "") == "result" && one.value("n", 0u) == n; });
}

void browser::come_into(const std::string& network, const std::string& nick,
                        const std::string& room) {
  enter(network, nick, {room});
  wait_for([&](const json& one) {
    return one.value("ev", "") == "members" && one.value("room", "") == room &&
           one.value("last", false);
  });
}

}  // namespace halley
