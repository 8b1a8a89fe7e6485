// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/connect_turns.hpp"

#include <algorithm>

namespace halley {

connect_turns::turn::turn(connect_turns& all, reactor& loop, void (*on_turn)(void*), void* owner)
    : all_(all), loop_(loop), on_turn_(on_turn), owner_(owner) {}

bool connect_turns::turn::take(const std::string& server) {
  give_back();
  server_ = server;
  wanted_ = std::make_shared<bool>(true);
  return all_.take(*this);
}

void connect_turns::turn::give_back() {
  if (!wanted_) return;
  all_.give_back(*this);
  wanted_.reset();
}

bool connect_turns::take(turn& one) {
  const std::lock_guard hold(lock_);
  line& here = lines_[one.server_];
  if (here.taken < at_once_) {
    ++here.taken;
    one.state_ = turn::state::taken;
    return true;
  }
  one.state_ = turn::state::waiting;
  here.waiting.push_back(&one);
  return false;
}

void connect_turns::give_back(turn& one) {
  const std::lock_guard hold(lock_);
  line& here = lines_[one.server_];
  if (one.state_ == turn::state::waiting) {
    here.waiting.erase(std::find(here.waiting.begin(), here.waiting.end(), &one));
  } else if (!here.waiting.empty()) {
    // The turn goes on to the next. He waits, so his link and his loop live.
    turn& next = *here.waiting.front();
    here.waiting.pop_front();
    next.state_ = turn::state::taken;
    next.loop_.post([&next, wanted = std::weak_ptr<bool>(next.wanted_)] {
      if (!wanted.expired()) next.on_turn_(next.owner_);
    });
  } else if (--here.taken == 0) {
    lines_.erase(one.server_);
  }
  one.state_ = turn::state::none;
}

}  // namespace halley
