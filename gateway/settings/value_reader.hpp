// SPDX-License-Identifier: GPL-3.0-or-later
//
// One value of the document into one member, by what the table of options says of it. Internal to
// this room.
#pragma once

#include <toml++/toml.h>

#include <string>

#include "gateway/settings/mistakes.hpp"
#include "gateway/settings/option_table.hpp"

namespace halley {

// A value that is refused leaves its place as it was. Relative paths count from `folder`.
void read_value(const option& which, slot place, const toml::node& from,
                const std::string& full_key, const std::string& folder, mistakes& found);

}  // namespace halley
