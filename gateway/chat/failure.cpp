// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/chat/failure.hpp"

#include <array>
#include <cstddef>

namespace halley {
namespace {

struct row {
  failure_code code;
  std::string_view name;
  int status;
};

constexpr std::array rows{
    row{failure_code::bad_request, "bad_request", 400},
    row{failure_code::bad_field, "bad_field", 400},
    row{failure_code::unknown_command, "unknown_command", 400},
    row{failure_code::unknown_network, "unknown_network", 404},
    row{failure_code::unknown_session, "unknown_session", 404},
    row{failure_code::too_large, "too_large", 413},
    row{failure_code::too_many, "too_many", 429},
    row{failure_code::too_fast, "too_fast", 429},
    row{failure_code::not_allowed, "not_allowed", 403},
    row{failure_code::repeated_outside, "repeated_outside", 409},
    row{failure_code::not_supported, "not_supported", 501},
    row{failure_code::not_online, "not_online", 503},
    row{failure_code::nick_in_use, "nick_in_use", 409},
    row{failure_code::bad_nick, "bad_nick", 400},
    row{failure_code::bad_password, "bad_password", 401},
    row{failure_code::account_needed, "account_needed", 403},
    row{failure_code::not_in_room, "not_in_room", 409},
    row{failure_code::no_such_room, "no_such_room", 404},
    row{failure_code::no_such_nick, "no_such_nick", 404},
    row{failure_code::bad_room, "bad_room", 400},
    row{failure_code::room_full, "room_full", 409},
    row{failure_code::invite_only, "invite_only", 403},
    row{failure_code::room_key, "room_key", 403},
    row{failure_code::banned, "banned", 403},
    row{failure_code::cannot_speak, "cannot_speak", 403},
    row{failure_code::no_privilege, "no_privilege", 403},
    row{failure_code::too_many_rooms, "too_many_rooms", 409},
    row{failure_code::refused, "refused", 409},
    row{failure_code::timed_out, "timed_out", 504},
    row{failure_code::lost, "lost", 503},
    row{failure_code::internal, "internal", 500},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].code) != i) return false;
  return rows.size() == static_cast<std::size_t>(failure_code::internal) + 1;
}
static_assert(in_order(), "one row for each code, in the order of the enumeration");

}  // namespace

std::string_view failure_name(failure_code code) {
  return rows[static_cast<std::size_t>(code)].name;
}
int failure_status(failure_code code) { return rows[static_cast<std::size_t>(code)].status; }

}  // namespace halley
