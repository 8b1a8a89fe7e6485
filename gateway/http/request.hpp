// SPDX-License-Identifier: GPL-3.0-or-later
//
// One HTTP request and one answer, as plain values: what the routes see. No buffer, no parser, no
// socket; free of Beast so that everybody may include it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/chat/failure.hpp"

namespace halley {

enum class http_method : std::uint8_t { get, head, post, delete_, options, other };

struct http_request {
  http_method method = http_method::other;
  std::string target;  // as sent: path and query
  std::string path;    // `target` up to the query, still percent-encoded
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
  std::string body;
  bool keep_alive = false;
  bool http_1_0 = false;
  // Its body is longer than may be, and was not read; the connection ends with the answer.
  bool oversized = false;
  // The answer to its upgrade has left already, from another shard: frames follow.
  bool upgraded = false;

  // The first field of that name (lower case), or an empty view.
  std::string_view field(std::string_view name) const;
  bool has_field(std::string_view name) const;
  // Whether a comma-separated field contains the token, in any case.
  bool lists(std::string_view name, std::string_view token) const;
  // A query parameter as it was sent; nothing if absent. The first, if it is there twice.
  std::optional<std::string_view> raw_query(std::string_view name) const;
  // A query parameter, percent-decoded ("+" is a space); nothing if absent or not valid UTF-8.
  std::optional<std::string> query(std::string_view name) const;
  bool wants_websocket() const;
};

// Percent-decoded; nothing for a broken escape, a NUL or what is not UTF-8.
std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space);

struct http_response {
  int status = 200;
  std::string content_type;
  std::string body;
  // Bytes that outlive the response (static pages); used instead of `body` when not null.
  const std::string* shared_body = nullptr;
  std::vector<std::pair<std::string, std::string>> fields;
  bool close = false;  // the connection cannot be used again
};

// One that nobody keeps.
http_response fresh_response(int status, std::string content_type, std::string body);
http_response json_response(int status, std::string body);
// The same for a <script> element (carriers/script.hpp): always 200, as it cannot see a status.
http_response script_response(std::string_view callback, const http_response& json);
std::string_view reason_phrase(int status);

}  // namespace halley
