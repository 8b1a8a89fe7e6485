// SPDX-License-Identifier: GPL-3.0-or-later
//
// The link against real sockets, and against real TLS servers with certificates made by the openssl
// command for this run.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bridges/link.hpp"
#include "bridges/link_home.hpp"
#include "bridges/proxy_header.hpp"

using namespace halley;
using namespace std::string_literals;

namespace {

thread_local int reads = 0;  // of this thread, by OpenSSL

}  // namespace

// In place of libc's.
extern "C" ssize_t read(int fd, void* into, std::size_t room) {
  ++reads;
  return ::syscall(SYS_read, fd, into, room);
}

namespace {

// Accepts one connection on a thread and does with it what the story wants.
class one_shot_server {
 public:
  explicit one_shot_server(std::function<void(int)> act, const std::string& unix_path = "") {
    if (unix_path.empty()) listen_tcp();
    else listen_unix(unix_path);
    thread_ = std::thread([this, act = std::move(act)] {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      act(fd);
      ::close(fd);
    });
  }
  ~one_shot_server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }

 private:
  void listen_tcp() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(listener_, 4) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
  }
  void listen_unix(const std::string& path) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(listener_, 4) == 0);
  }
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string read_some(int fd) {
  char buffer[4096];
  const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
  return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : "";
}
void write_all(int fd, const std::string& text) {
  (void)!::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
}

struct recorder final : link_listener {
  explicit recorder(reactor& l) : loop(l) {}
  void on_link_up() override {
    up = true;
    if (then_up) then_up();
  }
  void on_link_bytes(std::string_view bytes) override {
    text += bytes;
    if (then_bytes) then_bytes();
  }
  void on_link_secure() override {
    secure = true;
    if (then_secure) then_secure();
  }
  void on_link_down(const link_error& why) override {
    down = std::make_unique<link_error>(why);
    loop.stop();
  }
  reactor& loop;
  bool up = false;
  bool secure = false;
  std::string text;
  std::unique_ptr<link_error> down;
  std::function<void()> then_up, then_bytes, then_secure;
};

struct certificates {
  certificates() {
    std::string pattern = std::filesystem::temp_directory_path() / "halley-link-XXXXXX";
    folder = ::mkdtemp(pattern.data());
    run("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem "
        "-subj /CN=test-ca");
    run("openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr "
        "-subj /CN=irc.test");
    run("printf 'subjectAltName=DNS:irc.test' > ext");
    run("openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        "-extfile ext -out server.pem");
  }
  ~certificates() { std::filesystem::remove_all(folder); }
  void run(const std::string& command) const {
    REQUIRE(std::system(("cd " + folder + " && " + command + " >/dev/null 2>&1").c_str()) == 0);
  }
  std::string file(const std::string& name) const { return folder + '/' + name; }
  std::string folder;
};
const certificates& made() {
  static const certificates one;
  return one;
}

// Speaks TLS on an accepted socket, greets, and greets again whenever the peer says something.
void serve_tls(int fd, std::string* protocols = nullptr) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  // What the client offers (ALPN), as it stands on the wire.
  const auto look = [](SSL*, const unsigned char**, unsigned char*, const unsigned char* offered,
                       unsigned size, void* into) {
    static_cast<std::string*>(into)->assign(reinterpret_cast<const char*>(offered), size);
    return SSL_TLSEXT_ERR_NOACK;
  };
  if (protocols != nullptr) SSL_CTX_set_alpn_select_cb(context, look, protocols);
  SSL_CTX_use_certificate_chain_file(context, made().file("server.pem").c_str());
  SSL_CTX_use_PrivateKey_file(context, made().file("server.key").c_str(), SSL_FILETYPE_PEM);
  SSL* tls = SSL_new(context);
  SSL_set_fd(tls, fd);
  if (SSL_accept(tls) == 1) {
    const std::string text = "secret hello";
    SSL_write(tls, text.data(), static_cast<int>(text.size()));
    char buffer[16];
    while (SSL_read(tls, buffer, sizeof buffer) > 0)
      SSL_write(tls, text.data(), static_cast<int>(text.size()));
  }
  SSL_free(tls);
  SSL_CTX_free(context);
}

}  // namespace

TEST_CASE("bytes go both ways over TCP, and the end is told", "[link]") {
  std::string heard;
  one_shot_server server([&](int fd) {
    heard = read_some(fd);
    write_all(fd, "welcome");
  });
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  halley::link one(home, events);
  events.then_up = [&] { one.send("hello"); };
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  CHECK(heard == "hello");
  CHECK(events.text == "welcome");
  REQUIRE(events.down);
  CHECK(events.down->step == login_step::running);
  CHECK_FALSE(one.is_open());
}

TEST_CASE("a name is what the system takes it for, whatever DNS says", "[link]") {
  one_shot_server server([](int fd) { write_all(fd, "found"); });
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  halley::link one(home, events);
  one.open({"localhost", server.port(), ""}, {});
  loop.run();
  CHECK(events.text == "found");
}

