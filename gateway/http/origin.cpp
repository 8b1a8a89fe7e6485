// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/origin.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/ascii.hpp"

namespace halley {

bool is_plain_origin(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0 || text.size() == scheme + 3) return false;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']';
  };
  const std::string_view host = text.substr(scheme + 3);
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(scheme), plain) &&
         std::all_of(host.begin(), host.end(), plain);
}

bool matches_origin(std::string_view pattern, std::string_view origin) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == origin;
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  if (origin.size() <= head.size() + tail.size() || !origin.starts_with(head)) return false;
  // The star takes one label and nothing else: what follows it may have a star of its own.
  const std::string_view rest = origin.substr(head.size());
  const std::size_t label = rest.find_first_of(".:/@");
  const std::size_t end = std::min(label, rest.size());
  return end > 0 && matches_origin(tail, rest.substr(end));
}

origin_policy::origin_policy(std::vector<std::string> patterns, bool allow_missing)
    : patterns_(std::move(patterns)), allow_missing_(allow_missing) {
  for (std::string& pattern : patterns_) {
    pattern = in_lower_case(pattern);
    if (pattern.ends_with('/')) pattern.pop_back();
  }
}

bool origin_policy::is_listed(std::string_view origin) const {
  return std::any_of(patterns_.begin(), patterns_.end(), [origin](const std::string& pattern) {
    return matches_origin(pattern, origin);
  });
}

bool origin_policy::allows_page(std::string_view text, const http_request& request,
                                bool secure) const {
  const std::string origin = in_lower_case(text);
  const std::string host = in_lower_case(request.field("host"));
  // A proxy we were not told about may have taken TLS off: https on our own host is our own, too.
  if (!host.empty() && (origin == "https://" + host || (!secure && origin == "http://" + host)))
    return true;
  return is_listed(origin);
}

bool origin_policy::allows(const http_request& request, bool secure, origin_rule rule) const {
  if (rule == origin_rule::anybody) return true;
  // "null" is also what a form of our own page says: our pages tell nobody where they are (Referrer-Policy),
  // and a browser takes that for the field, too. A sandboxed page is "cross-site".
  const bool own_form = request.field("origin") == "null" &&
                        request.field("sec-fetch-site") == "same-origin";
  const bool has_field = request.has_field("origin") && !own_form;
  if (has_field && !allows_page(request.field("origin"), request, secure)) return false;
  if (rule == origin_rule::frame && request.raw_query("carrier") == "forever_frame") {
    // Without the parameter there is no page that could be wrong; the route refuses it.
    const auto page = request.query("origin");
    return !page || (is_plain_origin(*page) && allows_page(*page, request, secure));
  }
  if (has_field || rule == origin_rule::script) return true;
  // Browsers leave Origin out of same-origin GETs and of what <script> and <img> fetch; where the
  // request comes from then stands in Sec-Fetch-Site.
  const std::string_view site = request.field("sec-fetch-site");
  if (site == "same-origin") return true;
  if (site == "cross-site" || site == "same-site") return false;
  return allow_missing_;
}

std::string frame_ancestors_of(const std::vector<std::string>& patterns) {
  std::string out = "'self'";
  for (const std::string& written : patterns) {
    std::string pattern = in_lower_case(written);
    if (pattern.ends_with('/')) pattern.pop_back();
    const std::size_t scheme = pattern.find("://");
    if (scheme == std::string::npos) continue;  // "null" names no site
    const std::size_t host = scheme + 3;
    const std::size_t star = pattern.find('*', host);
    const bool is_plain = star == std::string::npos;
    const bool is_label = star == host && pattern.substr(star + 1, 1) == ".";
    const bool is_alone = pattern.find('*', is_plain ? star : star + 1) == std::string::npos;
    if (is_plain || (is_label && is_alone)) out.append(" ").append(pattern);
  }
  return out;
}

}  // namespace halley
