// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session/command_window.hpp"

#include <algorithm>

namespace halley {
namespace {

bool is_plain(const result_event& answer) {
  return answer.ok && answer.id.empty() && std::holds_alternative<std::monostate>(answer.data);
}

}  // namespace

const command_window::entry* command_window::find(std::uint64_t n) const {
  const auto at =
      std::find_if(entries_.begin(), entries_.end(), [n](const entry& e) { return e.n == n; });
  return at == entries_.end() ? nullptr : &*at;
}

command_window::verdict command_window::take(std::uint64_t n) {
  if (const entry* known = find(n)) return known->answered ? verdict::answered : verdict::pending;
  if (n <= forgotten_) return verdict::outside;
  if (pending() >= most_pending) return verdict::full;
  entries_.push_back({n, false, nullptr});
  return verdict::fresh;
}

bool command_window::settle(const result_event& answer) {
  auto* known = const_cast<entry*>(find(answer.n));
  if (known == nullptr || known->answered) return false;
  known->answered = true;
  if (!is_plain(answer)) known->more = std::make_unique<const result_event>(answer);
  forget_oldest();
  return true;
}

// What is pending is never forgotten.
void command_window::forget_oldest() {
  std::size_t answered = entries_.size() - pending();
  for (auto at = entries_.begin(); answered > kept;) {
    if (!at->answered) {
      ++at;
      continue;
    }
    forgotten_ = std::max(forgotten_, at->n);
    at = entries_.erase(at);
    --answered;
  }
}

std::optional<result_event> command_window::answer(std::uint64_t n) const {
  const entry* known = find(n);
  if (known == nullptr || !known->answered) return std::nullopt;
  if (known->more) return *known->more;
  result_event plain;
  plain.n = n;
  return plain;
}

bool command_window::is_pending(std::uint64_t n) const {
  const entry* known = find(n);
  return known != nullptr && !known->answered;
}

std::size_t command_window::pending() const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(), [](const entry& e) { return !e.answered; }));
}

}  // namespace halley
