// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tests of a bridge without the gateway: a shard on its own thread, and users whose listener
// records everything that is told. A test asks, then waits for what must come; nothing sleeps.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/base/reactor.hpp"
#include "gateway/session/bridge.hpp"

namespace halley::test {

class shard_thread {
 public:
  shard_thread() : thread_([this] { loop_.run(); }) {}
  ~shard_thread() {
    loop_.post([this] { loop_.stop(); });
    thread_.join();
  }
  reactor& loop() { return loop_; }
  // Runs `work` on the shard and waits for its end.
  void run(const std::function<void()>& work) {
    std::promise<void> done;
    loop_.post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  reactor loop_;
  std::thread thread_;
};

class bridge_user final : private bridge_listener {
 public:
  bridge_user(shard_thread& shard, bridge_network& network, const visitor& who) : shard_(shard) {
    shard_.run([&] { bridge_ = network.enter(who, *this); });
  }
  ~bridge_user() {
    shard_.run([this] { bridge_.reset(); });
  }

  std::uint64_t ask(command what) {
    const std::uint64_t n = ++last_n_;
    shard_.run([&] { bridge_->submit(n, what); });
    return n;
  }
  // The answer to a command.
  result_event answer(std::uint64_t n) {
    const auto found = wait<result_event>([n](const result_event& e) { return e.n == n; });
    return found.value_or(
        result_event{n, false, {failure_code::timed_out, "no result", ""}, {}, ""});
  }
  result_event done(command what) { return answer(ask(std::move(what))); }

  // The first event of a kind, since the last `forget()`, for which `fits` holds; nothing after ten
  // seconds without it.
  template <class Event>
  std::optional<Event> wait(const std::function<bool(const Event&)>& fits) {
    std::unique_lock lock(mutex_);
    std::optional<Event> found;
    changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      for (const event_ptr& one : events_) {
        const auto* value = std::get_if<Event>(&one->value());
        if (value != nullptr && fits(*value)) {
          found = *value;
          return true;
        }
      }
      return false;
    });
    return found;
  }
  template <class Event>
  std::optional<Event> wait() {
    return wait<Event>([](const Event&) { return true; });
  }
  template <class Event>
  std::size_t count(const std::function<bool(const Event&)>& fits) {
    const std::lock_guard lock(mutex_);
    std::size_t number = 0;
    for (const event_ptr& one : events_) {
      const auto* value = std::get_if<Event>(&one->value());
      if (value != nullptr && fits(*value)) ++number;
    }
    return number;
  }
  // All events of a kind so far, in order.
  template <class Event>
  void each(const std::function<void(const Event&)>& look) {
    const std::lock_guard lock(mutex_);
    for (const event_ptr& one : events_)
      if (const auto* value = std::get_if<Event>(&one->value())) look(*value);
  }
  // What was said, in order, since the last `forget()`.
  std::vector<std::string> texts() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const event_ptr& one : events_) {
      if (const auto* line = std::get_if<said_event>(&one->value())) out.push_back(line->body.text);
    }
    return out;
  }
  std::optional<failure> wait_end() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [this] { return ended_.has_value(); });
    return ended_;
  }
  // Which object the first such event was, to see what is shared; null if there is none.
  template <class Event>
  const void* identity_of(const std::function<bool(const Event&)>& fits) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const auto* value = std::get_if<Event>(&events_[i]->value());
      if (value != nullptr && fits(*value)) return identities_[i];
    }
    return nullptr;
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    events_.clear();
    identities_.clear();
  }
  std::vector<event_ptr> describe() {
    std::vector<event_ptr> out;
    shard_.run([&] { bridge_->describe(out); });
    return out;
  }
  void end(const std::string& reason) {
    shard_.run([&] { bridge_->end(reason); });
  }
  bool heal(unix_ms since) {
    bool heals = false;
    shard_.run([&] { heals = bridge_->heal(since); });
    return heals;
  }
  void attach(bool attached) {
    shard_.run([&] { bridge_->on_attached(attached); });
  }

 private:
  void on_event(event_ptr what) override { add(std::move(what)); }
  void on_sent(std::uint64_t n) override { add(share(sent_event{n})); }
  void on_waiting(std::uint64_t n, std::int64_t ms) override { add(share(waiting_event{n, ms})); }
  void on_result(result_event answer) override { add(share(event(std::move(answer)))); }
  void on_ended(failure why) override {
    const std::lock_guard lock(mutex_);
    ended_ = std::move(why);
    changed_.notify_all();
  }
  void add(event_ptr what) {
    const std::lock_guard lock(mutex_);
    // A copy: shared events are counted without locks, on their own thread.
    events_.push_back(share(event(what->value())));
    identities_.push_back(what.get());
    changed_.notify_all();
  }

  shard_thread& shard_;
  std::unique_ptr<bridge> bridge_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<event_ptr> events_;
  std::vector<const void*> identities_;
  std::optional<failure> ended_;
  std::uint64_t last_n_ = 0;
};

}  // namespace halley::test
