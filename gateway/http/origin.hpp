// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which pages may use the gateway. Browsers say where a page comes from in `Origin`; the allow-list
// applies to every address of the API, the WebSocket upgrade included, as the same-origin policy
// protects none of them against cross-site WebSocket hijacking and form posts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/request.hpp"

namespace halley {

// How the page behind a request may be known where the browser sends no Origin field.
enum class origin_rule : std::uint8_t {
  field_only,
  frame,  // carrier=forever_frame is a navigation: its page stands in the parameter `origin`, and is
          // held to it by the browser (frame-ancestors, the target of what is posted)
  script,  // nothing says it; the operator has allowed that (http.script_carrier)
  anybody  // what is asked for is open to all sites
};

class origin_policy {
 public:
  // Patterns as in http_settings::origins.
  origin_policy(std::vector<std::string> patterns, bool allow_missing);

  // `secure`: the request came over TLS, as far as we know. An Origin field has to be right under
  // every rule.
  bool allows(const http_request& request, bool secure,
              origin_rule rule = origin_rule::field_only) const;

 private:
  bool allows_page(std::string_view origin, const http_request& request, bool secure) const;
  bool is_listed(std::string_view origin) const;
  std::vector<std::string> patterns_;
  bool allow_missing_;
};

// scheme "://" host [":" port] as browsers write it: nothing that could end a field or a policy.
bool is_plain_origin(std::string_view text);
// "https://*.example.org" matches any one label in the place of the star.
bool matches_origin(std::string_view pattern, std::string_view origin);
// The same patterns for a frame-ancestors directive (CSP 3, 6.4.2.1), behind 'self'. A star is known
// there only as the first label, where it stands for several: other patterns are left out, as all that is
// near them would allow too much.
std::string frame_ancestors_of(const std::vector<std::string>& patterns);

}  // namespace halley
