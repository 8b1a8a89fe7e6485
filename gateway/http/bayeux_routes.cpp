// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of the Bayeux dialect: /cometd and everything below it. What a request means stands
// in its messages alone, so that the suffixes that CometD's client adds say nothing.
#include <algorithm>
#include <functional>

#include "gateway/base/random.hpp"
#include "gateway/carriers/script.hpp"
#include "gateway/http/bayeux_connections.hpp"
#include "gateway/http/carrier_opening.hpp"
#include "gateway/http/chat_answers.hpp"
#include "gateway/http/routes.hpp"
#include "gateway/http/upgrade.hpp"

namespace halley {
namespace {

failure off() {
  return {failure_code::bad_request, "There is no such address.", ""};
}

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// Every value of that name in a query or a form, in order; nothing for a broken escape.
std::optional<std::vector<std::string>> form_values(std::string_view encoded,
                                                    std::string_view name) {
  std::vector<std::string> out;
  while (!encoded.empty()) {
    const std::string_view pair = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(encoded.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    auto value = decode_percent(pair.substr(equals + 1), true);
    if (!value) return std::nullopt;
    out.push_back(*std::move(value));
  }
  return out;
}

http_response refusal(const failure& why) {
  bayeux_reply reply({}, 0);
  return bayeux_response(failure_status(why.code),
                         '[' + std::move(reply.fail(why, "")).print() + ']');
}

// A browser says what it is; programs are many behind one address.
std::uint64_t browser_of(const exchange& with, const http_request& request) {
  const std::string_view agent = request.field("user-agent");
  if (!agent.starts_with("Mozilla/")) return 0;
  const std::uint64_t hash =
      std::hash<std::string>{}(with.client().address + ' ' + std::string(agent));
  return std::max<std::uint64_t>(hash, 1);
}

bayeux_arrival arrival_of(http_parts& parts, const exchange& with, const http_request& request) {
  bayeux_arrival how;
  how.from = visitor_of(with.client());
  how.browser = browser_of(with, request);
  const std::string& key = parts.context.settings.bayeux.publish_key;
  const std::string_view given = request.field("authorization");
  how.may_publish =
      !key.empty() && given.starts_with("Bearer ") && equal_in_constant_time(given.substr(7), key);
  return how;
}

result<std::vector<bayeux_request>, failure> read_messages(const std::vector<std::string>& texts) {
  std::vector<bayeux_request> out;
  for (const std::string& text : texts) {
    auto some = parse_bayeux(text);
    if (!some) return some.error();
    for (bayeux_request& one : *some) out.push_back(std::move(one));
  }
  if (out.empty())
    return failure{failure_code::bad_request, "There is no message in this.", "message"};
  if (out.size() > 64) return failure{failure_code::too_many, "Too many messages at once.", ""};
  return {boost::system::in_place_value, std::move(out)};
}

void take(http_parts& parts, exchange& with, http_request&& request,
          const std::vector<std::string>& texts) {
  const auto asked = read_messages(texts);
  if (!asked) return with.respond(refusal(asked.error()));
  const std::size_t shard = shard_of(parts, *asked, browser_of(with, request));
  if (shard != parts.context.shard) return hand_over(parts, with, std::move(request), shard);
  const auto batch = std::make_shared<bayeux_batch>(asked->size());
  parts.bayeux->take(batch, *asked, arrival_of(parts, with, request));
  if (batch->is_complete() && !batch->on_lost)
    return with.respond(bayeux_response(200, batch->take()));
  auto waiting = std::make_unique<bayeux_waiting>(with, batch);
  bayeux_waiting& one = *waiting;
  with.hold(std::move(waiting));
  one.on_reply();
}

void answer_post(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  if (!parts.bayeux) return with.respond(failure_response(parts.context.chat, off()));
  // Programs that send JSON call it a form without knowing (curl -d), and Faye's client on a page of
  // another origin sends a form and calls it plain text: how it begins tells more.
  const bool json = request.body.starts_with('[') || request.body.starts_with('{');
  const bool form = request.field("content-type").starts_with(form_type) ||
                    request.body.starts_with("message=");
  if (json || !form) {
    const std::vector<std::string> texts{request.body};
    return take(parts, with, std::move(request), texts);
  }
  const auto texts = form_values(request.body, "message");
  if (!texts)
    return with.respond(refusal({failure_code::bad_request, "The form is broken.", "message"}));
  take(parts, with, std::move(request), *texts);
}

void open_socket(http_parts& parts, exchange& with, http_request&& request) {
  std::string head;
  if (!request.upgraded) {
    const auto accepted = accept_upgrade(parts, with, request);
    if (!accepted) return;
    head = *accepted;
  }
  bayeux_arrival how = arrival_of(parts, with, request);
  const socket_peer peer = with.peer();
  const auto opened = become<text_socket>(parts, with);
  text_socket& carrier = opened.carrier;
  carrier.set_user(
      std::make_unique<bayeux_socket>(parts, carrier, std::move(how), std::move(request), peer));
  std::string early = opened.leftover;
  carrier.open(head, early);
}

void open_event_stream(http_parts& parts, exchange& with, http_request&& request,
                       const std::string& id) {
  const auto shard = parts.context.key.shard_of(id);
  if (shard && *shard != parts.context.shard && *shard < parts.context.shards.shard_count())
    return hand_over(parts, with, std::move(request), *shard);
  const auto client = parts.bayeux->find(id);
  if (!client) return with.respond(refusal({failure_code::unknown_session, "session_unknown", ""}));
  http_response answer;
  answer.content_type = "text/event-stream";
  answer.fields = {{"Cache-Control", "no-store"},
                   {"X-Accel-Buffering", "no"},
                   {"Access-Control-Allow-Credentials", "true"}};
  answer.close = true;
  const std::string head = with.print_head(answer) + "retry: 5000\n\n";
  text_event_stream& carrier = become<text_event_stream>(parts, with).carrier;
  auto reader = std::make_unique<bayeux_event_reader>(carrier);
  bayeux_event_reader& begins = *reader;
  carrier.set_user(std::move(reader));
  carrier.open(head, {});
  if (carrier.is_open()) begins.begin(*client);
}

void answer_get(http_parts& parts, exchange& with, http_request&& request, std::string&& id) {
  if (!parts.bayeux) return with.respond(failure_response(parts.context.chat, off()));
  if (request.wants_websocket()) return open_socket(parts, with, std::move(request));
  if (request.lists("accept", "text/event-stream"))
    return open_event_stream(parts, with, std::move(request), id);
  if (!parts.context.settings.script_carrier)
    return with.respond(refusal({failure_code::not_allowed, "Scripts are not served here.", ""}));
  std::string callback = request.query("jsonp").value_or("jsonpcallback");
  if (!is_callback_name(callback))
    return with.respond(
        refusal({failure_code::bad_field, "This is no name of a function.", "jsonp"}));
  with.answer_as_script(std::move(callback));
  const std::string target = request.target;
  const std::size_t query = std::min(target.find('?'), target.size());
  const auto texts =
      form_values(std::string_view(target).substr(std::min(query + 1, target.size())), "message");
  if (!texts)
    return with.respond(refusal({failure_code::bad_request, "The query is broken.", "message"}));
  take(parts, with, std::move(request), *texts);
}

constexpr route table[] = {
    {http_method::get, "/cometd", answer_get, origin_rule::script},
    {http_method::get, "/cometd/", answer_get, origin_rule::script},
    {http_method::get, "/cometd/{id}", answer_get, origin_rule::script},
    {http_method::post, "/cometd", answer_post},
    {http_method::post, "/cometd/", answer_post},
    {http_method::post, "/cometd/{id}", answer_post},
};

}  // namespace

std::span<const route> bayeux_routes() {
  return table;
}

}  // namespace halley
