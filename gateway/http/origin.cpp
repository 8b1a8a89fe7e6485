// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/origin.hpp"

#include <algorithm>
#include <utility>

namespace halley {
namespace {

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

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

bool origin_policy::allows(const http_request& request, bool secure) const {
  if (!request.has_field("origin")) {
    // Browsers leave Origin out of same-origin GETs and of what <script> and <img> fetch; where the
    // request comes from then stands in Sec-Fetch-Site.
    const std::string_view site = request.field("sec-fetch-site");
    if (site == "same-origin") return true;
    if (site == "cross-site" || site == "same-site") return false;
    return allow_missing_;
  }
  const std::string origin = in_lower_case(request.field("origin"));
  const std::string host = in_lower_case(request.field("host"));
  // A proxy we were not told about may have taken TLS off: https on our own host is our own, too.
  if (!host.empty() && (origin == "https://" + host || (!secure && origin == "http://" + host)))
    return true;
  return is_listed(origin);
}

}  // namespace halley
