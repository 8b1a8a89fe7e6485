// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns to connect, asked for by several shards at once.
#include "bridges/connect_turns.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace halley;

namespace {

// Somebody who connects: has his turn for some rounds of his loop, and gives it back.
class caller {
 public:
  caller(connect_turns& turns, reactor& loop, std::function<void()> on_turn)
      : turn(turns, loop, [](void* me) { static_cast<caller*>(me)->on_turn_(); }, this),
        on_turn_(std::move(on_turn)) {}
  connect_turns::turn turn;

 private:
  std::function<void()> on_turn_;
};

void note_most(std::atomic<int>& most, int now) {
  for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
  }
}

}  // namespace

TEST_CASE("four shards together have no more turns than one", "[connect_turns]") {
  constexpr int shards = 4, callers = 100;
  connect_turns turns(4);
  std::atomic<int> now{0}, most{0}, done{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < shards; ++i)
    threads.emplace_back([&] {
      reactor loop;
      std::vector<std::unique_ptr<caller>> all;
      int mine = 0;
      std::vector<std::function<void()>> begin(callers);
      for (int k = 0; k < callers; ++k) {
        begin[k] = [&, k] {
          note_most(most, ++now);
          // Some rounds later, so that turns of all shards overlap.
          auto rounds = std::make_shared<std::function<void(int)>>();
          *rounds = [&, k, rounds](int left) {
            if (left > 0) return loop.post([rounds, left] { (*rounds)(left - 1); });
            --now;
            ++done;
            all[k]->turn.give_back();
            loop.post([&, rounds] {
              *rounds = nullptr;
              if (++mine == callers) loop.stop();
            });
          };
          loop.post([rounds] { (*rounds)(20); });
        };
        all.push_back(std::make_unique<caller>(turns, loop, begin[k]));
      }
      loop.post([&] {
        for (int k = 0; k < callers; ++k)
          if (all[k]->turn.take("server")) begin[k]();
      });
      loop.run();
    });
  for (auto& one : threads) one.join();
  CHECK(done == shards * callers);
  CHECK(most == 4);
}

TEST_CASE("turns come in the order they were asked for, and those given up are passed over",
          "[connect_turns]") {
  connect_turns turns(1);
  reactor loop;
  std::string order;
  std::vector<std::unique_ptr<caller>> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(std::make_unique<caller>(turns, loop, [&, i] {
      order += static_cast<char>('0' + i);
      if (i == 3) loop.stop();
      auto gone = std::make_shared<std::unique_ptr<caller>>(std::move(all[i]));
      loop.post([gone] { gone->reset(); });  // a link that dies gives its turn back
    }));
  CHECK(all[0]->turn.take("server"));
  for (int i = 1; i < 4; ++i) CHECK_FALSE(all[i]->turn.take("server"));
  SECTION("of those that wait") {
    all[2].reset();
    all[0]->turn.give_back();
    loop.run();
    CHECK(order == "13");
  }
  SECTION("of one whose turn is on its way to him") {
    all[0]->turn.give_back();
    all[1].reset();
    loop.run();
    CHECK(order == "23");
  }
}

TEST_CASE("a server that nobody reaches holds up only those that want to go there",
          "[connect_turns]") {
  connect_turns turns(1);
  reactor loop;
  caller stuck(turns, loop, [] {}), waiting(turns, loop, [] {}), other(turns, loop, [] {});
  CHECK(stuck.turn.take("dead"));
  CHECK_FALSE(waiting.turn.take("dead"));
  CHECK(other.turn.take("alive"));
}
