// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/reading.hpp"

#include <algorithm>
#include <charconv>

namespace halley {
namespace {

// Less would be polling in disguise.
constexpr steady_ms least_time = 1000;
constexpr std::size_t longest_word = 32;

failure wrong(const char* text, const char* field) {
  return {failure_code::bad_field, text, field};
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
    return std::nullopt;
  return number;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= longest_word &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-' || c == '_';
         });
}

// A word has no character that would have to be escaped, so it is taken as it was sent.
std::optional<failure> read_word(const http_request& request, const char* name, std::string& into) {
  const auto given = request.raw_query(name);
  if (!given || given->empty()) return std::nullopt;
  if (!is_word(*given)) return wrong("This is 1 to 32 of A-Z, a-z, 0-9, _ and -.", name);
  into = *given;
  return std::nullopt;
}

// Shorter than configured is the reader's choice: it knows what lies between it and us.
std::optional<failure> read_time(const http_request& request, const char* name, steady_ms least,
                                 steady_ms most, steady_ms& into) {
  into = most;
  const auto given = request.raw_query(name);
  if (!given) return std::nullopt;
  const auto asked = parse_number(*given);
  if (!asked) return wrong("This is a number of milliseconds.", name);
  const auto bottom = static_cast<std::uint64_t>(std::min(least, most));
  into = static_cast<steady_ms>(std::clamp(*asked, bottom, static_cast<std::uint64_t>(most)));
  return std::nullopt;
}

// HTML, 9.2.4: a browser that reconnects names the last event it has, which is then newer than
// what stands in the address.
std::optional<failure> read_cursor(const http_request& request, reading& into) {
  const std::string_view last = request.field("last-event-id");
  if (const std::size_t dash = last.rfind('-'); dash != std::string_view::npos) {
    into.epoch = last.substr(0, dash);
    into.since = parse_number(last.substr(dash + 1));
    if (into.since) return std::nullopt;
  }
  into.epoch.clear();
  if (auto why = read_word(request, "epoch", into.epoch)) return why;
  const auto since = request.raw_query("since");
  if (!since) return std::nullopt;
  into.since = parse_number(*since);
  if (!into.since) return wrong("since is the number of an event.", "since");
  return std::nullopt;
}

std::optional<failure> read_carrier(const http_request& request, reading& into) {
  if (const auto given = request.raw_query("carrier")) {
    const auto known = find_carrier(*given);
    // A script gets answers of another form at addresses of its own.
    if (!known || *known == carrier_kind::script)
      return wrong("There is no carrier of this name at this address.", "carrier");
    into.carrier = *known;
  } else if (request.wants_websocket()) {
    into.carrier = carrier_kind::websocket;
  } else if (request.lists("accept", "text/event-stream")) {
    into.carrier = carrier_kind::event_stream;
  }
  return std::nullopt;
}

}  // namespace

result<reader_tag, failure> parse_reader(const http_request& request) {
  std::string name;
  if (auto why = read_word(request, "reader", name)) return *std::move(why);
  return tag_of_reader(name);
}

result<reading, failure> parse_reading(const http_request& request, const session_limits& limits) {
  reading out;
  if (auto why = read_carrier(request, out)) return *std::move(why);
  const auto reader = parse_reader(request);
  if (!reader) return reader.error();
  out.reader = *reader;
  if (auto why = read_cursor(request, out)) return *std::move(why);
  if (auto why = read_time(request, "hold", least_time, limits.hold_ms, out.hold))
    return *std::move(why);
  if (auto why = read_time(request, "heartbeat", least_time, limits.heartbeat_ms, out.heartbeat))
    return *std::move(why);
  if (out.carrier != carrier_kind::forever_frame) return out;
  if (auto why = read_word(request, "frame", out.frame)) return *std::move(why);
  out.origin = request.query("origin").value_or("");
  if (out.origin.empty())
    return wrong("A frame says which page it is for: its origin, as in https://www.example.org.",
                 "origin");
  return out;
}

result<std::optional<steady_ms>, failure> parse_within(const http_request& request,
                                                       const session_limits& limits) {
  if (!request.raw_query("within")) return std::optional<steady_ms>();
  steady_ms within = 0;
  if (auto why = read_time(request, "within", 0, limits.grace_ms, within)) return *std::move(why);
  return std::optional<steady_ms>(within);
}

}  // namespace halley
