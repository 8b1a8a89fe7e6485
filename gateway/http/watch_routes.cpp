// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of watched rooms (gateway/dialects/README.md, "Watching"): open to every site, because
// the operator has said so for each of these rooms, and nobody's cookie or session is involved.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "gateway/dialects/json_text.hpp"
#include "gateway/http/badge.hpp"
#include "gateway/http/routes.hpp"
#include "gateway/http/watch_desk.hpp"

namespace halley {
namespace {

constexpr std::size_t most_places = 32;  // of one page

// "/watch/v1/{network}/{id}...": the segment behind the version.
std::string network_of(std::string_view path) {
  constexpr std::string_view before = "/watch/v1/";
  path.remove_prefix(before.size());
  return decode_percent(path.substr(0, path.find('/')), false).value_or("");
}

void refuse(http_parts& parts, exchange& with, const failure& why) {
  with.respond(failure_response(parts.context.chat, why));
}

// False: the request is on its way to the shard that has the observers.
bool is_here(http_parts& parts, exchange& with, http_request& request) {
  with.let_anybody_read();
  if (parts.context.shard == watch_shard) return true;
  ++parts.counters.handed_over;
  handed_connection moving = with.give_away();
  moving.request = std::move(request);
  parts.context.shards.hand_over(watch_shard, std::move(moving));
  return false;
}

// The room, if it may be watched. Otherwise the request has been answered, or is on its way.
const watched_room* find_room(http_parts& parts, exchange& with, http_request& request,
                              const std::string& network, const std::string& room) {
  if (!is_here(parts, with, request)) return nullptr;
  const watched_room* found = parts.watched.find(network, room);
  if (found == nullptr)
    refuse(parts, with, {failure_code::no_such_room, "This room cannot be watched.", "room"});
  return found;
}

http_response stream_head() {
  http_response head;
  head.content_type = "text/event-stream";
  head.fields = {{"Cache-Control", "no-store, no-transform"}, {"X-Accel-Buffering", "no"}};
  head.close = true;
  return head;
}

void open_stream(http_parts& parts, exchange& with, std::span<const watch_place> places) {
  const std::string preface = with.print_head(stream_head());
  const address_tag tag = with.tag();
  parts.watched.add_viewer(with.give_away().stream, tag, preface, places);
}

// What programs may keep for a moment, so that many who ask are few who arrive.
http_response brief_json(std::string body) {
  http_response answer = json_response(200, std::move(body));
  std::erase_if(answer.fields, [](const auto& field) { return field.first == "Cache-Control"; });
  answer.fields.emplace_back("Cache-Control", "public, max-age=5");
  return answer;
}

void answer_watch(http_parts& parts, exchange& with, http_request&& request, std::string&& name) {
  watch_place place{network_of(request.path), std::move(name)};
  place.room = find_room(parts, with, request, place.network, place.name);
  if (place.room == nullptr) return;
  if (request.lists("accept", "text/event-stream")) return open_stream(parts, with, {&place, 1});
  with.respond(brief_json(std::string(parts.watched.print(place))));
}

// "irc/%23halley,xmpp/lobby": what stands between the commas is percent-encoded part by part.
std::optional<std::vector<watch_place>> read_places(std::string_view text) {
  std::vector<watch_place> places;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    const std::size_t slash = one.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    auto network = decode_percent(one.substr(0, slash), false);
    auto name = decode_percent(one.substr(slash + 1), false);
    if (!network || !name || name->empty() || places.size() == most_places) return std::nullopt;
    places.push_back({*std::move(network), *std::move(name)});
  }
  if (places.empty()) return std::nullopt;
  return places;
}

// Nothing will ever change: told once, and a browser that comes again all the same is slow to do so.
http_response closed_places(watch_desk& desk, std::span<const watch_place> places) {
  http_response answer = stream_head();
  answer.body = "retry: 600000\n";
  for (const watch_place& place : places)
    answer.body.append("data: ").append(desk.print(place)).append("\n\n");
  return answer;
}

// All rooms of one page over one connection, as a browser has six to a host.
void answer_places(http_parts& parts, exchange& with, http_request&& request, std::string&&) {
  if (!is_here(parts, with, request)) return;
  auto places = read_places(request.raw_query("at").value_or(""));
  if (!places)
    return refuse(parts, with,
                  {failure_code::bad_field, "Expected 1 to 32 of network/room, with commas between.",
                   "at"});
  for (watch_place& one : *places) one.room = parts.watched.find(one.network, one.name);
  const bool is_open = std::any_of(places->begin(), places->end(),
                                   [](const watch_place& one) { return one.room != nullptr; });
  if (request.lists("accept", "text/event-stream")) {
    if (is_open) return open_stream(parts, with, *places);
    return with.respond(closed_places(parts.watched, *places));
  }
  std::string list;
  append_json_array(list, *places, [&parts](std::string& out, const watch_place& one) {
    out += parts.watched.print(one);
  });
  with.respond(brief_json(std::move(list)));
}

void answer_badge(http_parts& parts, exchange& with, http_request&& request, std::string&& name) {
  const watched_room* room = find_room(parts, with, request, network_of(request.path), name);
  if (room == nullptr) return;
  const auto theme = parse_badge_theme(request.query("theme").value_or(""));
  if (!theme)
    return refuse(parts, with,
                  {failure_code::bad_field, "There are the themes auto, light and dark.", "theme"});
  badge shown{room->name(), std::nullopt, *theme};
  if (room->is_known()) shown.people = room->people();
  http_response answer;
  answer.content_type = "image/svg+xml";
  answer.body = print_badge_svg(shown);
  // As a document of its own an SVG could run scripts: this one has none and may load none.
  answer.fields = {{"Cache-Control", "public, max-age=60"},
                   {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
                   {"Cross-Origin-Resource-Policy", "cross-origin"}};
  with.respond(std::move(answer));
}

constexpr route table[] = {
    {http_method::get, "/watch/v1/rooms", answer_places, origin_rule::anybody},
    {http_method::get, "/watch/v1/{network}/{id}", answer_watch, origin_rule::anybody},
    {http_method::get, "/watch/v1/{network}/{id}/badge.svg", answer_badge, origin_rule::anybody},
};

}  // namespace

std::span<const route> watch_routes() {
  return table;
}

}  // namespace halley
