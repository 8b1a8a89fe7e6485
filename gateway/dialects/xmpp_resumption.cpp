// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/xmpp_resumption.hpp"

#include <charconv>

namespace halley {

bool xmpp_resumption::on_said(std::string_view frame) {
  ++said_;
  kept_.emplace_back(frame);
  bytes_ += frame.size();
  while (bytes_ > most_kept && !kept_.empty()) {
    bytes_ -= kept_.front().size();
    kept_.pop_front();
  }
  if (bytes_ < ask_after || asked_) return false;
  asked_ = true;
  return true;
}

bool xmpp_resumption::acknowledge(std::uint64_t count) {
  if (count > said_) return false;
  asked_ = false;
  while (!kept_.empty() && said_ - kept_.size() < count) {
    bytes_ -= kept_.front().size();
    kept_.pop_front();
  }
  return true;
}

std::optional<std::deque<std::string>> xmpp_resumption::missed_after(std::uint64_t count) {
  if (count < said_ - kept_.size() || !acknowledge(count)) return std::nullopt;
  return kept_;
}

std::string print_resume(const resume_answer& what) {
  std::string out = "<" + std::string(what.name);
  const auto add = [&out](std::string_view name, std::string_view value) {
    out.append(" ").append(name).append("=\"").append(value).append("\"");
  };
  add("xmlns", resume_namespace);
  add("id", what.token);
  add("max", std::to_string(what.seconds));
  if (what.heard) add("h", std::to_string(*what.heard));
  return out += "/>";
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return count;
}

}  // namespace halley
