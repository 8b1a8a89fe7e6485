// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frames of SockJS (sockjs-protocol 0.3.3): "o" opens, "h" is a heartbeat, a["...",...] has
// messages, c[code,"reason"] closes; a client sends ["...",...] or, over a WebSocket, "...". Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/session/raw_leg.hpp"

namespace halley {

class sockjs_envelope final : public leg_envelope {
 public:
  std::string_view opening() const override { return "o"; }
  // `message` must be UTF-8.
  void wrap(std::string& out, std::string_view message) const override;
  bool unwrap(std::string_view frame,
              const std::function<bool(std::string_view)>& take) const override;
  std::string farewell_frame(farewell how, std::string_view text) const override;
};
inline constexpr sockjs_envelope sockjs;

// One frame for all of them.
std::string print_sockjs(const std::vector<std::string>& messages);
std::string print_sockjs_close(int code, std::string_view reason);

// How a request gets the frames that it waits for. Each answer has what there is and ends, as a stream
// may at any time; its client asks again.
enum class sockjs_receiver : std::uint8_t { xhr, xhr_streaming, eventsource, htmlfile, jsonp };
struct sockjs_form {
  sockjs_receiver kind = sockjs_receiver::xhr;
  std::string callback = {};  // htmlfile and jsonp: a name (carriers/script.hpp)
};
std::string_view sockjs_content_type(sockjs_receiver kind);
std::string print_sockjs_answer(const sockjs_form& form, std::string_view frame);
// What a form of a page has in its only field: d=... (application/x-www-form-urlencoded), or nothing.
std::optional<std::string_view> sockjs_form_field(std::string_view body);

// What a client asks before it connects.
std::string print_sockjs_info(std::uint32_t entropy);
// Server and session of an address: not empty, without a dot (2.1).
bool is_sockjs_id(std::string_view id);

}  // namespace halley
