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
  // "{id}" stands for one segment and is handed to `answer`; so does any other word in braces.
  std::string_view pattern;
  void (*answer)(http_parts& parts, exchange& with, http_request&& request, std::string&& id);
  origin_rule origins = origin_rule::field_only;
  // A protocol with a limit of its own, that answers longer ones (http_request::oversized) itself.
  std::size_t longest_body = 0;
};

// gateway/dialects/README.md, "URLs".
std::span<const route> chat_routes();
std::span<const route> script_routes();
// gateway/dialects/raw.md, "Addresses".
std::span<const route> raw_routes();
std::span<const route> kiwi_routes();
// gateway/dialects/bayeux.md, "Addresses".
std::span<const route> bayeux_routes();

// XEP-0156: open to every page, unlike the rest. False if the path is none of its own.
bool answer_discovery(http_parts& parts, exchange& with, const http_request& request);
// gateway/dialects/README.md, "Watching".
std::span<const route> watch_routes();

// The segment that stands for {id}, percent-decoded; nothing if the path does not match.
std::optional<std::string> match_path(std::string_view pattern, std::string_view path);

// What browsers are served: checks the origin, finds the route and lets it answer; otherwise a page.
class site final : public answerer {
 public:
  void answer(http_parts& parts, exchange& with, http_request&& request) const override;
  std::size_t longest_body(const http_request& head) const override;
};

}  // namespace halley
