// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts events of the chat dialect are made of: texts with spans, places, roles, failures,
// members, results. gateway/dialects/README.md has their fields.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/chat/event.hpp"
#include "gateway/dialects/json_text.hpp"

namespace halley {

inline constexpr std::array<std::string_view, role_count> role_names{"visitor", "voice", "halfop",
                                                                     "op",      "admin", "owner"};

void add_text(json_object& json, const formatted& body);
void add_place(json_object& json, const place& where);
// The highest first; none at all is left out unless `also_empty`.
void add_roles(json_object& json, role_set roles, bool also_empty = false);
void add_failure(json_object& json, const failure& why);
void add_said(json_object& json, const said_event& e);
void add_result(json_object& json, const result_event& e);
void append_texts(std::string& out, const std::vector<std::string>& texts);
void append_member(std::string& out, const member& one);

}  // namespace halley