TEST_CASE("a Unix socket serves as well", "[link]") {
  const std::string path = made().file("socket");
  one_shot_server server([](int fd) { write_all(fd, "local"); }, path);
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  halley::link one(home, events);
  one.open({"", 0, path}, {});
  loop.run();
  CHECK(events.up);
  CHECK(events.text == "local");
}

TEST_CASE("what cannot be reached is told with its step, in words", "[link]") {
  std::uint16_t closed = 0;
  {
    one_shot_server gone([](int) {});
    closed = gone.port();
  }
  const auto [where, step, words] = GENERATE_COPY(table<endpoint, login_step, std::string>({
      {{"127.0.0.1", closed, ""}, login_step::connect, "nothing listens there"},
      {{"", 0, "/nowhere/at/all"}, login_step::connect, "/nowhere/at/all"},
      {{"no-such-name.invalid", 6667, ""}, login_step::resolve, "was not found"},
  }));
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  halley::link one(home, events);
  one.open(where, {});
  loop.run();
  REQUIRE(events.down);
  CHECK(events.down->step == step);
  CHECK(events.down->why.text.find(words) != std::string::npos);
  CHECK_FALSE(events.up);
}

TEST_CASE("direct TLS is verified against the CA and the name", "[link]") {
  const auto [tls_name, ca, works] = GENERATE(table<std::string, bool, bool>({
      {"irc.test", true, true},
      {"other.test", true, false},
      {"irc.test", false, false},
  }));
  one_shot_server server([](int fd) { serve_tls(fd); });
  reactor loop;
  network config;
  config.tls = tls_mode::direct;
  config.tls_name = tls_name;
  if (ca) config.tls_ca_file = made().file("ca.pem");
  link_home home(config, loop);
  recorder events(loop);
  halley::link one(home, events);
  events.then_bytes = [&] { loop.stop(); };
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  CHECK(events.up == works);
  if (works) {
    CHECK(events.text == "secret hello");
    CHECK(one.is_secure());
    one.send("x");  // lets the server go
  } else {
    REQUIRE(events.down);
    CHECK(events.down->step == login_step::tls);
    CHECK(events.down->why.text.find("certificate") != std::string::npos);
  }
}

TEST_CASE("a line under TLS costs one read, and one that finds nothing more", "[link]") {
  one_shot_server server([](int fd) { serve_tls(fd); });
  reactor loop;
  network config;
  config.tls = tls_mode::direct;
  config.tls_name = "irc.test";
  config.tls_ca_file = made().file("ca.pem");
  link_home home(config, loop);
  recorder events(loop);
  halley::link one(home, events);
  int lines = -1;  // the first comes with the end of the handshake
  events.then_bytes = [&] {
    if (lines++ < 0) reads = 0;
    if (lines == 20) return loop.stop();
    one.send("x");
  };
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  CHECK(reads <= 2 * 20 + 1);
}

TEST_CASE("TLS can start in the middle of a connection", "[link]") {
  one_shot_server server([](int fd) {
    if (read_some(fd) != "STARTTLS") return;
    write_all(fd, "go");
    serve_tls(fd);
  });
  reactor loop;
  network config;
  config.tls = tls_mode::starttls;
  config.tls_name = "irc.test";
  config.tls_ca_file = made().file("ca.pem");
  link_home home(config, loop);
  recorder events(loop);
  halley::link one(home, events);
  events.then_up = [&] { one.send("STARTTLS"); };
  events.then_bytes = [&] {
    if (events.text == "go") return one.start_tls();
    one.send("x");
    loop.stop();
  };
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  CHECK(events.secure);
  CHECK(events.text == "gosecret hello");
}

TEST_CASE("with TLS from the first byte XMPP is named (XEP-0368, 3), and nothing else is", "[link]") {
  const auto [kind, tls, offered] = GENERATE(table<network_kind, tls_mode, std::string>({
      {network_kind::xmpp, tls_mode::direct, "\x0bxmpp-client"},
      {network_kind::xmpp, tls_mode::starttls, ""},
      {network_kind::irc, tls_mode::direct, ""},
  }));
  std::string seen;
  const bool asks = tls == tls_mode::starttls;
  {
    one_shot_server server([&seen, asks](int fd) {
      if (asks) {
        (void)read_some(fd);
        write_all(fd, "go ");
      }
      serve_tls(fd, &seen);
    });
    reactor loop;
    network config;
    config.kind = kind;
    config.tls = tls;
    config.tls_name = "irc.test";
    config.tls_ca_file = made().file("ca.pem");
    link_home home(config, loop);
    recorder events(loop);
    halley::link one(home, events);
    events.then_up = [&] {
      if (asks) one.send("STARTTLS");
    };
    events.then_bytes = [&] {
      if (events.text == "go ") return one.start_tls();
      loop.stop();
    };
    one.open({"127.0.0.1", server.port(), ""}, {});
    loop.run();
    CHECK(events.text.ends_with("secret hello"));
    one.send("x");
  }
  CHECK(seen == offered);
}

