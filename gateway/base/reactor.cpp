// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/reactor.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>

namespace halley {
namespace {

// 512 events a call: research shows no gain past a few hundred, and a batch is what one write
// gathers over.
constexpr int most_events = 512;
// 64 KiB: a full socket buffer of a busy room in one read.
constexpr std::size_t read_buffer_size = 64 * 1024;

int make_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}

}  // namespace

// The events of the present wake-up; forget() empties the places of a watcher that went away.
struct reactor::fetched {
  std::array<epoll_event, most_events> events;
  int count = 0;
  int next = 0;
};

reactor::reactor()
    : epoll_(io_.get_executor(), make_epoll()),
      tick_(io_.get_executor()),
      timers_(steady_now()),
      fetched_(std::make_unique<fetched>()),
      read_buffer_(read_buffer_size) {
  read_clocks();
}

reactor::~reactor() = default;

void reactor::read_clocks() {
  now_ = steady_now();
  wall_now_ = unix_now();
}

void reactor::run() {
  const auto work = asio::make_work_guard(io_);
  wait_for_events();
  arm_timer();
  io_.run();
}

void reactor::stop() { io_.stop(); }

void reactor::post(std::function<void()> work) {
  asio::post(io_, [this, work = std::move(work)] {
    read_clocks();
    in_batch_ = true;
    work();
    run_batch_end();
    arm_timer();
  });
}

void reactor::watch(int fd, watcher& who) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = &who;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, fd, &wanted) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void reactor::forget(int fd, watcher& who) {
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
  for (int i = fetched_->next; i < fetched_->count; ++i) {
    epoll_event& event = fetched_->events[static_cast<std::size_t>(i)];
    if (event.data.ptr == &who) event.data.ptr = nullptr;
  }
}

void reactor::at_batch_end(std::function<void()> work) {
  batch_end_.push_back(std::move(work));
  if (in_batch_ || batch_end_posted_) return;
  batch_end_posted_ = true;
  asio::post(io_, [this] {
    batch_end_posted_ = false;
    read_clocks();
    run_batch_end();
    arm_timer();
  });
}

void reactor::wait_for_events() {
  epoll_.async_wait(asio::posix::descriptor_base::wait_read, [this](const error_code& ec) {
    if (ec) return;  // only when the reactor goes away
    handle_events();
    wait_for_events();
  });
}

void reactor::handle_events() {
  auto& batch = *fetched_;
  batch.count = ::epoll_wait(epoll_.native_handle(), batch.events.data(), most_events, 0);
  read_clocks();
  in_batch_ = true;
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
  in_batch_ = false;
  run_batch_end();
  arm_timer();
}

void reactor::run_batch_end() {
  in_batch_ = true;  // what the work asks for at the end of this batch still belongs to it
  for (std::size_t i = 0; i < batch_end_.size(); ++i) {
    const auto work = std::move(batch_end_[i]);
    work();
  }
  batch_end_.clear();
  in_batch_ = false;
}

// One Asio timer serves the whole wheel and is set only when something is due earlier than it.
void reactor::arm_timer() {
  if (timers_.armed() == 0) return;
  const steady_ms due = timers_.next_due();
  if (armed_for_ != 0 && armed_for_ <= due && armed_for_ > now_) return;
  armed_for_ = due;
  tick_.expires_at(std::chrono::steady_clock::time_point(std::chrono::milliseconds(due)));
  tick_.async_wait([this](const error_code& ec) {
    if (ec) return;
    armed_for_ = 0;
    read_clocks();
    in_batch_ = true;
    timers_.advance(now_);
    in_batch_ = false;
    run_batch_end();
    arm_timer();
  });
}

}  // namespace halley
