// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/chat/event.hpp"

#include <array>

#include "gateway/chat/shared_event.hpp"

namespace halley {
namespace {

std::size_t weight_of(const formatted& text) {
  return text.text.size() + text.spans.size() * sizeof(span);
}
std::size_t weight_of(const said_event& e) {
  return weight_of(e.body) + e.where.name.size() + e.from.size() + e.id.size();
}

// Only what can be long counts; everything else is in the size of the value itself.
struct weigher {
  std::size_t operator()(const said_event& e) const { return weight_of(e); }
  std::size_t operator()(const topic_event& e) const { return weight_of(e.topic); }
  std::size_t operator()(const notice_event& e) const { return weight_of(e.body); }
  std::size_t operator()(const edited_event& e) const { return weight_of(e.body); }
  std::size_t operator()(const data_event& e) const { return e.value.size() + e.type.size(); }
  std::size_t operator()(const members_event& e) const {
    return e.members.size() * (sizeof(member) + 16);
  }
  std::size_t operator()(const members_changed_event& e) const {
    return e.joined.size() * (sizeof(member) + 16) + e.left.size() * (sizeof(std::string) + 16);
  }
  std::size_t operator()(const history_event& e) const {
    std::size_t sum = 0;
    for (const auto& item : e.items) sum += sizeof(item) + weight_of(item);
    return sum;
  }
  std::size_t operator()(const result_event& e) const {
    if (const auto* rooms = std::get_if<std::vector<room_entry>>(&e.data)) {
      std::size_t sum = 0;
      for (const auto& room : *rooms) sum += sizeof(room) + room.room.size() + room.topic.size();
      return sum;
    }
    return e.why.text.size();
  }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return 0;
  }
};

}  // namespace

std::string_view login_step_name(login_step step) {
  static constexpr std::array<std::string_view, 7> names{
      "resolve", "connect", "tls", "gateway_password", "login", "sasl", "running"};
  return names[static_cast<std::size_t>(step)];
}

std::size_t shared_event::weight() const {
  return sizeof(shared_event) + std::visit(weigher{}, value_);
}

}  // namespace halley
