// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/browser.hpp"

#include <boost/beast/websocket.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>

#include "tests/support/http_client.hpp"

namespace halley {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

bool is_polling(carrier_kind kind) {
  return kind == carrier_kind::long_poll || kind == carrier_kind::script ||
         kind == carrier_kind::poll;
}

// A mark and what follows it; nothing in a line of blanks.
std::optional<std::pair<std::string, std::string>> split(const std::string& line, char by) {
  const std::size_t at = line.find(by);
  if (at == std::string::npos || at == 0) return std::nullopt;
  return std::pair(line.substr(0, at), line.substr(at + 1));
}

// The arguments of e(mark,object) in a frame's script element.
std::optional<std::pair<std::string, std::string>> call_in(const std::string& line) {
  const std::size_t at = line.find("\">e(");
  const std::string tail = ")</script>";
  if (!line.starts_with("<script nonce=\"") || at == std::string::npos || !line.ends_with(tail))
    return std::nullopt;
  return split(line.substr(at + 4, line.size() - at - 4 - tail.size()), ',');
}

}  // namespace

// One open carrier. The long poll has none between two requests.
struct browser::wire {
  asio::io_context io;
  beast::tcp_stream plain{io};
  std::unique_ptr<websocket::stream<beast::tcp_stream>> socket;
  beast::flat_buffer buffer;
  std::unique_ptr<http::response_parser<http::empty_body>> head;
  std::string text;
  std::uint64_t number = 0;  // what the last "id:" line said
};

browser::browser(std::uint16_t port, carrier_kind kind, std::string reader)
    : port_(port), kind_(kind), reader_(std::move(reader)) {}
browser::~browser() = default;

