// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tunnels against real sockets.
#include "bridges/tunnels.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <thread>
#include <vector>

using namespace halley;

namespace {

// Each connection is served on a thread of its own, until the server dies.
class small_server {
 public:
  explicit small_server(std::function<void(int)> act) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(listener_, 64) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port = ntohs(at.sin_port);
    accepting_ = std::thread([this, act = std::move(act)] {
      for (int fd; (fd = ::accept(listener_, nullptr, nullptr)) >= 0;)
        serving_.emplace_back([fd, act] {
          act(fd);
          ::close(fd);
        });
    });
  }
  ~small_server() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (auto& one : serving_) one.join();
    ::close(listener_);
  }
  std::uint16_t port = 0;

 private:
  int listener_ = -1;
  std::thread accepting_;
  std::vector<std::thread> serving_;
};

std::string read_to_the_end(int fd) {
  std::string all;
  char buffer[65536];
  for (ssize_t got; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    all.append(buffer, static_cast<std::size_t>(got));
  return all;
}

bool send_all(int fd, std::size_t size, std::atomic<std::size_t>& sent) {
  const std::string block(64 * 1024, 'x');
  while (sent < size) {
    const ssize_t took = ::send(fd, block.data(), block.size(), MSG_NOSIGNAL);
    if (took <= 0) return false;
    sent += static_cast<std::size_t>(took);
  }
  return true;
}

struct recorder final : tunnel_listener {
  void on_tunnel_open(bool) override {
    ++opened;
    if (then_open) then_open();
  }
  void on_tunnel_bytes(std::string_view bytes) override {
    received += bytes.size();
    if (then_bytes) then_bytes();
  }
  void on_tunnel_secure() override {}
  void on_tunnel_room() override {
    ++rooms;
    if (then_room) then_room();
  }
  void on_tunnel_lost(const failure& why) override {
    lost = why.text;
    if (then_lost) then_lost();
  }
  int opened = 0, rooms = 0;
  std::size_t received = 0;
  std::string lost;
  std::function<void()> then_open, then_bytes, then_room, then_lost;
};

std::string greet(const network&, const visitor& who) { return "HELLO " + who.address + "\r\n"; }

endpoint local(std::uint16_t port) { return {"127.0.0.1", port, ""}; }

}  // namespace

TEST_CASE("the server hears the greeting, then what was said early, then the rest", "[tunnels]") {
  std::string heard;
  reactor loop;
  network config;
  recorder events;
  {
    small_server server([&](int fd) {
      (void)!::send(fd, "hi", 2, MSG_NOSIGNAL);  // accepted
      heard = read_to_the_end(fd);
    });
    config.servers = {local(server.port)};
    tunnels door(config, loop, greet);
    visitor who;
    who.address = "192.0.2.7";
    auto one = door.open(who, events);
    one->send("early\r\n");
    events.then_open = [&] { one->send("late\r\n"); };
    events.then_bytes = [&] { loop.stop(); };
    loop.run();
  }
  CHECK(heard == "HELLO 192.0.2.7\r\nearly\r\nlate\r\n");
}

TEST_CASE("a server that is not there is passed over, and none at all is told once", "[tunnels]") {
  small_server server([](int fd) { read_to_the_end(fd); });
  reactor loop;
  network config;
  recorder events;
  SECTION("the next one takes it, wherever the turn began") {
    config.servers = {local(1), local(1), local(server.port), local(1)};
    tunnels door(config, loop, nullptr);
    std::vector<std::unique_ptr<tunnel>> all;
    events.then_open = [&] {
      if (events.opened == 8) loop.stop();
    };
    for (int i = 0; i < 8; ++i) all.push_back(door.open({}, events));
    loop.run();
    CHECK(events.lost.empty());
    all.clear();
  }
  SECTION("nowhere") {
    config.servers = {local(1), local(1)};
    tunnels door(config, loop, nullptr);
    events.then_lost = [&] { loop.stop(); };
    auto one = door.open({}, events);
    loop.run();
    CHECK(events.lost.find("refused") != std::string::npos);
    CHECK(events.opened == 0);
  }
}

TEST_CASE("last words arrive, even when the server was in the middle of talking", "[tunnels]") {
  std::string heard;
  std::atomic<std::size_t> sent{0};
  reactor loop;
  network config;
  recorder events;
  {
    small_server server([&](int fd) {
      send_all(fd, 1024 * 1024, sent);
      // As ircds do: closes when it has read the QUIT.
      char buffer[1000];
      while (heard.find("QUIT") == std::string::npos) {
        const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        heard.append(buffer, static_cast<std::size_t>(got));
      }
    });
    config.servers = {local(server.port)};
    tunnels door(config, loop, nullptr);
    auto one = door.open({}, events);
    events.then_bytes = [&] {
      if (!one) return;
      door.leave(std::move(one), "QUIT :Page closed\r\n");
      CHECK(door.leaving() == 1);
    };
    std::function<void()> look = [&] {
      if (!one && door.leaving() == 0) return loop.stop();
      loop.post(look);
    };
    loop.post(look);
    loop.run();
  }
  CHECK(heard == "QUIT :Page closed\r\n");
}

TEST_CASE("a slow reader stops the server, and gets everything in the end", "[tunnels]") {
  constexpr std::size_t all = 64 * 1024 * 1024;
  std::atomic<std::size_t> sent{0};
  reactor loop;
  network config;
  recorder events;
  {
    small_server server([&](int fd) { send_all(fd, all, sent); });
    config.servers = {local(server.port)};
    tunnels door(config, loop, nullptr);
    auto one = door.open({}, events);
    std::size_t when_stopped = 0;
    events.then_bytes = [&] {
      if (when_stopped != 0) return;
      when_stopped = events.received;
      one->read(false);
    };
    // The server is at rest when its count has not moved for two looks, 200 ms apart.
    std::size_t before = 0;
    std::function<void()> on_look;
    struct caller {
      static void call(void* what) { (*static_cast<std::function<void()>*>(what))(); }
    };
    wheel_timer timer(caller::call, &on_look);
    on_look = [&] {
      if (sent == 0 || sent != before) {
        before = sent;
        return timer.arm(loop.timers(), loop.now() + 200);
      }
      CHECK(events.received == when_stopped);
      CHECK(sent < all);
      one->read(true);
    };
    timer.arm(loop.timers(), loop.now() + 200);
    events.then_lost = [&] { loop.stop(); };
    loop.run();
  }
  CHECK(events.received == all);
}

TEST_CASE("a slow server stops the sender and tells when there is room", "[tunnels]") {
  constexpr std::size_t all = 32 * 1024 * 1024;
  std::atomic<std::size_t> heard{0};
  reactor loop;
  network config;
  recorder events;
  {
    small_server server([&](int fd) { heard = read_to_the_end(fd).size(); });
    config.servers = {local(server.port)};
    tunnels door(config, loop, nullptr);
    auto one = door.open({}, events);
    std::size_t sent = 0;
    const std::string block(16 * 1024, 'x');
    const auto send_on = [&] {
      while (sent < all) {
        sent += block.size();
        if (!one->send(block)) return;
      }
      loop.stop();
    };
    events.then_open = send_on;
    events.then_room = send_on;
    events.then_lost = [&] { loop.stop(); };
    loop.run();
    CHECK(events.lost.empty());
    CHECK(events.rooms > 0);
    one.reset();
  }
  CHECK(heard >= all - tunnel::enough_pending - 32 * 1024);
}
