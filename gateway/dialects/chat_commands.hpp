// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands by their name and fields, for the dialects that have JSON. Internal to this room.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "gateway/base/errors.hpp"
#include "gateway/chat/command.hpp"
#include "gateway/chat/failure.hpp"

namespace halley {

// The command `name` with the fields of a JSON object; README.md, "Commands".
result<command, failure> read_command(std::string_view name, const nlohmann::json& fields);

}  // namespace halley
