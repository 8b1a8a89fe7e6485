// SPDX-License-Identifier: GPL-3.0-or-later
//
// The floor: what this machine's kernel takes for a message that comes in on one socket and leaves on another.
// For each client a connection of its own to the server; what is read on one is written to the other, and
// nothing is looked at, framed, kept or timed. Pauses between two looks as the gateway does
// (gateway/base/breather.hpp), or bursts would be compared at different numbers of wake-ups.
//
//   bare_relay LISTEN_HOST LISTEN_PORT SERVER_HOST SERVER_PORT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/breather.hpp"
#include "gateway/base/time.hpp"

namespace {

struct end {
  int fd = -1;
  end* other = nullptr;
  std::string unsent;  // of what the other end has read
};

// Never destroyed: what is left of one is a hundred bytes, and a run is short.
struct joined {
  end client;
  end server;
};

sockaddr_in address(const char* host, const char* port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  if (::inet_pton(AF_INET, host, &out.sin_addr) != 1) std::exit(2);
  return out;
}

class relay {
 public:
  relay(const sockaddr_in& here, const sockaddr_in& there)
      : there_(there),
        listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
        poll_(::epoll_create1(EPOLL_CLOEXEC)),
        buffer_(64 * 1024) {
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
        ::listen(listener_, 1024) != 0)
      std::exit(1);
    watch(listener_, nullptr);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 512> events;
    for (;;) {
      if (const auto us = breath_.pause_us(); us > 0) {
        const timespec pause{0, static_cast<long>(us * 1000)};
        ::nanosleep(&pause, nullptr);
      }
      const int count = ::epoll_wait(poll_, events.data(), events.size(), -1);
      breath_.on_look(halley::steady_now_us(), count);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.ptr == nullptr)
          take_in();
        else
          on_ready(*static_cast<end*>(event.data.ptr), event.events);
      }
    }
  }

 private:
  void watch(int fd, end* who) {
    epoll_event wanted{};
    wanted.events = who == nullptr ? EPOLLIN : EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.ptr = who;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &wanted);
  }

  void take_in() {
    int fd;
    while ((fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
      auto* const made = new joined;
      made->client = {fd, &made->server, {}};
      made->server = {::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), &made->client, {}};
      // Loopback: this does not wait.
      if (::connect(made->server.fd, reinterpret_cast<const sockaddr*>(&there_), sizeof there_) != 0)
        std::perror("connect");
      const int on = 1;
      for (end* one : {&made->client, &made->server}) {
        ::setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(one->fd, one);
      }
    }
  }

  void on_ready(end& who, std::uint32_t what) {
    if (who.fd < 0) return;
    if ((what & EPOLLOUT) != 0 && !who.unsent.empty()) {
      write(who, std::exchange(who.unsent, {}));
      if (who.unsent.empty()) read(*who.other, true);
    }
    if ((what & ~EPOLLOUT) != 0) read(who, (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  }

  void read(end& from, bool to_the_end) {
    end& to = *from.other;
    while (from.fd >= 0 && to.unsent.empty()) {
      const ssize_t n = ::recv(from.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (n < 0 && errno == EAGAIN) return;
      if (n <= 0) return close(from);
      write(to, {buffer_.data(), static_cast<std::size_t>(n)});
      if (!to_the_end && static_cast<std::size_t>(n) < buffer_.size()) return;
    }
  }

  void write(end& to, std::string_view bytes) {
    const ssize_t n = ::send(to.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN) return close(to);
    to.unsent = bytes.substr(n < 0 ? 0 : static_cast<std::size_t>(n));
  }

  void close(end& one) {
    for (end* each : {&one, one.other}) {
      if (each->fd >= 0) ::close(each->fd);
      each->fd = -1;
    }
  }

  const sockaddr_in there_;
  const int listener_;
  const int poll_;
  std::vector<char> buffer_;
  halley::breather breath_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  relay(address(argv[1], argv[2]), address(argv[3], argv[4])).run();
}
