// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/upgrade.hpp"

#include <openssl/sha.h>

#include <array>

#include "gateway/base/random.hpp"

namespace halley {
namespace {

std::string accept_key(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// RFC 9110, 15.5.22: what would be accepted is said beside it.
void refuse_upgrade(http_parts& parts, exchange& with, const char* text, const char* name,
                    const char* value) {
  http_response answer =
      failure_response(parts.context.chat, {failure_code::bad_request, text, ""});
  answer.status = 426;
  answer.fields.emplace_back(name, value);
  with.respond(std::move(answer));
}

}  // namespace

std::optional<std::string> accept_upgrade(http_parts& parts, exchange& with,
                                          const http_request& request,
                                          std::string_view subprotocol) {
  if (!request.wants_websocket()) {
    refuse_upgrade(parts, with, "This address needs a WebSocket upgrade.", "Upgrade", "websocket");
    return std::nullopt;
  }
  bool valid = false;
  const std::string key(request.field("sec-websocket-key"));
  const bool whole_key = decode_base64(key, valid).size() == 16 && valid;
  if (request.http_1_0 || !whole_key || !request.lists("connection", "upgrade")) {
    with.respond(
        failure_response(parts.context.chat,
                         {failure_code::bad_request, "This is no WebSocket upgrade.", ""}));
    return std::nullopt;
  }
  if (request.field("sec-websocket-version") != "13") {
    refuse_upgrade(parts, with, "Only WebSocket version 13 is spoken.", "Sec-WebSocket-Version",
                   "13");
    return std::nullopt;
  }
  http_response answer;
  answer.status = 101;
  answer.fields = {{"Upgrade", "websocket"},
                   {"Connection", "Upgrade"},
                   {"Sec-WebSocket-Accept", accept_key(key)}};
  if (!subprotocol.empty()) answer.fields.emplace_back("Sec-WebSocket-Protocol", subprotocol);
  return with.print_head(answer);
}

std::vector<std::string_view> offered_subprotocols(const http_request& request) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : request.fields) {
    if (name != "sec-websocket-protocol") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view one = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
      while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
      if (!one.empty()) names.push_back(one);
    }
  }
  return names;
}

}  // namespace halley
