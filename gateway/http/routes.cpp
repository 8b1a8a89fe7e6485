// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/routes.hpp"

#include <algorithm>
#include <utility>

namespace halley {
namespace {

// For balancers: not well any more as soon as this node is leaving.
void answer_health(http_parts& parts, exchange& with, http_request&&, std::string&&) {
  with.respond(parts.closing ? json_response(503, R"({"status":"leaving"})")
                             : json_response(200, R"({"status":"ok"})"));
}

constexpr route own_routes[] = {{http_method::get, "/healthz", answer_health},
                                {http_method::head, "/healthz", answer_health}};

std::string_view method_name(http_method method) {
  switch (method) {
    case http_method::get:
      return "GET";
    case http_method::head:
      return "HEAD";
    case http_method::post:
      return "POST";
    case http_method::delete_:
      return "DELETE";
    case http_method::options:
      return "OPTIONS";
    case http_method::other:
      break;
  }
  return "";
}

struct found_route {
  const route* chosen = nullptr;
  std::string id;
  std::string allowed;  // methods the path has; empty: no such path
};

found_route find_route(const http_request& request) {
  found_route found;
  for (const std::span<const route> table : {std::span<const route>(own_routes), chat_routes()}) {
    for (const route& one : table) {
      auto id = match_path(one.pattern, request.path);
      if (!id) continue;
      if (!found.allowed.empty()) found.allowed += ", ";
      found.allowed += method_name(one.method);
      if (one.method != request.method) continue;
      found.chosen = &one;
      found.id = *std::move(id);
    }
  }
  return found;
}

// Everything below these belongs to programs, whether there is a route or not.
bool is_api(std::string_view path) {
  return path.starts_with("/chat/") || path.starts_with("/watch/") || path == "/healthz";
}

http_response plain_failure(const http_parts& parts, int status, const char* text) {
  return json_response(status,
                       parts.context.chat.print_failure({failure_code::bad_request, text, ""}));
}

// https://fetch.spec.whatwg.org/#http-cors-protocol: no credentials, so no cookie is ever honoured.
http_response preflight(const std::string& allowed) {
  http_response answer;
  answer.status = 204;
  answer.fields = {{"Access-Control-Allow-Methods", allowed},
                   {"Access-Control-Allow-Headers", "Content-Type, Last-Event-ID, Authorization"},
                   {"Access-Control-Max-Age", "86400"},
                   {"Cache-Control", "no-store"},
                   {"Allow", allowed + ", OPTIONS"}};
  return answer;
}

void answer_api(http_parts& parts, exchange& with, http_request&& request) {
  if (!parts.origins.allows(request, with.client().secure)) {
    ++parts.counters.refused_origins;
    return with.respond(failure_response(
        parts.context.chat,
        {failure_code::not_allowed, "This site may not use this chat gateway.", "origin"}));
  }
  found_route found = find_route(request);
  if (found.allowed.empty())
    return with.respond(plain_failure(parts, 404, "There is no such address."));
  if (request.method == http_method::options) return with.respond(preflight(found.allowed));
  if (found.chosen == nullptr) {
    http_response answer = plain_failure(parts, 405, "This address has no such method.");
    answer.fields.emplace_back("Allow", found.allowed + ", OPTIONS");
    return with.respond(std::move(answer));
  }
  found.chosen->answer(parts, with, std::move(request), std::move(found.id));
}

}  // namespace

std::optional<std::string> match_path(std::string_view pattern, std::string_view path) {
  std::string id;
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() != '/' || path.front() != '/') return std::nullopt;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const std::string_view given = path.substr(0, path.find('/'));
    if (wanted == "{id}") {
      auto decoded = decode_percent(given, false);
      if (!decoded || decoded->empty()) return std::nullopt;
      id = *std::move(decoded);
    } else if (wanted != given) {
      return std::nullopt;
    }
    pattern.remove_prefix(wanted.size());
    path.remove_prefix(given.size());
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return id;
}

void answer_request(http_parts& parts, exchange& with, http_request&& request) {
  if (is_api(request.path)) return answer_api(parts, with, std::move(request));
  if (request.method != http_method::get && request.method != http_method::head)
    return with.respond(plain_failure(parts, 405, "Pages are only read."));
  with.respond(parts.context.pages.answer(request));
}

}  // namespace halley
