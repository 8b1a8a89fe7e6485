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
  for (const auto table :
       {std::span<const route>(own_routes), chat_routes(), script_routes(), raw_routes(), kiwi_routes(),
        watch_routes(), bayeux_routes()}) {
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
  constexpr std::string_view folders[] = {"/chat/", "/watch/", "/irc/", "/webirc/", "/cometd/"};
  constexpr std::string_view names[] = {"/healthz", "/xmpp-websocket", "/http-bind", "/cometd"};
  return std::find(std::begin(names), std::end(names), path) != std::end(names) ||
         std::any_of(std::begin(folders), std::end(folders),
                     [path](auto one) { return path.starts_with(one); });
}

http_response too_large(const http_parts& parts) {
  return json_response(413, parts.context.chat.print_failure({failure_code::too_large,
                                                              "The request body is too large.", "body"}));
}

http_response plain_failure(const http_parts& parts, int status, const char* text) {
  return json_response(status,
                       parts.context.chat.print_failure({failure_code::bad_request, text, ""}));
}

// https://fetch.spec.whatwg.org/#http-cors-protocol. Bayeux clients send their requests "with
// credentials", which must be allowed for the answer to be read; no cookie is ever looked at.
http_response preflight(const std::string& allowed) {
  http_response answer;
  answer.status = 204;
  answer.fields = {{"Access-Control-Allow-Methods", allowed},
                   {"Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Last-Event-ID, Pragma, "
                                                   "X-Requested-With"},
                   {"Access-Control-Allow-Credentials", "true"},
                   {"Access-Control-Max-Age", "86400"},
                   {"Cache-Control", "no-store"},
                   {"Allow", allowed + ", OPTIONS"}};
  return answer;
}

void answer_api(http_parts& parts, exchange& with, http_request&& request) {
  found_route found = find_route(request);
  const origin_rule rule = found.chosen ? found.chosen->origins : origin_rule::field_only;
  if (!parts.origins.allows(request, with.client().secure, rule)) {
    ++parts.counters.refused_origins;
    with.let_anybody_read();  // or the page could not tell its people why
    return with.respond(failure_response(
        parts.context.chat,
        {failure_code::not_allowed, "This site may not use this chat gateway.", "origin"}));
  }
  if (found.allowed.empty())
    return with.respond(plain_failure(parts, 404, "There is no such address."));
  if (request.method == http_method::options) return with.respond(preflight(found.allowed));
  if (found.chosen == nullptr) {
    http_response answer = plain_failure(parts, 405, "This address has no such method.");
    answer.fields.emplace_back("Allow", found.allowed + ", OPTIONS");
    return with.respond(std::move(answer));
  }
  if (request.oversized && found.chosen->longest_body == 0) return with.respond(too_large(parts));
  found.chosen->answer(parts, with, std::move(request), std::move(found.id));
}

}  // namespace

std::optional<std::string> match_path(std::string_view pattern, std::string_view path) {
  std::string id;
  while (!pattern.empty()) {
    if (pattern.front() != '{') {
      if (path.empty() || path.front() != pattern.front()) return std::nullopt;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const std::string_view given = path.substr(0, path.find('/'));
    auto decoded = decode_percent(given, false);
    if (!decoded || decoded->empty()) return std::nullopt;
    if (wanted == "{id}") id = *std::move(decoded);
    pattern.remove_prefix(wanted.size());
    path.remove_prefix(given.size());
  }
  if (!path.empty()) return std::nullopt;
  return id;
}

std::size_t site::longest_body(const http_request& head) const {
  const found_route found = find_route(head);
  return found.chosen == nullptr ? 0 : found.chosen->longest_body;
}

void site::answer(http_parts& parts, exchange& with, http_request&& request) const {
  if (answer_discovery(parts, with, request)) return;
  if (is_api(request.path)) return answer_api(parts, with, std::move(request));
  if (request.oversized) return with.respond(too_large(parts));
  if (request.method != http_method::get && request.method != http_method::head)
    return with.respond(plain_failure(parts, 405, "Pages are only read."));
  if (static_files::is_for_all_sites(request.path)) with.let_anybody_read();
  with.respond(parts.context.pages.answer(request));
}

}  // namespace halley
