// SPDX-License-Identifier: GPL-3.0-or-later
//
// HTTP as such: pipelining, limits, time, origins, pages, TLS, the Unix socket.
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/base/log.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/wire.hpp"

using namespace halley;

namespace {

std::atomic<int> asked_again = 0;  // times a loop looked once more at a socket it had stopped reading

}  // namespace

// In place of libc's.
extern "C" int epoll_ctl(int set, int how, int fd, epoll_event* event) noexcept {
  if (how == EPOLL_CTL_MOD) ++asked_again;
  return static_cast<int>(::syscall(SYS_epoll_ctl, set, how, fd, event));
}

TEST_CASE("pipelined requests are answered in order", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  std::string requests;
  for (int i = 0; i < 100; ++i)
    requests += i % 2 == 0 ? "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                           : "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
  browser.send(requests);
  for (int i = 0; i < 100; ++i) CHECK(browser.read_answer().status == (i % 2 == 0 ? 200 : 404));
}

TEST_CASE("a connection is kept or closed as the browser asks", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  CHECK(browser.get("/healthz").status == 200);
  const http_answer last = browser.get("/healthz", "Connection: close\r\n");
  CHECK(last.field("Connection") == "close");
  CHECK(browser.is_closed());
  wire old(gateway.port());
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK(old.read_answer().status == 200);
  CHECK(old.is_closed());
}

