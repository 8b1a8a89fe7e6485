// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bayeux_events.hpp"

#include <algorithm>

#include "gateway/dialects/bayeux_names.hpp"

namespace halley {
namespace {

struct locator {
  const network& of;

  std::string net() const { return "/net/" + of.name; }
  std::string room(std::string_view name, const char* realm = "/chat/") const {
    return name.empty() ? net() : realm + of.name + '/' + escape_name(name, true, of);
  }
  std::string at(const place& where) const {
    if (where.is_room) return room(where.name);
    return where.name.empty() ? net() : "/dm/" + of.name + '/' + escape_name(where.name, false, of);
  }

  std::string operator()(const joined_event& e) const { return room(e.room); }
  std::string operator()(const left_event& e) const { return room(e.room); }
  std::string operator()(const nick_event& e) const { return room(e.room); }
  std::string operator()(const topic_event& e) const { return room(e.room); }
  std::string operator()(const members_event& e) const { return room(e.room, "/members/"); }
  std::string operator()(const members_changed_event& e) const { return room(e.room, "/members/"); }
  std::string operator()(const presence_event& e) const { return room(e.room, "/members/"); }
  std::string operator()(const said_event& e) const { return at(e.where); }
  std::string operator()(const typing_event& e) const { return at(e.where); }
  std::string operator()(const data_event& e) const {
    return e.where.is_room ? room(e.where.name, "/data/") : at(e.where);
  }
  std::string operator()(const reacted_event& e) const { return at(e.where); }
  std::string operator()(const edited_event& e) const { return at(e.where); }
  std::string operator()(const retracted_event& e) const { return at(e.where); }
  std::string operator()(const history_event& e) const { return at(e.where); }
  std::string operator()(const read_marker_event& e) const { return at(e.where); }
  std::string operator()(const kicked_event& e) const { return room(e.room); }
  std::string operator()(const mode_event& e) const { return room(e.room); }
  std::string operator()(const gap_event& e) const { return room(e.room); }
  std::string operator()(const healed_event& e) const { return room(e.room); }
  std::string operator()(const room_features_event& e) const { return room(e.room); }
  std::string operator()(const error_event& e) const { return room(e.room); }
  template <class Other>
  std::string operator()(const Other&) const {
    return net();
  }
};

struct companion {
  static also_told people(const std::string& room) {
    return room.empty() ? also_told::all_members : also_told::members;
  }
  also_told operator()(const joined_event& e) const { return people(e.room); }
  also_told operator()(const left_event& e) const { return people(e.room); }
  also_told operator()(const nick_event& e) const { return people(e.room); }
  also_told operator()(const kicked_event& e) const { return people(e.room); }
  also_told operator()(const presence_event& e) const {
    return e.room.empty() && !e.contact ? also_told::all_members : also_told::nowhere;
  }
  also_told operator()(const members_changed_event& e) const {
    return e.room.empty() ? also_told::all_members : also_told::nowhere;
  }
  also_told operator()(const mode_event& e) const {
    const bool of_people = std::any_of(e.changes.begin(), e.changes.end(),
                                       [](const mode_change& one) { return one.as_role >= 0; });
    return of_people ? also_told::members : also_told::nowhere;
  }
  also_told operator()(const gap_event& e) const {
    return e.room.empty() ? also_told::all_rooms : also_told::nowhere;
  }
  template <class Other>
  also_told operator()(const Other&) const {
    return also_told::nowhere;
  }
};

}  // namespace

const std::string& channel_of(const event_ptr& what, const network& of) {
  return what->encoded(bayeux_slot,
                       [&of](const event& value) { return std::visit(locator{of}, value); });
}

also_told also_told_at(const event& what) {
  return std::visit(companion{}, what);
}

bool is_lazy(const event& what) {
  return std::holds_alternative<typing_event>(what) ||
         std::holds_alternative<presence_event>(what) ||
         std::holds_alternative<members_changed_event>(what);
}

}  // namespace halley
