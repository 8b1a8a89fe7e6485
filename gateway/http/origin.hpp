// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which pages may use the gateway. Browsers say where a page comes from in `Origin`; the allow-list
// applies to every address of the API, the WebSocket upgrade included, as the same-origin policy
// protects none of them against cross-site WebSocket hijacking and form posts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/request.hpp"

namespace halley {

class origin_policy {
 public:
  // Patterns as in http_settings::origins.
  origin_policy(std::vector<std::string> patterns, bool allow_missing);

  // `secure`: the request came over TLS, as far as we know.
  bool allows(const http_request& request, bool secure) const;

 private:
  bool is_listed(std::string_view origin) const;
  std::vector<std::string> patterns_;
  bool allow_missing_;
};

// "https://*.example.org" matches any one label in the place of the star.
bool matches_origin(std::string_view pattern, std::string_view origin);

}  // namespace halley
