// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of addresses: method, path pattern, who answers. Everything that is not in it is a
// page.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/http/exchange.hpp"

namespace halley {

struct route {
  http_method method;
  std::string_view pattern;  // "{id}" stands for one segment
  void (*answer)(http_parts& parts, exchange& with, http_request&& request, std::string&& id);
};

// gateway/dialects/README.md, "URLs".
std::span<const route> chat_routes();

// The segment that stands for {id}, percent-decoded; nothing if the path does not match.
std::optional<std::string> match_path(std::string_view pattern, std::string_view path);

// Checks the origin, finds the route and lets it answer.
void answer_request(http_parts& parts, exchange& with, http_request&& request);

}  // namespace halley
