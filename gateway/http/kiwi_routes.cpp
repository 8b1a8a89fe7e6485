// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of the Kiwi IRC web client: SockJS under /webirc/kiwiirc (gateway/dialects/raw.md,
// "Kiwi IRC").
#include <functional>

#include "gateway/base/random.hpp"
#include "gateway/dialects/sockjs.hpp"
#include "gateway/carriers/script.hpp"
#include "gateway/http/routes.hpp"
#include "gateway/http/sockjs_hall.hpp"
#include "gateway/http/upgrade.hpp"

namespace halley {
namespace {

http_response plain(int status, const char* text) {
  return fresh_response(status, "text/plain; charset=UTF-8", text);
}

bool is_open_here(http_parts& parts) { return parts.raw.irc_by_host("") != nullptr; }

void refuse(http_parts& parts, exchange& with, int status, const char* text) {
  http_response answer =
      failure_response(parts.context.chat, {failure_code::bad_request, text, ""});
  answer.status = status;
  with.respond(std::move(answer));
}

// False: the request was answered.
bool admit(http_parts& parts, exchange& with) {
  if (!is_open_here(parts))
    refuse(parts, with, 404, "No IRC network here is open to clients of others.");
  else if (parts.closing)
    refuse(parts, with, 503, "The chat service is restarting.");
  else
    return true;
  return false;
}

void answer_greeting(http_parts& parts, exchange& with, http_request&&, std::string&&) {
  if (!admit(parts, with)) return;
  with.respond(plain(200, "Welcome to SockJS!\n"));
}

void answer_info(http_parts& parts, exchange& with, http_request&&, std::string&&) {
  if (!admit(parts, with)) return;
  http_response answer =
      json_response(200, print_sockjs_info(static_cast<std::uint32_t>(random_u64())));
  answer.fields.emplace_back("Cache-Control", "no-store, no-cache, no-transform, max-age=0");
  with.respond(std::move(answer));
}

void begin_websocket(http_parts& parts, exchange& with, const http_request& request,
                     const leg_envelope* envelope) {
  if (!admit(parts, with)) return;
  const auto head = accept_upgrade(parts, with, request);
  if (!head) return;
  const address_tag tag = with.tag();
  auto talk = std::make_unique<kiwi_session>(parts.raw.context, parts.raw,
                                             visitor_of(with.client()));
  handed_connection taken = with.give_away();
  auto made = std::make_unique<raw_websocket>(parts.raw.legs, std::move(taken.stream), *talk,
                                              false, envelope);
  parts.raw.hall.add(std::move(talk));
  raw_websocket& leg = *made;
  parts.open.add(std::move(made), tag);
  leg.open(*head, taken.leftover);
}

void answer_websocket(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  if (!is_sockjs_id(id)) return refuse(parts, with, 404, "This is no session.");
  begin_websocket(parts, with, request, &sockjs);
}

void answer_raw_websocket(http_parts& parts, exchange& with, http_request&& request,
                          std::string&&) {
  begin_websocket(parts, with, request, nullptr);
}

// The shard of a session follows from its id, which the client has made. True: the request went there.
bool hand_over(http_parts& parts, exchange& with, http_request& request, const std::string& id) {
  const std::size_t to = std::hash<std::string>{}(id) % parts.context.shards.shard_count();
  if (to == parts.context.shard) return false;
  ++parts.counters.handed_over;
  handed_connection moving = with.give_away();
  moving.request = std::move(request);
  parts.context.shards.hand_over(to, std::move(moving));
  return true;
}

template <sockjs_receiver Kind>
void answer_receiver(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  if (!is_sockjs_id(id)) return refuse(parts, with, 404, "This is no session.");
  if (!admit(parts, with) || hand_over(parts, with, request, id)) return;
  parts.sockjs->receive(with, id, {Kind});
}

void answer_xhr_send(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  if (!is_sockjs_id(id)) return refuse(parts, with, 404, "This is no session.");
  if (hand_over(parts, with, request, id)) return;
  parts.sockjs->send(with, id, request.body, plain(204, ""));
}

// --- scripts and frames ---------------------------------------------------------------------------

// Nothing says which page a script stands in.
bool admit_scripts(http_parts& parts, exchange& with) {
  if (parts.context.settings.script_carrier) return true;
  refuse(parts, with, 404, "This gateway does not speak over scripts.");
  return false;
}

template <sockjs_receiver Kind>
void answer_call(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  if (Kind == sockjs_receiver::jsonp && !admit_scripts(parts, with)) return;
  if (!is_sockjs_id(id)) return refuse(parts, with, 404, "This is no session.");
  auto callback = request.query("c");
  if (!callback || callback->empty())
    return with.respond(plain(500, "\"callback\" parameter required\n"));
  if (!is_callback_name(*callback))
    return with.respond(plain(500, "invalid \"callback\" parameter\n"));
  if (!admit(parts, with) || hand_over(parts, with, request, id)) return;
  parts.sockjs->receive(with, id, {Kind, *std::move(callback)});
}

// A form of the page, or a client that is none.
void answer_jsonp_send(http_parts& parts, exchange& with, http_request&& request,
                       std::string&& id) {
  if (!admit_scripts(parts, with)) return;
  if (!is_sockjs_id(id)) return refuse(parts, with, 404, "This is no session.");
  if (hand_over(parts, with, request, id)) return;
  std::string body = request.body;
  if (request.field("content-type").starts_with("application/x-www-form-urlencoded")) {
    const auto field = sockjs_form_field(body);
    body = field ? decode_percent(*field, true).value_or("") : std::string();
  }
  parts.sockjs->send(with, id, body, plain(200, "ok"));
}

// A page of the gateway's own, in which a page of another site has its requests made. The client itself
// is not ours to have: the operator puts it among the pages.
constexpr std::string_view client_script = "/sockjs.min.js";

void answer_frame(http_parts& parts, exchange& with, http_request&&, std::string&&) {
  if (!admit(parts, with)) return;
  http_request client;
  client.path = client_script;
  if (parts.context.pages.answer(client).status != 200)
    return refuse(parts, with, 404, "sockjs-client is not among the pages here.");
  http_response answer;
  answer.content_type = "text/html; charset=UTF-8";
  answer.body = "<!doctype html>\n<meta charset=\"utf-8\"><script src=\"" + std::string(client_script) +
                "\"></script><script src=\"iframe.js\"></script>\n";
  answer.fields = {{"Cache-Control", "public, max-age=600"},
                   {"Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
                    "base-uri 'none'; frame-ancestors " +
                        frame_ancestors_of(parts.context.settings.origins)}};
  with.respond(std::move(answer));
}

void answer_frame_script(http_parts&, exchange& with, http_request&&, std::string&&) {
  http_response answer;
  answer.content_type = "text/javascript; charset=utf-8";
  answer.body = "SockJS.bootstrap_iframe();\n";
  answer.fields = {{"Cache-Control", "public, max-age=600"}};
  with.respond(std::move(answer));
}

using receiver = sockjs_receiver;

constexpr route table[] = {
    {http_method::get, "/webirc/kiwiirc", answer_greeting},
    {http_method::get, "/webirc/kiwiirc/", answer_greeting},
    {http_method::get, "/webirc/kiwiirc/info", answer_info},
    {http_method::get, "/webirc/kiwiirc/websocket", answer_raw_websocket},
    {http_method::get, "/webirc/kiwiirc/{server}/{id}/websocket", answer_websocket},
    {http_method::post, "/webirc/kiwiirc/{server}/{id}/xhr", answer_receiver<receiver::xhr>},
    {http_method::post, "/webirc/kiwiirc/{server}/{id}/xhr_streaming",
     answer_receiver<receiver::xhr_streaming>},
    {http_method::post, "/webirc/kiwiirc/{server}/{id}/xhr_send", answer_xhr_send},
    {http_method::get, "/webirc/kiwiirc/{server}/{id}/eventsource",
     answer_receiver<receiver::eventsource>},
    {http_method::get, "/webirc/kiwiirc/{server}/{id}/htmlfile", answer_call<receiver::htmlfile>},
    {http_method::get, "/webirc/kiwiirc/{server}/{id}/jsonp", answer_call<receiver::jsonp>,
     origin_rule::script},
    {http_method::post, "/webirc/kiwiirc/{server}/{id}/jsonp_send", answer_jsonp_send},
    {http_method::get, "/webirc/kiwiirc/iframe.html", answer_frame},
    {http_method::get, "/webirc/kiwiirc/iframe.js", answer_frame_script},
};

}  // namespace

std::span<const route> kiwi_routes() {
  return table;
}

}  // namespace halley
