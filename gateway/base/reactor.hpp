// SPDX-License-Identifier: GPL-3.0-or-later
//
// The event loop of one shard: one thread, one io_context, one epoll set nested in it, one timer
// wheel, one read buffer. Long-lived sockets (browser legs after their upgrade, network legs) are
// plain descriptors in the epoll set, so that an idle one costs no buffer, no Asio object and no
// system call but its own; Asio carries what is rare: resolver, signals, posts between shards.
//
// Everything here belongs to the thread that runs the reactor. Only `post` may be called from
// another one.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/errors.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/timer_wheel.hpp"

namespace halley {

namespace asio = boost::asio;
using executor = asio::io_context::executor_type;

// What happened to a watched descriptor; `hang_up` covers errors and a peer that closed.
struct readiness {
  bool readable = false;
  bool writable = false;
  bool hang_up = false;
};

// Something that owns a descriptor in the epoll set. Edge-triggered: read until would_block (or a
// short read), write until would_block.
class watcher {
 public:
  virtual void on_ready(readiness what) = 0;

 protected:
  ~watcher() = default;
};

class reactor {
 public:
  reactor();
  ~reactor();
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;

  // Runs until stop(). `post` is the only member that other threads may call.
  void run();
  void stop();
  void post(std::function<void()> work);

  // Adds `fd` for reading and writing, edge-triggered. `who` must call forget(fd) before it dies
  // or closes the descriptor; after forget() it is never called again, not even for events that
  // were already fetched.
  void watch(int fd, watcher& who);
  void forget(int fd, watcher& who);

  // Runs `work` once, after the events fetched in the present wake-up have been handled: what was
  // produced by many reads leaves in one write. From outside a wake-up it runs as soon as possible.
  void at_batch_end(std::function<void()> work);

  asio::io_context& io() { return io_; }
  timer_wheel& timers() { return timers_; }
  // The shard's read buffer: valid until the next read, on any socket.
  std::span<char> read_buffer() { return {read_buffer_.data(), read_buffer_.size()}; }
  // Scratch space to gather what leaves in one write; empty it before use.
  std::string& write_buffer() { return write_buffer_; }

  // Time of the present wake-up, so that one batch sees one time.
  steady_ms now() const { return now_; }
  unix_ms wall_now() const { return wall_now_; }

 private:
  void wait_for_events();
  void handle_events();
  void run_batch_end();
  void arm_timer();
  void read_clocks();

  asio::io_context io_{1};
  asio::posix::basic_stream_descriptor<executor> epoll_;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, executor>
      tick_;
  steady_ms armed_for_ = 0;
  timer_wheel timers_;
  struct fetched;
  std::unique_ptr<fetched> fetched_;
  std::vector<std::function<void()>> batch_end_;
  bool in_batch_ = false;
  bool batch_end_posted_ = false;
  std::vector<char> read_buffer_;
  std::string write_buffer_;
  steady_ms now_ = 0;
  unix_ms wall_now_ = 0;
};

}  // namespace halley