TEST_CASE("a client that waits to be asked for its body is asked", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  browser.send(
      "POST /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  CHECK(browser.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
  browser.send("{}");
  CHECK(browser.read_answer().status == 400);
}

TEST_CASE("a body over the limit is refused and the connection ends in good order", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  const std::string body(200000, 'x');
  const http_answer answer = browser.post("/chat/v1/sessions", body);
  CHECK(answer.status == 413);
  CHECK(answer.body.find("too_large") != std::string::npos);
  CHECK(answer.field("Connection") == "close");
}

// XEP-0124, 17.2: whoever speaks BOSH reads no other answer.
TEST_CASE("a protocol with a limit of its own decides how long a body may be", "[http]") {
  echo_options options;
  options.http.body_limit = 65536;
  options.http.origins = {"https://page.example"};
  echo_gateway gateway(options);
  const std::string begin =
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='nowhere' ver='1.11'>";
  const auto body_of = [&begin](std::size_t size) {
    const std::string around = "<message xmlns='jabber:client'></message></body>";
    const std::size_t middle = std::string_view("<message xmlns='jabber:client'>").size();
    std::string out = begin + around;
    return out.insert(begin.size() + middle, size - out.size(), 'x');
  };
  constexpr std::size_t most = 256 * 1024;
  wire browser(gateway.port());
  CHECK(browser.post("/http-bind", body_of(most)).body.find("host-unknown") != std::string::npos);
  const http_answer refused =
      browser.post("/http-bind", body_of(most + 1), "Origin: https://page.example\r\n");
  CHECK(refused.status == 200);
  CHECK(refused.body.find("type=\"terminate\" condition=\"policy-violation\"") != std::string::npos);
  CHECK(refused.field("Access-Control-Allow-Origin") == "https://page.example");
  CHECK(refused.field("Connection") == "close");
  CHECK(browser.is_closed());
  // The same in chunks, whose sum nobody says beforehand.
  for (const std::size_t size : {most, most + 1}) {
    wire chunks(gateway.port());
    const std::string body = body_of(size);
    chunks.send("POST /http-bind HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (std::size_t at = 0; at < size; at += 0x10000) {
      const std::string piece = body.substr(at, 0x10000);
      chunks.send((piece.size() == 0x10000 ? "10000" : "1") + ("\r\n" + piece + "\r\n"));
    }
    chunks.send("0\r\n\r\n");
    CHECK((chunks.read_answer().body.find("policy-violation") != std::string::npos) ==
          (size > most));
  }
  // Everybody else has what the settings say.
  wire other(gateway.port());
  CHECK(other.post("/chat/v1/sessions", std::string(65537, ' ')).status == 413);
}

TEST_CASE("a request that arrives too slowly is ended", "[http]") {
  echo_options options;
  options.http.header_timeout_ms = 60;
  options.http.body_timeout_ms = 60;
  options.http.idle_timeout_ms = 60;
  echo_gateway gateway(options);
  wire header(gateway.port());
  header.send("GET / HTTP/1.1\r\nHost:");
  CHECK(header.read_answer().status == 408);
  wire body(gateway.port());
  body.send("POST /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{");
  CHECK(body.read_answer().status == 408);
  wire second(gateway.port());
  second.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /");
  CHECK(second.read_answer().status == 200);
  CHECK(second.read_answer().status == 408);
  wire silent(gateway.port());
  CHECK(silent.is_closed());
  wire idle(gateway.port());
  CHECK(idle.get("/healthz").status == 200);
  CHECK(idle.is_closed());
}

TEST_CASE("smuggled requests are refused and nothing after them is read", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  browser.send(
      "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(browser.read_answer().status == 400);
  CHECK(browser.is_closed());
}

TEST_CASE("origins decide over every address of the API", "[http]") {
  echo_options options;
  options.http.origins = {"https://*.example.org"};
  echo_gateway gateway(options);
  wire browser(gateway.port());
  for (const std::string target :
       {"/chat/v1/networks", "/chat/v1/sessions", "/chat/v1/sessions/x/events", "/healthz"}) {
    const http_answer foreign = browser.get(target, "Origin: https://evil.net\r\n");
    CHECK(foreign.status == 403);
    // The refusal itself may be read by everybody, so that an embedded room can say what to do.
    CHECK(foreign.field("Access-Control-Allow-Origin") == "*");
    CHECK(foreign.body.find(R"("code":"not_allowed")") != std::string::npos);
  }
  CHECK(browser
            .post("/chat/v1/sessions", R"({"network":"echo","nick":"a"})",
                  "Origin: https://evil.net\r\nContent-Type: text/plain\r\n")
            .status == 403);
  const std::string upgrade =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  CHECK(browser.get("/chat/v1/sessions", upgrade + "Origin: https://evil.net\r\n").status == 403);

  const http_answer listed =
      browser.get("/chat/v1/networks", "Origin: https://www.example.org\r\n");
  CHECK(listed.status == 200);
  CHECK(listed.field("Access-Control-Allow-Origin") == "https://www.example.org");
  CHECK(listed.field("Vary") == "Origin");
  CHECK(listed.field("Access-Control-Allow-Credentials") == "");
  browser.send(
      "OPTIONS /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nOrigin: https://www.example.org\r\n"
      "Access-Control-Request-Method: POST\r\n\r\n");
  const http_answer preflight = browser.read_answer();
  CHECK(preflight.status == 204);
  CHECK(preflight.field("Access-Control-Allow-Methods") == "GET, POST");
  CHECK(preflight.field("Access-Control-Max-Age") == "86400");
}

TEST_CASE("pages without an origin of their own may use the gateway only if \"null\" is listed", "[http]") {
  const bool listed = GENERATE(false, true);
  echo_options options;
  options.http.origins = {"https://*", "https://*.example.org"};
  if (listed) options.http.origins.emplace_back("null");
  echo_gateway gateway(options);
  wire browser(gateway.port());
  for (const std::string site : {"", "Sec-Fetch-Site: cross-site\r\n"}) {
    const http_answer answer = browser.get("/chat/v1/networks", "Origin: null\r\n" + site);
    CHECK(answer.status == (listed ? 200 : 403));
    CHECK(answer.field("Access-Control-Allow-Origin") == (listed ? "null" : "*"));
    CHECK(answer.field("Access-Control-Allow-Credentials") == "");
  }
  CHECK(browser
            .post("/chat/v1/sessions", R"({"network":"echo","nick":"a"})",
                  "Origin: null\r\nContent-Type: text/plain\r\n")
            .status == (listed ? 201 : 403));
}

TEST_CASE("pages are served with type, tag, compression and policy", "[http]") {
  const temporary_folder pages;
  pages.write("index.html", "<!doctype html>start");
  pages.write("index.html.br", "brotli");
  pages.write("app.~1f3a9c04be.js", "code");
  pages.write("app.~1f3a9c04be.js.gz", "zipped");
  pages.write("favicon.svg", "<svg/>");
  pages.write("sub/page.css", "css");
  pages.write(".secret", "secret");
  pages.write("orphan.txt.gz", "zipped");
  echo_options options;
  options.http.static_root = pages.path();
  echo_gateway gateway(options);
  wire browser(gateway.port());

  const http_answer page = browser.get("/");
  CHECK(page.status == 200);
  CHECK(page.body == "<!doctype html>start");
  CHECK(page.field("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.field("Cache-Control") == "no-cache");
  CHECK(page.field("Content-Security-Policy").find("default-src 'self'") != std::string::npos);
  CHECK(page.field("Content-Security-Policy").find("unsafe") == std::string::npos);
  CHECK(browser.get("/", "If-None-Match: " + page.field("ETag") + "\r\n").status == 304);
  const http_answer packed = browser.get("/", "Accept-Encoding: gzip, br\r\n");
  CHECK(packed.body == "brotli");
  CHECK(packed.field("Content-Encoding") == "br");
  CHECK(packed.field("ETag") != page.field("ETag"));
  CHECK(packed.field("Vary") == "Accept-Encoding");
  CHECK(browser.get("/", "Accept-Encoding: br;q=0\r\n").body == "<!doctype html>start");

  const http_answer code = browser.get("/app.~1f3a9c04be.js", "Accept-Encoding: gzip\r\n");
  CHECK(code.body == "zipped");
  CHECK(code.field("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(code.field("Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(browser.get("/favicon.svg").field("Content-Type") == "image/svg+xml");
  CHECK(browser.get("/sub/page.css").body == "css");

  CHECK(browser.get("/r/irc/%23room", "Accept: text/html,*/*\r\n").body == "<!doctype html>start");
  for (const std::string target :
       {"/r/irc/%23room", "/.secret", "/orphan.txt", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
        "/sub/../index.html", "//etc/passwd", "/sub", "/%00", "/index.html%00.js"})
    CHECK(browser.get(target).status == 404);
  browser.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  const http_answer head = browser.read_answer(false);
  CHECK(head.status == 200);
  CHECK(head.field("Content-Length") == "20");
  CHECK(browser.post("/", "").status == 405);
}

TEST_CASE("a page that leaves room for them has the networks in it, as data", "[http]") {
  const std::string block = "<script type=\"application/json\" id=\"networks\">";
  const temporary_folder pages;
  pages.write("index.html", "<p>" + block + "</script></p>");
  pages.write("index.html.br", "of the empty one");
  pages.write("other.html", "no room");
  pages.write("other.html.br", "no room, packed");
  echo_options options;
  options.http.static_root = pages.path();
  options.networks = R"([{"title":"</script><b>"}])";
  echo_gateway gateway(options);
  wire browser(gateway.port());
  const http_answer page = browser.get("/", "Accept-Encoding: br\r\n");
  CHECK(page.body ==
        "<p>" + block + R"([{"title":"\u003c/script>\u003cb>"}])" + "</script></p>");
  CHECK(page.field("Content-Encoding").empty());
  CHECK(browser.get("/", "If-None-Match: " + page.field("ETag") + "\r\n").status == 304);
  CHECK(browser.get("/other.html", "Accept-Encoding: br\r\n").body == "no room, packed");
}

TEST_CASE("a large page reaches a browser that reads slowly", "[http]") {
  const temporary_folder pages;
  const std::string large(8 * 1024 * 1024, 'p');
  pages.write("large.txt", large);
  echo_options options;
  options.http.static_root = pages.path();
  echo_gateway gateway(options);
  wire browser(gateway.port());
  browser.send(
      "GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(browser.read_answer().body == large);
  CHECK(browser.read_answer().body == R"({"status":"ok"})");
}

TEST_CASE("connections of one address are limited", "[http]") {
  echo_options options;
  options.http.connections_per_address = 3;
  echo_gateway gateway(options);
  {
    std::vector<wire> open;
    for (int i = 0; i < 3; ++i)
      CHECK(open.emplace_back(gateway.port()).get("/healthz").status == 200);
    wire fourth(gateway.port());
    fourth.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(fourth.read_answer().status == 0);
  }
  // Their places are free again as soon as the gateway has seen them go.
  int status = 0;
  for (int i = 0; i < 1000 && status != 200; ++i)
    status = wire(gateway.port()).get("/healthz").status;
  CHECK(status == 200);
}

TEST_CASE("out of descriptors, those who are here go on and the others wait", "[http]") {
  echo_gateway gateway;
  wire here(gateway.port());
  CHECK(here.get("/healthz").status == 200);
  const auto pauses = [&gateway] {
    return gateway.on_shard(
        0, [](http_server& http, session_table&) { return http.counters().accept_pauses.value(); });
  };
  // A sanitizer that meets a class for the first time wants a descriptor to look at it: everything
  // is done once before, and nothing is logged.
  CHECK(pauses() == 0);
  const auto level = spdlog::get_level();
  spdlog::set_level(spdlog::level::off);
  std::vector<wire> waiting(4);
  // Clients and gateway are one process: the clients have their descriptors, nobody gets more.
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  {
    const byte_stream probe(::dup(here.fd()));
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(probe.fd());
    ::setrlimit(RLIMIT_NOFILE, &tight);
  }
  for (wire& one : waiting) one.connect(gateway.port());
  CHECK(waiting.back().connected());
  CHECK(here.get("/healthz").status == 200);
  while (pauses() == 0) {
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
  spdlog::set_level(level);
  for (wire& one : waiting) CHECK(one.get("/healthz").status == 200);
}

TEST_CASE("a Unix socket is shared out to all shards", "[http]") {
  const temporary_folder folder;
  const std::string path = folder / "halley.sock";
  echo_options options;
  options.shards = 3;
  options.http.listen = {{"unix:" + path, 0}};
  {
    echo_gateway gateway(options);
    for (int i = 0; i < 6; ++i) CHECK(wire(path).get("/healthz").status == 200);
    CHECK(gateway.handed_over == 4);
    CHECK_THROWS_WITH(echo_gateway(options), Catch::Contains("something else listens there"));
  }
  CHECK_FALSE(std::filesystem::exists(path));
  // What a killed gateway left behind is no obstacle.
  const byte_stream left(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, path.data(), path.size());
  REQUIRE(::bind(left.fd(), reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  echo_gateway again(options);
  CHECK(wire(path).get("/healthz").status == 200);
}

TEST_CASE("an address that cannot be listened on is named", "[http]") {
  echo_options options;
  options.http.listen = {{"localhost", 0}};
  CHECK_THROWS_WITH(echo_gateway(options), Catch::Contains("localhost"));
  options.http.listen = {{"192.0.2.1", 0}};
  CHECK_THROWS_WITH(echo_gateway(options), Catch::Contains("no such address"));
  options.http.listen = {{"::1", 0}};
  CHECK(echo_gateway(options).port() > 0);
}

TEST_CASE("a shut-down closes idle connections and answers the others", "[http]") {
  echo_gateway gateway;
  wire idle(gateway.port());
  CHECK(idle.get("/healthz").status == 200);
  wire half(gateway.port());
  half.send(
      "POST /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: "
      "100-continue\r\n\r\n");
  half.read_until("\r\n\r\n");
  gateway.on_shard(0, [](http_server& http, session_table&) { http.stop_accepting(); });
  CHECK(idle.is_closed());
  CHECK_FALSE(wire(gateway.port()).connected());
  // A request that was already on its way is answered, but opens nothing.
  half.send("{}");
  const http_answer late = half.read_answer();
  CHECK(late.status == 429);
  CHECK(late.field("Connection") == "close");
}

TEST_CASE("the API is served over TLS", "[http]") {
  const temporary_folder folder;
  const std::string made =
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
      "-keyout " +
      (folder / "key.pem") + " -out " + (folder / "cert.pem") + " 2>/dev/null";
  REQUIRE(std::system(made.c_str()) == 0);
  echo_options options;
  options.shards = 2;
  options.tls_cert = folder / "cert.pem";
  options.tls_key = folder / "key.pem";
  echo_gateway gateway(options);

  struct free_context {
    void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
  };
  const std::unique_ptr<SSL_CTX, free_context> context(SSL_CTX_new(TLS_client_method()));
  wire socket(gateway.port());
  const ssl_ptr tls(SSL_new(context.get()));
  SSL_set_fd(tls.get(), socket.fd());
  REQUIRE(SSL_connect(tls.get()) == 1);
  CHECK(SSL_version(tls.get()) == TLS1_3_VERSION);
  const std::string large(60000, 'x');
  const std::string request =
      "POST /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + large +
      "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  REQUIRE(SSL_write(tls.get(), request.data(), static_cast<int>(request.size())) ==
          static_cast<int>(request.size()));
  std::string got;
  char buffer[4096];
  while (got.find("\"ok\"") == std::string::npos) {
    const int n = SSL_read(tls.get(), buffer, sizeof buffer);
    if (n <= 0) break;
    got.append(buffer, static_cast<std::size_t>(n));
  }
  CHECK(got.starts_with("HTTP/1.1 400"));
  CHECK(got.find("HTTP/1.1 200") != std::string::npos);

  // Answers that come later than the reading of their requests, one after the other: nothing else is
  // there to be read, which the socket has said, so nobody looks again.
  const auto ask = [&](const std::string& text) {
    SSL_write(tls.get(), text.data(), static_cast<int>(text.size()));
    const int n = SSL_read(tls.get(), buffer, sizeof buffer);
    return std::string(buffer, static_cast<std::size_t>(std::max(0, n)));
  };
  const std::string who = R"({"network":"echo","nick":"bob"})";
  const std::string entered = ask("POST /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                  std::to_string(who.size()) + "\r\n\r\n" + who);
  REQUIRE(entered.starts_with("HTTP/1.1 201"));
  const std::size_t place = entered.find("/chat/v1/sessions/");
  const std::string session = entered.substr(place, entered.find_first_of("\"\r", place) - place);
  asked_again = 0;
  for (int i = 0; i < 5; ++i)
    CHECK(ask("GET " + session + "/events?since=1&hold=1 HTTP/1.1\r\nHost: a\r\n\r\n")
              .starts_with("HTTP/1.1 200"));
  CHECK(asked_again == 0);

  // The same connection becomes a WebSocket, with the first frame in the same record.
  const std::string frame = R"({"network":"echo","nick":"alice"})";
  const std::string upgrade =
      "GET /chat/v1/sessions HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81" +
      std::string(1, static_cast<char>(0x80 | frame.size())) + std::string(4, '\0') + frame;
  REQUIRE(SSL_write(tls.get(), upgrade.data(), static_cast<int>(upgrade.size())) > 0);
  got.clear();
  while (got.find("\"online\"") == std::string::npos) {
    const int n = SSL_read(tls.get(), buffer, sizeof buffer);
    if (n <= 0) break;
    got.append(buffer, static_cast<std::size_t>(n));
  }
  CHECK(got.starts_with("HTTP/1.1 101"));
  CHECK(got.find("\"hello\"") != std::string::npos);
  CHECK(got.find("\"online\"") != std::string::npos);

  CHECK_THROWS_WITH(server_tls(folder / "none.pem", folder / "key.pem"),
                    Catch::Contains("none.pem"));
  wire plain(gateway.port());
  plain.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(plain.read_answer().status == 0);
}
