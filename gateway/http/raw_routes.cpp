// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of the raw dialects (gateway/dialects/raw.md, "Addresses"): browsers that speak the
// network's own protocol. A network is chosen by its name or domain in the settings, never by host.
#include <algorithm>

#include "gateway/dialects/host_meta.hpp"
#include "gateway/dialects/irc_lines.hpp"
#include "gateway/dialects/xmpp_frames.hpp"
#include "gateway/http/bosh_hall.hpp"
#include "gateway/http/routes.hpp"
#include "gateway/http/upgrade.hpp"
#include "gateway/session/raw_conversation.hpp"

namespace halley {
namespace {

void refuse(http_parts& parts, exchange& with, const failure& why, int status = 0) {
  http_response answer = failure_response(parts.context.chat, why);
  if (status != 0) answer.status = status;
  with.respond(std::move(answer));
}

void ask_for_upgrade(http_parts& parts, exchange& with) {
  http_response answer = failure_response(
      parts.context.chat, {failure_code::bad_request, "This address speaks WebSocket only.", ""});
  answer.status = 426;
  answer.fields.emplace_back("Upgrade", "websocket");
  with.respond(std::move(answer));
}

// Over to the carrier: HTTP is done with this connection.
void begin_websocket(http_parts& parts, exchange& with, const http_request& request,
                     std::string_view subprotocol, std::unique_ptr<framing> speech,
                     tunnel_network* network, bool binary) {
  const auto head = accept_upgrade(parts, with, request, subprotocol);
  if (!head) return;
  if (parts.closing)
    return refuse(parts, with, {failure_code::lost, "The chat service is restarting.", ""}, 503);
  visitor from = visitor_of(with.client());
  auto place = parts.context.sessions.take_place(from.address);
  if (!place) return refuse(parts, with, place.error());
  const address_tag tag = with.tag();
  handed_connection taken = with.give_away();
  auto talk = std::make_unique<raw_conversation>(parts.raw.context, std::move(speech),
                                                 std::move(from), network, *std::move(place));
  auto made =
      std::make_unique<raw_websocket>(parts.raw.legs, std::move(taken.stream), *talk, binary);
  parts.raw.hall.add(std::move(talk));
  raw_websocket& leg = *made;
  parts.open.add(std::move(made), tag);
  leg.open(*head, taken.leftover);
}

// --- IRC: one line a frame ------------------------------------------------------------------------

void answer_irc(http_parts& parts, exchange& with, http_request&& request, std::string&& name) {
  tunnel_network* const network = parts.raw.by_name(network_kind::irc, name);
  if (network == nullptr)
    return refuse(parts, with,
                  {failure_code::unknown_network,
                   "There is no IRC network of this name here, or it is not open to clients of "
                   "others.",
                   "network"});
  if (!request.wants_websocket()) return ask_for_upgrade(parts, with);
  const irc_frames kind = choose_irc_frames(offered_subprotocols(request));
  begin_websocket(parts, with, request, kind.subprotocol,
                  std::make_unique<irc_lines>(network->config(), kind.text),
                  network, !kind.text);
}

// --- XMPP: one element a frame --------------------------------------------------------------------

void answer_xmpp(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  if (!request.wants_websocket()) return ask_for_upgrade(parts, with);
  const auto offered = offered_subprotocols(request);
  // RFC 7395, 3.1: both sides must name it, so that nobody speaks anything else by mistake.
  if (std::find(offered.begin(), offered.end(), "xmpp") == offered.end())
    return refuse(parts, with,
                  {failure_code::bad_request, "The subprotocol here is xmpp (RFC 7395).", ""});
  begin_websocket(parts, with, request, "xmpp", std::make_unique<xmpp_frames>(parts.raw),
                  nullptr, false);
}

// --- XMPP over requests that come and go ----------------------------------------------------------

// Another shard begins here again.
void go_on_with_bosh(http_parts& parts, exchange& with, http_request&& request,
                     bosh_request&& parsed, const bosh_form& form) {
  if (parsed.sid.empty()) {
    if (parts.closing) return parts.bosh->refuse(with, form, "system-shutdown");
    return parts.bosh->enter(with, std::move(parsed), form, visitor_of(with.client()));
  }
  const auto shard = parts.bosh->is_home_of(parsed.sid) ? parts.context.shard
                                                        : parts.context.key.shard_of(parsed.sid);
  if (shard && *shard != parts.context.shard && *shard < parts.context.shards.shard_count()) {
    ++parts.counters.handed_over;
    handed_connection moving = with.give_away();
    moving.request = std::move(request);
    return parts.context.shards.hand_over(*shard, std::move(moving));
  }
  const bool secure = with.client().secure;
  parts.bosh->take(with, std::move(parsed), form, secure);
}

void answer_bosh(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  const bosh_form form{choose_coding(request), false};
  if (request.oversized) return parts.bosh->refuse(with, form, "policy-violation");
  const auto coding = coding_of_body(request);
  if (!coding) return refuse(parts, with, {failure_code::bad_request, "gzip or deflate.", ""}, 415);
  std::optional<std::string> plain;
  if (*coding != content_coding::identity) {
    plain = decompress(*coding, request.body, bosh_limits().body);
    if (!plain) return parts.bosh->refuse(with, form, "bad-request");
  }
  auto parsed = parse_bosh(plain ? *plain : request.body);
  if (!parsed) return parts.bosh->refuse(with, form, parsed.error().condition);
  go_on_with_bosh(parts, with, std::move(request), *std::move(parsed), form);
}

// XEP-0252: the body is the query of the address.
void answer_bosh_script(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  if (!parts.context.settings.script_carrier)
    return refuse(parts, with,
                  {failure_code::not_allowed, "This gateway does not speak over scripts.", ""}, 404);
  const bosh_form form{choose_coding(request), true};
  const std::size_t at = request.target.find('?');
  const auto body = decode_percent(
      at == std::string::npos ? std::string_view() : std::string_view(request.target).substr(at + 1),
      false);
  auto parsed = body ? parse_bosh_script(*body) : bosh_fault{};
  if (!parsed) return parts.bosh->refuse(with, form, parsed.error().condition);
  go_on_with_bosh(parts, with, std::move(request), *std::move(parsed), form);
}

constexpr route table[] = {
    {http_method::post, "/http-bind", answer_bosh, origin_rule::field_only, bosh_limits().body},
    {http_method::get, "/http-bind", answer_bosh_script, origin_rule::script},
    {http_method::get, "/irc/v1/{id}", answer_irc},
    {http_method::get, "/xmpp-websocket", answer_xmpp},
};

}  // namespace

bool answer_discovery(http_parts& parts, exchange& with, const http_request& request) {
  const bool json = request.path == "/.well-known/host-meta.json";
  const bool reads = request.method == http_method::get || request.method == http_method::head;
  if ((!json && request.path != "/.well-known/host-meta") || !reads) return false;
  const std::string host(request.field("host"));
  const bool speaks_xmpp =
      std::any_of(parts.raw.networks.begin(), parts.raw.networks.end(), [](const auto* one) {
        return one->config().kind == network_kind::xmpp;
      });
  if (!speaks_xmpp || !is_host_field(host)) return false;
  const bool secure = with.client().secure;
  http_response answer;
  answer.content_type = json ? "application/json" : "application/xrd+xml";
  answer.body = json ? print_host_meta_json(host, secure) : print_host_meta(host, secure);
  // Pages that may use the gateway get the field with their own name already.
  if (!request.has_field("origin") || !parts.origins.allows(request, secure))
    answer.fields.emplace_back("Access-Control-Allow-Origin", "*");
  answer.fields.emplace_back("Cache-Control", "max-age=3600");
  with.respond(std::move(answer));
  return true;
}

std::span<const route> raw_routes() {
  return table;
}

}  // namespace halley
