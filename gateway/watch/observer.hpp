// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one client of a node that sits in the rooms of a network which passers-by may watch, for any
// number of them. Lives on one shard; viewers come to it. Refers to the network, which outlives it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/base/reactor.hpp"
#include "gateway/session/bridge.hpp"
#include "gateway/watch/watched_room.hpp"

namespace halley {

class observer final : private bridge_listener {
 public:
  // Viewers are told of changes at most this often.
  static constexpr steady_ms told_every = 5 * 1000;

  observer(reactor& loop, bridge_network& network);
  ~observer();
  observer(const observer&) = delete;
  observer& operator=(const observer&) = delete;

  // Connects. Called once, on the loop's thread.
  void start();
  // Leaves the network; nothing is told any more.
  void stop();

  const network& network_config() const { return network_.config(); }
  // By the name in the settings; null if it may not be watched.
  const watched_room* find(std::string_view room) const;
  // `told` is called for each room that has changed, at most every `told_every` ms.
  void on_change(std::function<void(const watched_room&)> told) { told_ = std::move(told); }

 private:
  void on_event(event_ptr what) override;
  void on_sent(std::uint64_t) override {}
  void on_waiting(std::uint64_t, std::int64_t) override {}
  void on_result(result_event) override {}
  void on_ended(failure why) override;
  void on_timer();
  void enter();
  void tell();

  struct seen {
    watched_room room;
    std::uint64_t told = 0;  // the version viewers have
  };
  reactor& loop_;
  bridge_network& network_;
  std::vector<seen> rooms_;
  std::unique_ptr<bridge> bridge_;
  std::function<void(const watched_room&)> told_;
  wheel_timer timer_;
  steady_ms told_at_ = 0;
  bool stopped_ = false;
};

}  // namespace halley
