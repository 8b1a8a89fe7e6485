// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of the chat dialect (gateway/dialects/README.md, "URLs").
#include <openssl/sha.h>

#include <array>
#include <charconv>

#include "gateway/base/log.hpp"
#include "gateway/base/random.hpp"
#include "gateway/base/utf8.hpp"
#include "gateway/carriers/command_reply.hpp"
#include "gateway/carriers/event_stream.hpp"
#include "gateway/carriers/long_poll.hpp"
#include "gateway/http/routes.hpp"

namespace halley {
namespace {

void refuse(http_parts& parts, exchange& with, const failure& why) {
  with.respond(failure_response(parts.context.chat, why));
}

// --- networks and entering
// ------------------------------------------------------------------------

void answer_networks(http_parts& parts, exchange& with, http_request&&, std::string&&) {
  std::vector<const network*> offered;
  for (const bridge_network* one : parts.context.networks) offered.push_back(&one->config());
  with.respond(json_response(200, parts.context.chat.print_networks(offered)));
}

void answer_enter(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  const auto entered = parts.enter(request.body, visitor_of(with.client()));
  if (!entered) return refuse(parts, with, entered.error());
  const session& made = **entered;
  http_response answer = json_response(201, parts.context.chat.hello(made, {0, false}));
  answer.fields.emplace_back("Location", "/chat/v1/sessions/" + made.id());
  with.respond(std::move(answer));
}

// --- WebSocket
// ------------------------------------------------------------------------------------

// RFC 6455, 4.2.2
std::string accept_key(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// The head of the 101 answer, or nothing when the upgrade was refused (and that was said).
std::optional<std::string> accept_upgrade(http_parts& parts, exchange& with,
                                          const http_request& request) {
  bool valid = false;
  const std::string key(request.field("sec-websocket-key"));
  const bool whole_key = decode_base64(key, valid).size() == 16 && valid;
  if (request.http_1_0 || !whole_key || !request.lists("connection", "upgrade")) {
    refuse(parts, with, {failure_code::bad_request, "This is no WebSocket upgrade.", ""});
    return std::nullopt;
  }
  if (request.field("sec-websocket-version") != "13") {
    http_response answer =
        failure_response(parts.context.chat,
                         {failure_code::bad_request, "Only WebSocket version 13 is spoken.", ""});
    answer.status = 426;
    answer.fields.emplace_back("Sec-WebSocket-Version", "13");
    with.respond(std::move(answer));
    return std::nullopt;
  }
  http_response answer;
  answer.status = 101;
  answer.fields = {{"Upgrade", "websocket"},
                   {"Connection", "Upgrade"},
                   {"Sec-WebSocket-Accept", accept_key(key)}};
  return with.print_head(answer);
}

void answer_enter_websocket(http_parts& parts, exchange& with, http_request&& request,
                            std::string&&) {
  if (!request.wants_websocket()) {
    http_response answer =
        failure_response(parts.context.chat, {failure_code::bad_request,
                                              "Sessions are entered by POST or over a "
                                              "WebSocket.",
                                              ""});
    answer.status = 426;
    answer.fields.emplace_back("Upgrade", "websocket");
    return with.respond(std::move(answer));
  }
  const auto head = accept_upgrade(parts, with, request);
  if (!head) return;
  const address_tag tag = with.tag();
  visitor from = visitor_of(with.client());
  handed_connection taken = with.give_away();
  auto made = std::make_unique<websocket_carrier>(parts.carriers, std::move(taken.stream));
  websocket_carrier& carrier = *made;
  parts.open.add(std::move(made), tag);
  carrier.open_at(*head, parts.desk(), std::move(from), taken.leftover);
}

// --- a session
// ------------------------------------------------------------------------------------

// The session of this id, if it lives here. Otherwise the request has been answered, or is on its
// way to the shard that can.
session* find_session(http_parts& parts, exchange& with, http_request& request,
                      const std::string& id) {
  const auto shard = parts.context.key.shard_of(id);
  if (shard && *shard != parts.context.shard && *shard < parts.context.shards.shard_count()) {
    ++parts.counters.handed_over;
    handed_connection moving = with.give_away();
    moving.request = std::move(request);
    parts.context.shards.hand_over(*shard, std::move(moving));
    return nullptr;
  }
  session* const found = shard ? parts.context.sessions.find(id) : nullptr;
  if (found == nullptr)
    refuse(
        parts, with,
        {failure_code::unknown_session, "There is no such session, or it has ended.", "session"});
  return found;
}

struct reading_from {
  std::optional<std::uint64_t> since;
  std::string epoch;
};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
    return std::nullopt;
  return number;
}

// HTML, 9.2.4: a browser that reconnects names the last event it has, which is then newer than
// what stands in the address.
std::optional<reading_from> parse_reading(const http_request& request) {
  reading_from out;
  const std::string_view last = request.field("last-event-id");
  if (const std::size_t dash = last.rfind('-'); dash != std::string_view::npos) {
    out.epoch = last.substr(0, dash);
    out.since = parse_number(last.substr(dash + 1));
    if (out.since) return out;
  }
  out.epoch = request.query("epoch").value_or("");
  const auto since = request.query("since");
  if (!since) return out;
  out.since = parse_number(*since);
  if (!out.since) return std::nullopt;
  return out;
}

// What the reader has, it need not be kept for any longer.
session::start_point begin_reading(session& of, const reading_from& where) {
  const auto start = of.begin_reading(where.since, where.epoch);
  if (where.since && start.resumed) of.acknowledge(*where.since);
  return start;
}

void open_websocket(http_parts& parts, exchange& with, const http_request& request, session& of,
                    const reading_from& where) {
  const auto head = accept_upgrade(parts, with, request);
  if (!head) return;
  const auto start = begin_reading(of, where);
  const address_tag tag = with.tag();
  handed_connection taken = with.give_away();
  auto made = std::make_unique<websocket_carrier>(parts.carriers, std::move(taken.stream));
  websocket_carrier& carrier = *made;
  parts.open.add(std::move(made), tag);
  carrier.open(*head, of, start, taken.leftover);
}

void open_event_stream(http_parts& parts, exchange& with, session& of, const reading_from& where) {
  http_response answer;
  answer.content_type = "text/event-stream";
  // nginx buffers answers unless told not to.
  answer.fields = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  answer.close = true;
  const std::string head = with.print_head(answer);
  const auto start = begin_reading(of, where);
  const address_tag tag = with.tag();
  handed_connection taken = with.give_away();
  auto made = std::make_unique<event_stream_carrier>(parts.carriers, std::move(taken.stream));
  event_stream_carrier& carrier = *made;
  parts.open.add(std::move(made), tag);
  carrier.open(head, of, start);
}

void open_long_poll(http_parts& parts, exchange& with, session& of, const reading_from& where) {
  ++parts.carried.long_polls;
  const auto start = begin_reading(of, where);
  if (auto ready = long_poll::answer_now(parts.carriers, of, start.cursor))
    return with.respond(json_response(200, *std::move(ready)));
  with.hold(std::make_unique<long_poll>(parts.carriers, of, start.cursor, with));
}

void answer_events(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  session* const of = find_session(parts, with, request, id);
  if (of == nullptr) return;
  const auto where = parse_reading(request);
  if (!where)
    return refuse(parts, with,
                  {failure_code::bad_field, "since is the number of an event.", "since"});
  if (request.wants_websocket()) return open_websocket(parts, with, request, *of, *where);
  if (request.lists("accept", "text/event-stream"))
    return open_event_stream(parts, with, *of, *where);
  open_long_poll(parts, with, *of, *where);
}

void answer_commands(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  session* const of = find_session(parts, with, request, id);
  if (of == nullptr) return;
  auto asked = parts.context.chat.decode(request.body);
  if (!asked) return refuse(parts, with, asked.error());
  awaited_results results(*of, *asked);
  submit_all(*of, *std::move(asked));
  if (results.collect(parts.context.chat, *of))
    return with.respond(json_response(200, results.print()));
  with.hold(std::make_unique<command_reply>(parts.carriers, *of, std::move(results), with));
}

void answer_leave(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  session* const of = find_session(parts, with, request, id);
  if (of == nullptr) return;
  const std::string given = request.query("reason").value_or("");
  const bool has_control = given.find_first_of(std::string("\r\n\0", 3)) != std::string::npos ||
                           find_xml_illegal(given) != std::string_view::npos;
  if (has_control)
    return refuse(parts, with,
                  {failure_code::bad_field, "The reason has a forbidden character.", "reason"});
  // What the longest QUIT of any server we know keeps.
  const std::string_view reason = utf8_prefix(given, 400);
  spdlog::debug("session {}: leaves", log_id(of->id()));
  of->leave(reason.empty() ? std::string_view(of->network_config().quit_text) : reason);
  http_response answer;
  answer.status = 204;
  answer.fields.emplace_back("Cache-Control", "no-store");
  with.respond(std::move(answer));
}

constexpr route table[] = {
    {http_method::get, "/chat/v1/networks", answer_networks},
    {http_method::get, "/chat/v1/sessions", answer_enter_websocket},
    {http_method::post, "/chat/v1/sessions", answer_enter},
    {http_method::get, "/chat/v1/sessions/{id}/events", answer_events},
    {http_method::post, "/chat/v1/sessions/{id}/commands", answer_commands},
    {http_method::delete_, "/chat/v1/sessions/{id}", answer_leave},
    {http_method::post, "/chat/v1/sessions/{id}/leave", answer_leave},
};

}  // namespace

std::span<const route> chat_routes() {
  return table;
}

}  // namespace halley
