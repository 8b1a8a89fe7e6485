// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sessions over WebSocket. The peer is Beast's own client where it can say what the test needs, and
// a bare socket where it cannot.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gateway/carriers/websocket.hpp"
#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/wire.hpp"

using namespace halley;
using nlohmann::json;
namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

namespace {

const std::string alice = R"({"do":"enter","network":"echo","nick":"alice"})";

// Beast's client, blocking, with the patience of `wire`.
class browser {
 public:
  browser(std::uint16_t port, const std::string& target) : socket_(io_) {
    asio::ip::tcp::socket& tcp = socket_.next_layer();
    tcp.connect({asio::ip::make_address("127.0.0.1"), port});
    const timeval patience{5, 0};
    ::setsockopt(tcp.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    socket_.handshake("chat.test", target, ec_);
  }
  const error_code& ec() const { return ec_; }
  void say(const json& what) { send(what.dump()); }
  void send(const std::string& text) { socket_.write(asio::buffer(text), ec_); }
  void send_in_pieces(const std::string& text, std::size_t size) {
    for (std::size_t at = 0; at < text.size() && !ec_; at += size)
      socket_.write_some(at + size >= text.size(),
                         asio::buffer(text.data() + at, std::min(size, text.size() - at)), ec_);
  }
  json next() {
    boost::beast::flat_buffer buffer;
    socket_.read(buffer, ec_);
    if (ec_) return {};
    return json::parse(static_cast<const char*>(buffer.data().data()),
                       static_cast<const char*>(buffer.data().data()) + buffer.size());
  }
  int close_code() {
    while (!ec_) next();
    return socket_.reason().code;
  }
  void close() { socket_.close(websocket::close_code::normal, ec_); }
  websocket::stream<asio::ip::tcp::socket>& socket() { return socket_; }

 private:
  asio::io_context io_;
  websocket::stream<asio::ip::tcp::socket> socket_;
  error_code ec_;
};

std::string events_of(const std::string& session, const std::string& query = "") {
  return "/chat/v1/sessions/" + session + "/events" + query;
}

std::string upgrade_of(const std::string& target) {
  return "GET " + target +
         " HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

std::string masked(unsigned first_byte, std::string_view payload) {
  std::string out{static_cast<char>(first_byte), static_cast<char>(0x80 | payload.size())};
  out += std::string(4, '\0');  // the mask that changes nothing
  return out + std::string(payload);
}

// The payload of the next frame.
std::string read_text(wire& socket) {
  const std::string head = socket.read_exactly(2);
  if (head.size() < 2 || head[0] != '\x81') return "null";
  std::size_t size = static_cast<unsigned char>(head[1]);
  if (size == 126) {
    const std::string length = socket.read_exactly(2);
    size = static_cast<unsigned char>(length[0]) * 256u + static_cast<unsigned char>(length[1]);
  }
  return socket.read_exactly(size);
}

}  // namespace

TEST_CASE("the upgrade is answered as RFC 6455, 1.3 shows", "[websocket]") {
  echo_gateway gateway;
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions"));
  const http_answer answer = socket.read_answer();
  CHECK(answer.status == 101);
  CHECK(answer.field("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(answer.field("Sec-WebSocket-Extensions") == "");
}

TEST_CASE("what is no proper upgrade is refused", "[websocket]") {
  echo_gateway gateway;
  wire socket(gateway.port());
  CHECK(socket.get("/chat/v1/sessions", "Upgrade: websocket\r\nConnection: Upgrade\r\n").status ==
        400);
  CHECK(socket
            .get("/chat/v1/sessions",
                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: short\r\n")
            .status == 400);
  const http_answer old =
      socket.get("/chat/v1/sessions",
                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  CHECK(old.status == 426);
  CHECK(old.field("Sec-WebSocket-Version") == "13");
}

TEST_CASE("a visitor enters by the first frame, talks, and says goodbye", "[websocket]") {
  echo_gateway gateway;
  browser one(gateway.port(), "/chat/v1/sessions");
  one.send(alice);
  const json hello = one.next();
  CHECK(hello["ev"] == "hello");
  CHECK(hello["next"] == 1);
  CHECK(one.next()["ev"] == "online");
  one.say({{"n", 1}, {"do", "say"}, {"to", "#echo"}, {"text", "hello"}});
  CHECK(one.next()["text"] == "hello");
  CHECK(one.next() == json{{"ev", "result"}, {"n", 1}, {"ok", true}});
  one.close();
  CHECK_FALSE(one.ec());
  CHECK(one.socket().reason().code == websocket::close_code::normal);
}

TEST_CASE("entering may fail and be tried again", "[websocket]") {
  echo_gateway gateway;
  browser one(gateway.port(), "/chat/v1/sessions");
  one.send(R"({"do":"enter","network":"elsewhere","nick":"a"})");
  CHECK(one.next()["error"]["code"] == "unknown_network");
  one.send("nonsense");
  CHECK(one.next()["error"]["code"] == "bad_request");
  one.send(alice);
  CHECK(one.next()["ev"] == "hello");
}

TEST_CASE("a browser that comes back gets what it missed, in order", "[websocket]") {
  echo_options options;
  options.shards = GENERATE(1u, 2u);
  echo_gateway gateway(options);
  std::string id;
  {
    browser first(gateway.port(), "/chat/v1/sessions");
    first.send(alice);
    id = first.next()["session"];
    first.next();
    first.say({{"n", 1}, {"do", "say"}, {"to", "#echo"}, {"text", "seen"}});
    CHECK(first.next()["text"] == "seen");  // event 2
  }
  wire poster(gateway.port());
  poster.post("/chat/v1/sessions/" + id + "/commands",
              R"({"n":2,"do":"say","to":"#echo","text":"missed"})");
  browser second(gateway.port(), events_of(id, "?since=2"));
  REQUIRE_FALSE(second.ec());
  const json hello = second.next();
  CHECK(hello["resumed"] == true);
  CHECK(hello["next"] == 3);
  CHECK(second.next()["n"] == 1);
  CHECK(second.next()["text"] == "missed");
}

TEST_CASE("acknowledged events leave the log", "[websocket]") {
  echo_gateway gateway;
  browser one(gateway.port(), "/chat/v1/sessions");
  one.send(alice);
  const std::string id = one.next()["session"];
  one.next();
  one.say({{"n", 1}, {"do", "ping"}});
  one.next();
  one.say({{"ack", 999}});  // more than was sent: counts as what was
  one.say({{"n", 2}, {"do", "ping"}});
  one.next();
  CHECK(gateway.on_shard(0, [&](http_server&, session_table& sessions) {
    return sessions.find(id)->log().size();
  }) == 1);
}

TEST_CASE("large and fragmented texts arrive whole", "[websocket]") {
  echo_gateway gateway;
  browser one(gateway.port(), "/chat/v1/sessions");
  one.send(alice);
  one.next();
  one.next();
  const std::string text(15000, 'x');
  const std::string body = json{{"n", 1}, {"do", "say"}, {"to", "#echo"}, {"text", text}}.dump();
  one.send_in_pieces(body, 700);
  CHECK(one.next()["text"] == text);
  one.next();
  std::string many = "[";
  for (int n = 2; n < 60; ++n) many += R"({"do":"ping","n":)" + std::to_string(n) + "},";
  many.back() = ']';
  one.send(many);
  for (int n = 2; n < 60; ++n) CHECK(one.next()["n"] == n);
}

TEST_CASE("what must not be sent closes with its code", "[websocket]") {
  struct row {
    const char* what;
    std::string bytes;
    ws_close code;
  };
  const std::vector<row> table = {
      {"unmasked", std::string("\x81\x02{}"), ws_close::protocol_error},
      {"binary", masked(0x82, "{}"), ws_close::unsupported},
      {"not UTF-8", masked(0x81, "\xff"), ws_close::bad_payload},
      {"reserved", masked(0xC1, "{}"), ws_close::protocol_error},
      {"large", std::string("\x81\xff\x00\x00\x00\x00\x00\x02\x00\x00", 10), ws_close::too_big},
      {"bad close", masked(0x88, "x"), ws_close::protocol_error},
  };
  echo_gateway gateway;
  for (const row& one : table) {
    INFO(one.what);
    wire socket(gateway.port());
    socket.send(upgrade_of("/chat/v1/sessions"));
    socket.read_answer();
    socket.send(one.bytes);
    const std::string frame = socket.read_exactly(4);
    REQUIRE(frame.size() == 4);
    CHECK(frame[0] == '\x88');
    CHECK(static_cast<unsigned char>(frame[2]) * 256 + static_cast<unsigned char>(frame[3]) ==
          static_cast<int>(one.code));
    socket.read_all();
    CHECK(socket.is_closed());
  }
}

TEST_CASE("frames that came together with the upgrade are read", "[websocket]") {
  echo_gateway gateway;
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions") + masked(0x81, alice) + masked(0x89, "ping"));
  CHECK(socket.read_answer().status == 101);
  CHECK(socket.read_until("\"hello\"").find("hello") != std::string::npos);
  CHECK(socket.read_until("\x8a\x04ping").ends_with("ping"));
}

TEST_CASE("nonsense without end closes the connection, not the session", "[websocket]") {
  echo_gateway gateway;
  browser one(gateway.port(), "/chat/v1/sessions");
  one.send(alice);
  const std::string id = one.next()["session"];
  for (int i = 0; i < 30 && !one.ec(); ++i) one.send("{");
  CHECK(one.close_code() == 1008);
  browser again(gateway.port(), events_of(id, "?since=0"));
  CHECK(again.next()["resumed"] == true);
}

TEST_CASE("a peer that answers no pings loses its carrier and keeps its session", "[websocket]") {
  echo_options options;
  options.sessions.heartbeat_ms = 60;
  echo_gateway gateway(options);
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions") + masked(0x81, alice));
  const std::string got = socket.read_all();
  CHECK(got.find(std::string("\x89\x00", 2)) != std::string::npos);
  CHECK(socket.is_closed());
  CHECK(gateway.on_shard(0, [](http_server& http, session_table& sessions) {
    return sessions.size() == 1 && http.connection_count() == 0;
  }));
}

TEST_CASE("a peer that answers pings stays", "[websocket]") {
  echo_options options;
  options.sessions.heartbeat_ms = 200;
  echo_gateway gateway(options);
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions") + masked(0x81, alice));
  for (int i = 0; i < 4; ++i) {
    CHECK(socket.read_until(std::string("\x89\x00", 2)).size() >= 2);
    socket.send(masked(0x8a, ""));
  }
  socket.send(masked(0x89, "still here"));
  CHECK(socket.read_until("still here").ends_with("still here"));
}

TEST_CASE("a reader that falls behind the log is told to come back", "[websocket]") {
  echo_options options;
  options.sessions.outbox.count = 50;
  echo_gateway gateway(options);
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions") + masked(0x81, alice));
  const std::string hello = socket.read_until("\"online\"");
  const std::size_t at = hello.find(R"("session":")") + 11;
  const std::string id = hello.substr(at, hello.find('"', at) - at);
  // Nobody reads the socket while the log goes round many times.
  wire poster(gateway.port());
  const std::string commands = "/chat/v1/sessions/" + id + "/commands";
  for (int n = 1; n <= 20 && gateway.on_shard(0,
                                              [](http_server&http, session_table&) {
                                                return http.carrier_counters().slow_readers.value();
                                              }) == 0;
       ++n)
    poster.post(commands, R"({"do":"list","filter":"1500","n":)" + std::to_string(n) + "}");
  const std::string rest = socket.read_all();
  CHECK(rest.find("\x03\xf5Too slow") != std::string::npos);  // 1013
  wire again(gateway.port());
  const json page = json::parse(again.get(events_of(id, "?since=1")).body);
  CHECK(page["events"][0]["ev"] == "gap");
}

TEST_CASE("a reader that was slow gets everything, in order", "[websocket]") {
  echo_options options;
  options.sessions.outbox = {64 * 1024 * 1024, 50000, 600'000};
  echo_gateway gateway(options);
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions") + masked(0x81, alice));
  socket.read_answer();
  const json hello = json::parse(read_text(socket));
  wire poster(gateway.port());
  const std::string commands =
      "/chat/v1/sessions/" + hello["session"].get<std::string>() + "/commands";
  for (int n = 1; n <= 8; ++n) {
    // Far more than the socket takes: most of it waits in the log.
    CHECK(poster.post(commands, R"({"do":"list","filter":"1000","n":)" + std::to_string(n) + "}")
              .status == 200);
  }
  CHECK(json::parse(read_text(socket))["ev"] == "online");
  for (int n = 1; n <= 8; ++n) {
    for (int i = 0; i < 1000; ++i) REQUIRE(json::parse(read_text(socket))["ev"] == "notice");
    CHECK(json::parse(read_text(socket))["n"] == n);
  }
}

TEST_CASE("events that are ready together leave together", "[websocket]") {
  echo_gateway gateway;
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions") + masked(0x81, alice));
  socket.read_until("\"online\"");
  socket.read_until("}");
  socket.send(masked(0x81, R"({"n":1,"do":"list","filter":"20"})"));
  char buffer[65536];
  // One segment has all 20 events and the result: one write made it.
  const ssize_t n = ::recv(socket.fd(), buffer, sizeof buffer, 0);
  CHECK(n > 20 * 1000);
}

TEST_CASE("a session that ends closes its WebSockets with the reason", "[websocket]") {
  echo_gateway gateway;
  browser one(gateway.port(), "/chat/v1/sessions");
  one.send(alice);
  const std::string id = one.next()["session"];
  one.next();
  gateway.on_shard(0, [](http_server&, session_table& sessions) {
    sessions.close_all({failure_code::lost, "Restarting.", ""});
  });
  const json closing = one.next();
  CHECK(closing["ev"] == "closing");
  CHECK(closing["come_back"] == true);
  CHECK(one.close_code() == 1000);
}

TEST_CASE("nobody may wait for ever before entering", "[websocket]") {
  echo_gateway gateway;
  wire socket(gateway.port());
  socket.send(upgrade_of("/chat/v1/sessions"));
  socket.read_answer();
  CHECK(gateway.on_shard(
            0, [](http_server& http, session_table&) { return http.connection_count(); }) == 1);
  socket.send(masked(0x88, std::string("\x03\xe8", 2)));
  CHECK(socket.read_all() == std::string("\x88\x02\x03\xe8", 4));
}

TEST_CASE("an idle WebSocket is as small as it was meant", "[websocket]") {
  CHECK(sizeof(websocket_carrier) <= 160);
}
