// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of the chat dialect (gateway/dialects/README.md, "URLs"): all but the events, which
// are event_routes.cpp.
#include <functional>

#include "gateway/base/log.hpp"
#include "gateway/base/utf8.hpp"
#include "gateway/carriers/command_reply.hpp"
#include "gateway/http/carrier_opening.hpp"
#include "gateway/http/chat_answers.hpp"
#include "gateway/http/reading.hpp"
#include "gateway/http/routes.hpp"
#include "gateway/http/upgrade.hpp"

namespace halley {

void refuse(http_parts& parts, exchange& with, const failure& why) {
  with.respond(failure_response(parts.context.chat, why));
}

void hand_over(http_parts& parts, exchange& with, http_request&& request, std::size_t shard) {
  ++parts.counters.handed_over;
  handed_connection moving = with.give_away();
  moving.request = std::move(request);
  parts.context.shards.hand_over(shard, std::move(moving));
}

namespace {

// Whether the shard that made this id has taken the whole connection.
bool has_moved(http_parts& parts, exchange& with, http_request& request,
               std::optional<std::size_t> home) {
  const auto& context = parts.context;
  if (!home || *home == context.shard || *home >= context.shards.shard_count()) return false;
  hand_over(parts, with, std::move(request), *home);
  return true;
}

void refuse_unknown(http_parts& parts, exchange& with) {
  refuse(parts, with,
         {failure_code::unknown_session, "There is no such session, or it has ended.", "session"});
}

}  // namespace

session* find_session(http_parts& parts, exchange& with, http_request& request,
                      const std::string& id) {
  // Who is at home here needs no proof that the id is one of ours.
  if (session* const found = parts.context.sessions.find(id)) return found;
  if (!has_moved(parts, with, request, parts.context.key.shard_of(id))) refuse_unknown(parts, with);
  return nullptr;
}

// --- networks and entering ------------------------------------------------------------------------

void answer_networks(http_parts& parts, exchange& with, http_request&&, std::string&&) {
  std::vector<offered_network> offered;
  for (const bridge_network* one : parts.context.networks)
    offered.push_back({one->config(), one->nicks()});
  with.respond(json_response(200, parts.context.chat.print_networks(offered)));
}

// A key names the session it made, so that the same request, come twice, must end on one shard.
void answer_enter(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  auto asked = parts.read_entering(request.body);
  if (!asked) return refuse(parts, with, asked.error());
  if (!asked->key.empty()) {
    const std::size_t home =
        std::hash<std::string>{}(asked->key) % parts.context.shards.shard_count();
    if (home != parts.context.shard) return hand_over(parts, with, std::move(request), home);
  }
  const auto entered = parts.enter(*std::move(asked), visitor_of(with.client()));
  if (!entered) return refuse(parts, with, entered.error());
  const session& made = **entered;
  http_response answer = json_response(201, parts.context.chat.hello(made, {}));
  answer.fields.emplace_back("Location", "/chat/v1/sessions/" + made.id());
  with.respond(std::move(answer));
}

void answer_enter_websocket(http_parts& parts, exchange& with, http_request&& request,
                            std::string&&) {
  const auto how = parse_reading(request, parts.context.sessions.limits());
  if (!how) return refuse(parts, with, how.error());
  const auto head = accept_upgrade(parts, with, request);
  if (!head) return;
  visitor from = visitor_of(with.client());
  auto [carrier, early] = become<websocket_carrier>(parts, with);
  carrier.reader = how->reader;
  carrier.set_heartbeat(how->heartbeat);
  carrier.open_at(*head, parts.desk(), std::move(from), early);
}

// --- a session ------------------------------------------------------------------------------------

void answer_commands(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  session* const of = find_session(parts, with, request, id);
  if (of == nullptr) return;
  const auto reader = parse_reader(request);
  if (!reader) return refuse(parts, with, reader.error());
  auto asked = parts.context.chat.decode(request.body);
  if (!asked) return refuse(parts, with, asked.error());
  awaited_results results(*of, *asked);
  submit_all(*of, *reader, *std::move(asked));
  if (results.collect(parts.context.chat, *of))
    return with.respond(json_response(200, results.print()));
  with.hold(std::make_unique<command_reply>(parts.carriers, *of, std::move(results), with));
}

void respond_left(exchange& with) {
  http_response answer;
  answer.status = 204;
  answer.fields.emplace_back("Cache-Control", "no-store");
  with.respond(std::move(answer));
}

// RFC 9110, 9.2.2: idempotent. Who leaves what ended meanwhile is where they want to be.
void answer_leave(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  const auto shard = parts.context.key.shard_of(id);
  if (has_moved(parts, with, request, shard)) return;
  if (!shard) return refuse_unknown(parts, with);
  session* const of = parts.context.sessions.find(id);
  if (of == nullptr) return respond_left(with);
  const std::string given = request.query("reason").value_or("");
  const bool has_control = given.find_first_of(std::string("\r\n\0", 3)) != std::string::npos ||
                           find_xml_illegal(given) != std::string_view::npos;
  if (has_control)
    return refuse(parts, with,
                  {failure_code::bad_field, "The reason has a forbidden character.", "reason"});
  const auto within = parse_within(request, of->limits());
  if (!within) return refuse(parts, with, within.error());
  if (*within) {
    of->leave_unless_back(**within);
  } else {
    // What the longest QUIT of any server we know keeps.
    const std::string_view reason = utf8_prefix(given, 400);
    spdlog::debug("session {}: leaves", log_id(of->id()));
    of->leave(reason.empty() ? std::string_view(of->network_config().quit_text) : reason);
  }
  respond_left(with);
}

namespace {

constexpr route table[] = {
    {http_method::get, "/chat/v1/networks", answer_networks},
    {http_method::get, "/chat/v1/sessions", answer_enter_websocket},
    {http_method::post, "/chat/v1/sessions", answer_enter},
    {http_method::get, "/chat/v1/sessions/{id}/events", answer_events, origin_rule::frame},
    {http_method::post, "/chat/v1/sessions/{id}/commands", answer_commands},
    {http_method::delete_, "/chat/v1/sessions/{id}", answer_leave},
    {http_method::post, "/chat/v1/sessions/{id}/leave", answer_leave},
};

}  // namespace

std::span<const route> chat_routes() {
  return table;
}

}  // namespace halley
