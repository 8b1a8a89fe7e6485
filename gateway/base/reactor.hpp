// SPDX-License-Identifier: GPL-3.0-or-later
//
// The event loop of one shard: one thread, one epoll set, one timer wheel, one read buffer. Sockets
// are plain descriptors in the set, so that an idle one costs no buffer and no object. A wake-up is
// one system call, whatever it brings: sockets, a deadline, posts of other threads.
//
// Everything here belongs to the thread that runs the reactor. Only `post` may be called from
// another one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/breather.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/timer_wheel.hpp"

namespace halley {

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

  // Runs until stop(), which lets the present wake-up end. May be run again afterwards. `post` is the
  // only member that other threads may call.
  void run();
  void stop() { stopped_ = true; }
  void post(std::function<void()> work);

  // Adds `fd` for reading and writing, edge-triggered. `who` must call forget(fd) before it dies
  // or closes the descriptor; after forget() it is never called again, not even for events that
  // were already fetched.
  void watch(int fd, watcher& who);
  void forget(int fd, watcher& who);
  // A new event for what is ready already, in the next wake-up: who stops reading before would_block
  // asks for it.
  void ask_again(int fd, watcher& who);

  // Runs `work` once, after the events fetched in the present wake-up have been handled: what was
  // produced by many reads leaves in one write. From outside a wake-up it runs in the next.
  void at_batch_end(std::function<void()> work);

  timer_wheel& timers() { return timers_; }
  // The shard's read buffer: valid until the next read, on any socket.
  std::span<char> read_buffer() { return {read_buffer_.data(), read_buffer_.size()}; }
  // Scratch space to gather what leaves in one write; empty it before use.
  std::string& write_buffer() { return write_buffer_; }

  // Time of the present wake-up, so that one batch sees one time.
  steady_ms now() const { return now_; }
  unix_ms wall_now() const { return wall_now_; }

 private:
  struct poll_set;
  class mailbox;
  void set(int how, int fd, watcher& who);
  void take_breath() const;
  void wake_up();
  int patience() const;
  void run_batch_end();
  void read_clocks();

  const std::unique_ptr<poll_set> set_;
  timer_wheel timers_;
  breather breath_;
  const std::unique_ptr<mailbox> posted_;
  std::vector<std::function<void()>> batch_end_;
  std::vector<char> read_buffer_;
  std::string write_buffer_;
  steady_ms now_ = 0;
  unix_ms wall_now_ = 0;
  bool stopped_ = false;
};

}  // namespace halley
