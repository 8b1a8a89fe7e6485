// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/byte_stream.hpp"
#include "gateway/base/reactor.hpp"

using namespace halley;

namespace {

// System calls of the loop itself.
struct {
  int waits = 0;
  int changes = 0;  // of what is watched
  int bells = 0;    // that wake another thread
} calls;

}  // namespace

// In place of libc's.
extern "C" int epoll_wait(int set, epoll_event* events, int most, int timeout) {
  ++calls.waits;
  return static_cast<int>(::syscall(SYS_epoll_wait, set, events, most, timeout));
}
extern "C" int epoll_ctl(int set, int how, int fd, epoll_event* event) noexcept {
  ++calls.changes;
  return static_cast<int>(::syscall(SYS_epoll_ctl, set, how, fd, event));
}
extern "C" int eventfd_write(int fd, eventfd_t value) {
  ++calls.bells;
  return ::write(fd, &value, sizeof value) == sizeof value ? 0 : -1;
}

namespace {

struct socket_pair {
  socket_pair() {
    int fds[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    near = byte_stream(fds[0]);
    far = byte_stream(fds[1]);
  }
  byte_stream near;
  byte_stream far;
};

struct reader final : watcher {
  reader(reactor& loop, byte_stream& stream) : loop_(loop), stream_(stream) {
    loop_.watch(stream_.fd(), *this);
  }
  ~reader() { loop_.forget(stream_.fd(), *this); }
  void on_ready(readiness what) override {
    if (!what.readable) return;
    for (;;) {
      const io_result got = stream_.read(loop_.read_buffer());
      if (got.state != io_state::ok) break;
      text.append(loop_.read_buffer().data(), got.size);
    }
    if (then) then();
  }
  reactor& loop_;
  byte_stream& stream_;
  std::string text;
  std::function<void()> then;
};

}  // namespace

TEST_CASE("bytes written at one end wake the watcher of the other", "[reactor]") {
  reactor loop;
  socket_pair pair;
  reader in(loop, pair.near);
  in.then = [&] {
    if (in.text == "hello") loop.stop();
  };
  CHECK(pair.far.write("hello").size == 5);
  loop.run();
  CHECK(in.text == "hello");
}

TEST_CASE("a wake-up is one system call, also while a deadline is near", "[reactor]") {
  reactor loop;
  socket_pair pair;
  reader in(loop, pair.near);
  struct bell {
    reactor& loop;
    wheel_timer timer{on_expiry<&bell::ring>, this};
    void ring() { timer.arm(loop.timers(), loop.now() + 1); }
  } near_deadline{loop};
  near_deadline.ring();
  int rounds = 100;
  in.then = [&] {
    // It is set anew each time, as that of a connection is.
    near_deadline.timer.arm(loop.timers(), loop.now() + 60'000 + rounds);
    if (--rounds == 0) return loop.stop();
    (void)pair.far.write("x");
  };
  (void)pair.far.write("x");
  calls = {};
  loop.run();
  CHECK(calls.waits <= 100);
  CHECK(calls.changes == 0);
  CHECK(calls.bells == 0);
}

TEST_CASE("many posts wake the loop once", "[reactor]") {
  reactor loop;
  std::string order;
  calls = {};
  for (char name = 'a'; name < 'f'; ++name) loop.post([&order, name] { order += name; });
  CHECK(calls.bells == 1);
  // Posted meanwhile: in the next wake-up, after what is owed at the end of this one.
  loop.post([&] {
    loop.at_batch_end([&] { order += '|'; });
    loop.post([&] {
      order += 'f';
      loop.stop();
    });
  });
  loop.run();
  CHECK(order == "abcde|f");
}

TEST_CASE("a loop that was stopped can run again, and does what was asked meanwhile", "[reactor]") {
  reactor loop;
  int ends = 0;
  for (int i = 1; i <= 3; ++i) {
    loop.at_batch_end([&] {
      ++ends;
      loop.stop();
    });
    loop.run();
    CHECK(ends == i);
  }
}

TEST_CASE("work for the end of a batch runs once, after every event of the batch", "[reactor]") {
  reactor loop;
  socket_pair one;
  socket_pair two;
  reader first(loop, one.near);
  reader second(loop, two.near);
  int ends = 0;
  std::string seen;
  bool asked = false;
  const auto ask = [&] {
    if (asked) return;
    asked = true;
    loop.at_batch_end([&] {
      ++ends;
      seen = first.text + second.text;
      loop.stop();
    });
  };
  first.then = second.then = ask;
  (void)one.far.write("a");
  (void)two.far.write("b");
  loop.run();
  CHECK(ends == 1);
  CHECK(seen == "ab");
}

TEST_CASE("a watcher that was forgotten in the same batch is not called", "[reactor]") {
  reactor loop;
  socket_pair one;
  socket_pair two;
  auto first = std::make_unique<reader>(loop, one.near);
  auto second = std::make_unique<reader>(loop, two.near);
  int calls = 0;
  first->then = [&] {
    ++calls;
    second.reset();
  };
  second->then = [&] {
    ++calls;
    first.reset();
  };
  (void)one.far.write("a");
  (void)two.far.write("b");
  loop.at_batch_end([] {});
  loop.post([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  CHECK(calls <= 1);
}

TEST_CASE("posts from another thread run on the loop's own", "[reactor]") {
  reactor loop;
  std::thread::id ran_on;
  std::thread other([&] {
    loop.post([&] {
      ran_on = std::this_thread::get_id();
      loop.stop();
    });
  });
  loop.run();
  other.join();
  CHECK(ran_on == std::this_thread::get_id());
}

TEST_CASE("the wheel is driven by the loop", "[reactor]") {
  reactor loop;
  struct bell {
    reactor& loop;
    wheel_timer timer{on_expiry<&bell::ring>, this};
    steady_ms rung_at = 0;
    explicit bell(reactor& l) : loop(l) {}
    void ring() {
      rung_at = loop.now();
      loop.stop();
    }
  } bell(loop);
  const steady_ms due = loop.now() + 60;
  bell.timer.arm(loop.timers(), due);
  loop.run();
  CHECK(bell.rung_at >= due);
}

TEST_CASE("a closed peer is told from one that only says nothing", "[byte_stream]") {
  socket_pair pair;
  std::array<char, 16> buffer;
  CHECK(pair.near.read(buffer).state == io_state::would_block);
  pair.far.close();
  CHECK(pair.near.read(buffer).state == io_state::closed);
  CHECK(pair.near.write("x").state == io_state::failed);
}
