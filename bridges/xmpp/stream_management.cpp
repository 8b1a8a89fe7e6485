// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/stream_management.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace halley::xmpp {

void stream_management::begin() {
  id_.clear();
  location_.clear();
  (void)take_unacked();
  acknowledged_ = sent_;
  received_ = reported_ = h_ = 0;
  counting_ = true;
  requested_ = overflowed_ = false;
}

void stream_management::on_enabled(std::string_view id, std::string_view location) {
  id_ = id;
  location_ = location;
  // Ours begins with <enable/>, the server's with its answer (XEP-0198, 4).
  received_ = reported_ = 0;
}

void stream_management::on_refused() {
  counting_ = false;
  id_.clear();
  (void)take_unacked();
  acknowledged_ = sent_;
}

std::uint64_t stream_management::on_sent(std::string_view stanza) {
  ++sent_;
  if (!counting_) {
    acknowledged_ = sent_;
    return sent_;
  }
  if (overflowed_) return sent_;
  if (kept_.size() >= most_kept || kept_bytes_ + stanza.size() > most_kept_bytes) {
    overflowed_ = true;
    std::vector<unacked>().swap(kept_);
    kept_bytes_ = 0;
    return sent_;
  }
  kept_bytes_ += stanza.size();
  kept_.push_back({sent_, std::string(stanza)});
  return sent_;
}

bool stream_management::acknowledge(std::uint32_t h) {
  const std::uint32_t more = h - h_;
  if (more > sent_ - acknowledged_) return false;
  h_ = h;
  acknowledged_ += more;
  requested_ = false;
  const auto end = std::find_if(kept_.begin(), kept_.end(), [this](const unacked& one) {
    return one.number > acknowledged_;
  });
  for (auto it = kept_.begin(); it != end; ++it) kept_bytes_ -= it->stanza.size();
  kept_.erase(kept_.begin(), end);
  if (kept_.empty()) kept_.shrink_to_fit();
  return true;
}

std::vector<stream_management::unacked> stream_management::take_unacked() {
  kept_bytes_ = 0;
  return std::exchange(kept_, {});
}

std::optional<std::uint32_t> read_count(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace halley::xmpp
