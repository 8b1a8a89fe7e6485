// SPDX-License-Identifier: GPL-3.0-or-later
//
// Acknowledgements of the link on real sockets: that they leave in time is read from the kernel's own
// count of segments, that they cost nothing from the system calls of this program.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <utility>

#include "bridges/link.hpp"
#include "bridges/link_home.hpp"

using namespace halley;

namespace {

// What this program asked of its TCP sockets.
struct {
  int by_hand = 0;  // acknowledgements
  int socket = -1;  // the last one that is to be without Nagle: the link's
  bool old_kernel = false;
} asked;

constexpr int delack_max_us = 46;

}  // namespace

// In place of libc's.
extern "C" int setsockopt(int fd, int level, int name, const void* value, socklen_t size) noexcept {
  if (level == IPPROTO_TCP && name == TCP_QUICKACK) ++asked.by_hand;
  if (level == IPPROTO_TCP && name == TCP_NODELAY) asked.socket = fd;
  if (level == IPPROTO_TCP && name == delack_max_us && asked.old_kernel) {
    errno = ENOPROTOOPT;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_setsockopt, fd, level, name, value, size));
}

namespace {

// Segments that have left the link's socket, acknowledgements included. The field stands behind the
// part of the struct that Debian 12's headers know.
std::uint32_t segments_sent() {
  struct {
    tcp_info known;
    std::byte more[256];
  } info{};
  constexpr std::size_t tcpi_segs_out = 136;
  socklen_t size = sizeof info;
  REQUIRE(::getsockopt(asked.socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
  REQUIRE(size >= tcpi_segs_out + 4);
  std::uint32_t count = 0;
  std::memcpy(&count, reinterpret_cast<const std::byte*>(&info) + tcpi_segs_out, sizeof count);
  return count;
}

// A link and its server, on one thread: the server acts when the link has been told something.
struct stage final : link_listener {
  stage() : home(config, loop), one(home, *this) {
    listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(listener, 1) == 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
    one.open({"127.0.0.1", ntohs(at.sin_port), ""}, {});
  }
  ~stage() {
    one.close();
    ::close(server);
    ::close(listener);
  }
  void on_link_up() override {
    server = ::accept(listener, nullptr, nullptr);
    next();
  }
  void on_link_bytes(std::string_view bytes) override {
    if (answers) one.send("x");
    unread -= bytes.size();
  }
  void on_link_batch_end() override {
    if (unread == 0) next();
  }
  void on_link_down(const link_error& why) override { FAIL(why.why.text); }

  void says(const std::string& text) {
    unread = text.size();
    REQUIRE(::send(server, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  }
  void hears_x() const {
    char x = 0;
    REQUIRE(::recv(server, &x, 1, 0) == 1);
  }
  // The story: one step each time that the link has read everything.
  void run(std::function<void()> step) {
    next = std::move(step);
    loop.run();
  }

  network config;
  reactor loop;
  link_home home;
  halley::link one;
  int listener = -1;
  int server = -1;
  std::size_t unread = 0;
  bool answers = false;
  std::function<void()> next;
};

// So many lines of this size from a server that hears nothing; how many were acknowledged by hand.
int by_hand_of(int lines, std::size_t size) {
  asked.by_hand = 0;
  stage on;
  on.run([&] {
    if (lines-- == 0) return on.loop.stop();
    on.says(std::string(size, 'l'));
  });
  return asked.by_hand;
}

}  // namespace

TEST_CASE("a server that we only listen to is acknowledged without our doing", "[prompt_ack]") {
  asked.old_kernel = GENERATE(false, true);
  CHECK(by_hand_of(50, 100) == 1);
  asked.old_kernel = false;
}

TEST_CASE("where the system may wait long, what looks like a part is acknowledged by hand",
          "[prompt_ack]") {
  asked.old_kernel = true;
  CHECK(by_hand_of(10, 600) == 10);
  asked.old_kernel = false;
}

TEST_CASE("no line waits for its acknowledgement, whether we have just answered or not",
          "[prompt_ack]") {
  asked.old_kernel = GENERATE(false, true);
  stage on;
  std::uint32_t before = 0;
  int step = 0;
  int late = 0;
  on.run([&] {
    const bool answered = std::exchange(on.answers, step % 2 == 0);
    if (answered) on.hears_x();
    else if (step > 0 && segments_sent() == before) ++late;
    if (step++ == 40) return on.loop.stop();
    before = segments_sent();
    on.says("line");
  });
  asked.old_kernel = false;
  CHECK(late == 0);
}
