// SPDX-License-Identifier: GPL-3.0-or-later
//
// Under another name than before the loss: what the network says about the name that was mine.
#include "bridges/irc/bridge.hpp"
#include "gateway/base/random.hpp"

namespace halley::irc {

void irc_bridge::recover_nick() {
  std::string out;
  recovery_->begin(names().monitor, now(), random_u64(), out);
  link_.send(out);
}

// Somebody seen in a common room; servers without MONITOR tell no more.
void irc_bridge::watch_for_nick(const event& what) {
  const auto* left = std::get_if<left_event>(&what);
  const auto* renamed = std::get_if<nick_event>(&what);
  const std::string& wished = recovery_->wished();
  const bool is_free = (left && left->room.empty() && names().same(left->from, wished)) ||
                       (renamed && names().same(renamed->from, wished));
  if (!is_free) return;
  std::string out;
  recovery_->on_free(now(), out);
  link_.send(out);
}

bool irc_bridge::take_nick_news(int number, const message& line) {
  // A change of name the visitor has asked for gets its own answer.
  if (pending_.find(waiting_for::nick, {}, names())) return false;
  std::string out;
  const bool ours = recovery_->take(number, line, now(), out);
  if (!out.empty()) link_.send(out);
  rearm();
  return ours;
}

// I go by another name now: the one I had, or the one the visitor chose instead.
void irc_bridge::end_nick_recovery() {
  std::string out;
  recovery_->end(out);
  recovery_.reset();
  link_.send(out);
}

}  // namespace halley::irc
