// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the check goes by on other people's servers, and what it says there.
#pragma once

#include <cstddef>
#include <string>

namespace halley {

// RFC 5737: addresses nobody has. Visitor 0, 1, ...
std::string documentation_address(std::size_t visitor);
// "hck" and six letters: within nine, which is all ngIRCd allows by default. Rooms are named so
// too.
std::string check_nick();
// A text that suffers when a server is not clean to eight bits.
extern const std::string sample_text;

}  // namespace halley
