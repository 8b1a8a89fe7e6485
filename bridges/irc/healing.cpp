// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/healing.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

const said_event* line_in(const event_ptr& what) {
  return what ? std::get_if<said_event>(&what->value()) : nullptr;
}

// COMPAT(inspircd 3): times in its history are cut to seconds.
bool is_same_line(const said_event& a, const said_event& b) {
  if (!a.id.empty() && !b.id.empty()) return a.id == b.id;
  return a.from == b.from && a.body.text == b.body.text && a.at / 1000 == b.at / 1000;
}

}  // namespace

std::uint64_t key_of(const said_event& line) {
  const std::hash<std::string_view> hash;
  if (!line.id.empty()) return hash(line.id);
  std::uint64_t key = static_cast<std::uint64_t>(line.at);
  for (const std::string* part : {&line.from, &line.body.text})
    key = key * 0x9E3779B97F4A7C15u ^ hash(*part);
  return key;
}

room_healing::room_healing(std::string room, event_ptr last, unix_ms since)
    : room_(std::move(room)), after_at_(since), from_at_(since), last_(std::move(last)) {
  if (const said_event* known = line_in(last_)) {
    after_id_ = known->id;
    after_at_ = from_at_ = known->at;
  }
}

std::string room_healing::reference(bool takes_ids) {
  by_id_ = takes_ids && !by_time_ && !after_id_.empty();
  if (by_id_) return "msgid=" + after_id_;
  // What has the same millisecond may be new; what is not is found out.
  return "timestamp=" + print_iso_time(after_at_ - 1);
}

// `in_time`: what is older than the loss is there as well.
void room_healing::sift(std::vector<said_event>& lines, bool in_time,
                        std::vector<said_event>& fresh) {
  auto from = lines.begin();
  if (const said_event* known = line_in(last_)) {
    // From behind: somebody may have said the same before.
    const auto found = std::find_if(lines.rbegin(), lines.rend(), [known](const said_event& one) {
      return is_same_line(one, *known);
    });
    if (found != lines.rend()) {
      from = found.base();
      reached_ = true;
      last_.reset();
    }
  }
  for (; from != lines.end(); ++from) {
    if (in_time && from->at / 1000 < from_at_ / 1000) {
      reached_ = true;
      continue;
    }
    if (replayed_.count(key_of(*from)) != 0) continue;
    if ((cut_ = count_ == most_lines)) break;
    replayed_.insert(key_of(*from));
    from->replayed = true;
    ++count_;
    fresh.push_back(std::move(*from));
  }
}

bool room_healing::take_page(std::vector<said_event> page, std::uint32_t limit,
                             std::vector<said_event>& fresh) {
  const bool full = page.size() >= limit;
  if (!page.empty()) {
    after_id_ = page.back().id;
    after_at_ = page.back().at;
  }
  const std::uint32_t before = count_;
  sift(page, !by_id_, fresh);
  complete = !full && !cut_;
  // A full page without news would be asked for again and again.
  return full && ++pages_ < most_pages && !cut_ && count_ > before;
}

bool room_healing::fall_back_to_time() {
  return !std::exchange(by_time_, true) && !after_id_.empty();
}

void room_healing::take_replay(std::vector<said_event> lines, std::vector<said_event>& fresh) {
  const std::size_t all = lines.size();
  sift(lines, true, fresh);
  complete = reached_ || all < kept;
}

void room_healing::skip(const said_event& line) {
  replayed_.erase(key_of(line));
}

bool room_healing::hold(event_ptr live) {
  if (held_.size() >= most_held) return false;
  held_.push_back(std::move(live));
  return true;
}

std::vector<event_ptr> room_healing::release() {
  std::erase_if(held_, [this](const event_ptr& one) {
    const said_event* line = line_in(one);
    return line && replayed_.count(key_of(*line)) != 0;
  });
  return std::exchange(held_, {});
}

}  // namespace halley::irc