void browser::enter(const std::string& network, const std::string& nick,
                    const std::vector<std::string>& rooms) {
  const json body{{"network", network}, {"nick", nick}, {"rooms", rooms}};
  json hello;
  if (kind_ == carrier_kind::script) {
    hello = run_script(port_, "/chat/v1/script/enter?body=" + escape_all(body.dump()));
  } else {
    const auto answer = http_request_to(port_, "POST", "/chat/v1/sessions", body.dump());
    if (answer.status != 201) throw std::runtime_error("refused: " + answer.body);
    hello = answer.json();
  }
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

void browser::share(const browser& other) {
  session_ = other.session_;
  epoch_ = other.epoch_;
  next_n_ = other.next_n_ + 1'000;
  open(false);
}

void browser::forget_after(std::uint64_t cursor) {
  wire_.reset();
  for (; cursor_ > cursor; seen_.pop_back())
    if (seen_.back().value("ev", "") != "hello") --cursor_;
  looked_at_ = std::min(looked_at_, seen_.size());
}

unsigned browser::leave() {
  return http_request_to(port_, "DELETE", "/chat/v1/sessions/" + session_).status;
}

unsigned browser::say_goodbye(const std::string& within) {
  const std::string target = "/chat/v1/sessions/" + session_ + "/leave?within=" + within;
  return http_request_to(port_, "POST", target).status;
}

std::string browser::events_target(bool with_cursor) const {
  const bool script = kind_ == carrier_kind::script;
  std::string target = std::string("/chat/v1/") + (script ? "script/" : "") + "sessions/" +
                       session_ + "/events?";
  if (!script) target += "carrier=" + std::string(carrier_name(kind_)) + '&';
  if (kind_ == carrier_kind::forever_frame)
    target += "origin=http%3A%2F%2F127.0.0.1&frame=f1&";
  if (!reader_.empty()) target += "reader=" + reader_ + '&';
  if (with_cursor) target += "since=" + std::to_string(cursor_) + "&epoch=" + epoch_;
  return target;
}

void browser::open(bool with_cursor) {
  wire_ = std::make_unique<wire>();
  if (is_polling(kind_)) {
    if (!with_cursor) read_page(false);
    return;
  }
  const std::string target = events_target(with_cursor);
  wire_->plain.connect({asio::ip::address_v4::loopback(), port_});
  if (kind_ != carrier_kind::websocket) return open_stream(target);
  wire_->socket = std::make_unique<websocket::stream<beast::tcp_stream>>(std::move(wire_->plain));
  wire_->socket->handshake("127.0.0.1", target);
}

void browser::open_stream(const std::string& target) {
  http::write(wire_->plain, make_request("GET", target, ""));
  wire_->head = std::make_unique<http::response_parser<http::empty_body>>();
  wire_->head->skip(true);
  http::read_header(wire_->plain, wire_->buffer, *wire_->head);
  if (wire_->head->get().result_int() != 200)
    throw std::runtime_error("stream refused: " + std::to_string(wire_->head->get().result_int()));
}

void browser::take(json event) {
  if (event.value("ev", "") == "hello") {
    cursor_ = event.at("next").get<std::uint64_t>() - 1;
  } else {
    ++cursor_;
  }
  seen_.push_back(std::move(event));
}

// Streams say the number of each event, and it must be the next.
void browser::take_numbered(std::uint64_t number, const std::string& text) {
  json event = json::parse(text);
  if (event.value("ev", "") != "hello" && number != cursor_ + 1)
    throw std::runtime_error("number " + std::to_string(number) + " after " +
                             std::to_string(cursor_));
  take(std::move(event));
}

void browser::read_page(bool with_cursor) {
  const std::string target = events_target(with_cursor);
  json body;
  if (kind_ == carrier_kind::script) {
    body = run_script(port_, target);
  } else {
    const auto answer = http_request_to(port_, "GET", target);
    if (answer.status != 200) throw std::runtime_error("page refused: " + answer.body);
    body = answer.json();
  }
  // "from" is the number of the first event told.
  const auto from = body.at("from").get<std::uint64_t>();
  if (with_cursor && from < cursor_ + 1) throw std::runtime_error("told twice: " + body.dump());
  if (with_cursor == body.contains("hello")) throw std::runtime_error("hello? " + body.dump());
  if (!with_cursor) take(body.at("hello"));
  if (!with_cursor && cursor_ + 1 != from) throw std::runtime_error("elsewhere: " + body.dump());
  cursor_ = from - 1;
  for (const json& one : body.at("events")) take(one);
  if (cursor_ + 1 != body.at("next")) throw std::runtime_error("a hole: " + body.dump());
  std::this_thread::sleep_for(std::chrono::milliseconds(body.value("again", 0)));
}

void browser::read_frame() {
  beast::flat_buffer frame;
  run_within(wire_->io, beast::get_lowest_layer(*wire_->socket), [&](auto done) {
    wire_->socket->async_read(frame,
                              [done](beast::error_code ec, std::size_t) mutable { done(ec); });
  });
  take(json::parse(beast::buffers_to_string(frame.data())));
}

// One event out of what has been read; false if there is none.
bool browser::read_buffered_line() {
  for (std::size_t end; (end = wire_->text.find('\n')) != std::string::npos;) {
    const std::string line = wire_->text.substr(0, end);
    wire_->text.erase(0, end + 1);
    if (kind_ == carrier_kind::event_stream) {
      if (line.starts_with("id: ")) wire_->number = std::stoull(line.substr(line.rfind('-') + 1));
      if (!line.starts_with("data: ")) continue;
      take_numbered(wire_->number, line.substr(6));
      return true;
    }
    if (line == "= " || line.ends_with(">h(\"= \")</script>")) {
      ++recycled_;
      open(true);
      return true;
    }
    const auto found = kind_ == carrier_kind::xhr_stream ? split(line, ' ') : call_in(line);
    if (!found) continue;
    if (found->first == "!" || found->first == "\"!\"")
      throw std::runtime_error("told: " + found->second);
    take_numbered(std::stoull(found->first), found->second);
    return true;
  }
  return false;
}

void browser::read_some() {
  if (!wire_) throw std::runtime_error("browser: not connected");
  if (is_polling(kind_)) return read_page(true);
  if (kind_ == carrier_kind::websocket) return read_frame();
  wire_->text += beast::buffers_to_string(wire_->buffer.data());
  wire_->buffer.consume(wire_->buffer.size());
  if (read_buffered_line()) return;
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
  if (kind_ == carrier_kind::script) {
    run_script(port_, "/chat/v1/script/sessions/" + session_ + "/commands?body=" +
                          escape_all(what.dump()));
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
  // Polls come back empty: each has its own limit, and so have all of them.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  try {
    for (;;) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain");
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