TEST_CASE("a server that never comes to STARTTLS runs out of time", "[link]") {
  one_shot_server server([](int fd) {
    while (!read_some(fd).empty()) {
    }
  });
  reactor loop;
  network config;
  config.kind = network_kind::xmpp;
  config.tls = tls_mode::starttls;
  config.connect_timeout_s = 1;
  link_home home(config, loop);
  recorder events(loop);
  halley::link one(home, events);
  events.then_up = [&] { one.send("<stream:stream>"); };
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  REQUIRE(events.down);
  CHECK(events.down->step == login_step::tls);
  CHECK(events.down->why.code == failure_code::timed_out);
}

TEST_CASE("a server that says nothing at all in the TLS handshake runs out of time", "[link]") {
  one_shot_server server([](int fd) {
    while (!read_some(fd).empty()) {
    }
  });
  reactor loop;
  network config;
  config.tls = tls_mode::direct;
  config.tls_name = "irc.test";
  config.connect_timeout_s = 1;
  link_home home(config, loop);
  recorder events(loop);
  halley::link one(home, events);
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  REQUIRE(events.down);
  CHECK(events.down->step == login_step::tls);
  CHECK(events.down->why.code == failure_code::timed_out);
}

TEST_CASE("more than a socket takes waits, bounded, and arrives in order", "[link]") {
  const std::size_t total = 100'000;
  std::string heard;
  std::optional<one_shot_server> server(std::in_place, [&](int fd) {
    while (heard.size() < total) {
      const std::string part = read_some(fd);
      if (part.empty()) break;
      heard += part;
    }
  });
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  halley::link one(home, events);
  std::string sent;
  events.then_up = [&] {
    for (std::size_t i = 0; sent.size() < total; ++i) {
      const std::string line = "line " + std::to_string(i) + "\r\n";
      sent += line;
      REQUIRE(one.send(line));
    }
  };
  one.open({"127.0.0.1", server->port(), ""}, {});
  loop.run();  // until the server has all and closes
  server.reset();  // its thread has ended
  CHECK(heard == sent);
}

TEST_CASE("a server that never reads is given up, not buffered for ever", "[link]") {
  std::mutex held;
  auto hold = std::make_unique<std::lock_guard<std::mutex>>(held);
  one_shot_server server([&](int) { const std::lock_guard until_released(held); });
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  halley::link one(home, events);
  events.then_up = [&] {
    const std::string block(64 * 1024, 'x');
    for (int i = 0; i < 1000 && one.send(block); ++i) {
    }
  };
  one.open({"127.0.0.1", server.port(), ""}, {});
  loop.run();
  hold.reset();
  REQUIRE(events.down);
  CHECK(events.down->why.text.find("does not take") != std::string::npos);
}

TEST_CASE("closing a link in the middle of anything tells nothing more", "[link]") {
  reactor loop;
  network config;
  recorder events(loop);
  link_home home(config, loop);
  auto one = std::make_unique<halley::link>(home, events);
  one->open({"no-such-name.invalid", 6667, ""}, {});
  one.reset();
  loop.post([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  CHECK_FALSE(events.down);
}

TEST_CASE("the PROXY header has the bytes of its specification", "[proxy_header]") {
  const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;
  const auto v2 = [](const std::string& source, std::uint16_t port, const std::string& to,
                     std::uint16_t to_port) {
    return print_proxy_header(proxy_version::v2, source, port, to, to_port);
  };
  CHECK(v2("192.0.2.1", 1234, "127.0.0.1", 6667) ==
        signature + "\x21\x11\x00\x0C\xC0\x00\x02\x01\x7F\x00\x00\x01\x04\xD2\x1A\x0B"s);
  const std::string v6 = v2("2001:db8::1", 80, "", 0);
  CHECK(v6.substr(0, 16) == signature + "\x21\x21\x00\x24"s);
  CHECK(v6.size() == 16 + 36);
  CHECK(v2("", 0, "", 0) == signature + "\x20\x00\x00\x00"s);
}

TEST_CASE("version 1 of the PROXY header is one line", "[proxy_header]") {
  struct row {
    std::string source;
    std::uint16_t port;
    std::string to;
    std::uint16_t to_port;
    std::string line;
  };
  const std::vector<row> rows = {
      {"192.0.2.1", 1234, "127.0.0.1", 6667, "PROXY TCP4 192.0.2.1 127.0.0.1 1234 6667\r\n"},
      {"2001:DB8:0::1", 80, "::1", 5222, "PROXY TCP6 2001:db8::1 ::1 80 5222\r\n"},
      // One line has one family.
      {"2001:db8::1", 80, "127.0.0.1", 5222, "PROXY TCP6 2001:db8::1 :: 80 0\r\n"},
      {"192.0.2.1", 80, "::1", 5222, "PROXY TCP4 192.0.2.1 0.0.0.0 80 0\r\n"},
      {"192.0.2.1", 80, "", 0, "PROXY TCP4 192.0.2.1 0.0.0.0 80 0\r\n"},
      {"", 0, "127.0.0.1", 6667, "PROXY UNKNOWN\r\n"},
      {"not an address", 0, "127.0.0.1", 6667, "PROXY UNKNOWN\r\n"},
  };
  for (const row& one : rows)
    CHECK(print_proxy_header(proxy_version::v1, one.source, one.port, one.to, one.to_port) ==
          one.line);
}
