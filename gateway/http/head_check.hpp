// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a request head must not contain before any parser sees it: everything two HTTP programs in a
// row are known to understand differently (request smuggling). RFC 9112, 2.2, 5 and 6.
#pragma once

#include <optional>
#include <string_view>

namespace halley {

struct head_fault {
  int status = 400;
  const char* text = "";
};

// `head`: from the request line to the empty line, included.
std::optional<head_fault> check_head(std::string_view head);

}  // namespace halley
