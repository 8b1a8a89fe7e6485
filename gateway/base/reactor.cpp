// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/reactor.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <ctime>
#include <mutex>
#include <system_error>
#include <utility>

namespace halley {
namespace {

// 512 events a call: research shows no gain past a few hundred, and a batch is what one write
// gathers over.
constexpr int most_events = 512;
// 64 KiB: a full socket buffer of a busy room in one read.
constexpr std::size_t read_buffer_size = 64 * 1024;

class descriptor {
 public:
  descriptor(int fd, const char* from) : fd_(fd) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), from);
  }
  ~descriptor() { ::close(fd_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

// The watched descriptors, and the events of the present wake-up; forget() empties the places of a
// watcher that went away.
struct reactor::poll_set {
  descriptor epoll{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"};
  std::array<epoll_event, most_events> events;
  int count = 0;
  int next = 0;
};

// What was posted. Its descriptor is never read: each writing makes an edge of its own.
class reactor::mailbox final : public watcher {
 public:
  int fd() const { return bell_.get(); }

  void put(std::function<void()> work) {
    bool first = false;
    {
      const std::lock_guard hold(lock_);
      first = waiting_.empty();
      waiting_.push_back(std::move(work));
    }
    if (first) ::eventfd_write(fd(), 1);
  }

  void on_ready(readiness) override {
    std::vector<std::function<void()>> now;
    {
      const std::lock_guard hold(lock_);
      now.swap(waiting_);
    }
    for (const auto& work : now) work();
  }

 private:
  descriptor bell_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"};
  std::mutex lock_;
  std::vector<std::function<void()>> waiting_;
};

reactor::reactor()
    : set_(std::make_unique<poll_set>()),
      timers_(steady_now()),
      posted_(std::make_unique<mailbox>()),
      read_buffer_(read_buffer_size) {
  read_clocks();
  watch(posted_->fd(), *posted_);
}

reactor::~reactor() = default;

void reactor::read_clocks() {
  now_ = steady_now();
  wall_now_ = unix_now();
}

void reactor::run() {
  while (!std::exchange(stopped_, false)) wake_up();
}

void reactor::post(std::function<void()> work) { posted_->put(std::move(work)); }

void reactor::set(int how, int fd, watcher& who) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &who;
  if (::epoll_ctl(set_->epoll.get(), how, fd, &wanted) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void reactor::watch(int fd, watcher& who) { set(EPOLL_CTL_ADD, fd, who); }
void reactor::ask_again(int fd, watcher& who) { set(EPOLL_CTL_MOD, fd, who); }

void reactor::forget(int fd, watcher& who) {
  ::epoll_ctl(set_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  for (int i = set_->next; i < set_->count; ++i) {
    epoll_event& event = set_->events[static_cast<std::size_t>(i)];
    if (event.data.ptr == &who) event.data.ptr = nullptr;
  }
}

void reactor::at_batch_end(std::function<void()> work) { batch_end_.push_back(std::move(work)); }

// How long there is nothing to do unless something happens, in ms.
int reactor::patience() const {
  if (!batch_end_.empty()) return 0;
  if (timers_.armed() == 0) return -1;
  const steady_ms left = timers_.next_due() - steady_now();
  return static_cast<int>(std::clamp<steady_ms>(left, 0, INT_MAX));
}

void reactor::take_breath() const {
  const std::int64_t us = breath_.pause_us();
  if (us == 0 || !batch_end_.empty()) return;
  const timespec pause{0, static_cast<long>(us * 1000)};
  ::nanosleep(&pause, nullptr);  // a signal ends it early, which is fine
}

void reactor::wake_up() {
  poll_set& batch = *set_;
  take_breath();
  batch.count = ::epoll_wait(batch.epoll.get(), batch.events.data(), most_events, patience());
  read_clocks();
  breath_.on_look(steady_now_us(), batch.count);
  for (batch.next = 0; batch.next < batch.count;) {
    const epoll_event& event = batch.events[static_cast<std::size_t>(batch.next++)];
    auto* who = static_cast<watcher*>(event.data.ptr);
    if (who == nullptr) continue;
    readiness what;
    what.readable = (event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    what.writable = (event.events & EPOLLOUT) != 0;
    what.hang_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    who->on_ready(what);
  }
  batch.count = batch.next = 0;
  timers_.advance(now_);
  run_batch_end();
}

// What the work asks for at the end of this batch still belongs to it.
void reactor::run_batch_end() {
  for (std::size_t i = 0; i < batch_end_.size(); ++i) {
    const auto work = std::move(batch_end_[i]);
    work();
  }
  batch_end_.clear();
}

}  // namespace halley
