// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/watch/observer.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/log.hpp"

namespace halley {
namespace {

// A network that has ended our observer for good is asked again after this long, in case the operator
// has put it right; anything quicker would be a retry storm against a ban.
constexpr steady_ms asked_again = 30 * 60 * 1000;

}  // namespace

observer::observer(reactor& loop, bridge_network& network)
    : loop_(loop), network_(network), timer_(on_expiry<&observer::on_timer>, this) {
  const halley::network& config = network.config();
  for (const std::string& room : config.watch_rooms)
    rooms_.push_back({watched_room(room, config.watch_lines), 0});
}

observer::~observer() = default;

void observer::start() {
  if (!rooms_.empty()) enter();
}

void observer::enter() {
  visitor who;
  who.nick = network_.config().watch_nick;
  who.address = "127.0.0.1";
  for (const seen& one : rooms_) who.rooms.push_back({one.room.name(), ""});
  if (const auto why = network_.refuse(who)) {
    spdlog::error("network {}: its rooms cannot be watched: {}", network_.config().name, why->text);
    return;
  }
  bridge_ = network_.enter(who, *this);
  bridge_->on_attached(true);
}

void observer::stop() {
  stopped_ = true;
  timer_.cancel();
  if (bridge_) bridge_->end("Leaving");
}

const watched_room* observer::find(std::string_view room) const {
  const auto at = std::find_if(rooms_.begin(), rooms_.end(),
                               [room](const seen& one) { return one.room.name() == room; });
  return at == rooms_.end() ? nullptr : &at->room;
}

void observer::on_event(event_ptr what) {
  bool changed = false;
  for (seen& one : rooms_) changed = one.room.take(what->value()) || changed;
  if (!changed || stopped_ || timer_.armed()) return;
  timer_.arm(loop_.timers(), std::max(loop_.now(), told_at_ + told_every));
}

void observer::on_ended(failure why) {
  if (!stopped_) {
    spdlog::warn("network {}: its rooms are not watched any more: {}", network_.config().name,
                 why.text);
    for (seen& one : rooms_) one.room.take(closing_event{});
    timer_.arm(loop_.timers(), loop_.now() + asked_again);
  }
  // The bridge is calling; it goes when it has returned.
  loop_.at_batch_end([gone = std::shared_ptr<bridge>(std::move(bridge_))] {});
}

void observer::on_timer() {
  if (!bridge_) enter();
  tell();
}

void observer::tell() {
  told_at_ = loop_.now();
  for (seen& one : rooms_) {
    if (one.told == one.room.version()) continue;
    one.told = one.room.version();
    if (told_) told_(one.room);
  }
}

}  // namespace halley
