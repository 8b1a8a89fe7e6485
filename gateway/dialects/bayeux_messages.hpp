// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bayeux 1.0 messages, text <-> values; pure. https://docs.cometd.org/current/reference/#_bayeux
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/errors.hpp"
#include "gateway/base/time.hpp"
#include "gateway/chat/failure.hpp"

namespace halley {

// One message of a client. What is not of its proper type counts as absent.
struct bayeux_request {
  std::string channel;
  std::string id;  // as JSON, to be echoed as it came; empty: none
  std::string client_id;
  nlohmann::json body;

  const nlohmann::json* find(const char* name) const;
  // A member of the message's `ext`, or null.
  const nlohmann::json* extension(const char* name) const;
  std::string text(const char* name) const;
  // advice.timeout, which asks for a shorter hold; -1: none.
  steady_ms asked_timeout() const;
  // `subscription`, which is one or an array; at most `most`, more is a failure.
  result<std::vector<std::string>, failure> subscriptions(std::size_t most) const;
};

// One message or an array of them, at least one. A failure: nothing of it could be used.
result<std::vector<bayeux_request>, failure> parse_bayeux(std::string_view text);

struct bayeux_advice {
  std::string_view reconnect = "retry";  // retry, handshake, none
  steady_ms interval = 0;
  steady_ms timeout = 0;
  steady_ms max_interval = 0;
  bool multiple_clients = false;
};
// Messages with a comma between them, where there are some on both sides.
std::string joined(std::string before, std::string_view after);

// Always complete: CometD's client replaces all it knew by each advice.
std::string print_advice(const bayeux_advice& advice);

// The reply to a request: channel, id, successful and, if it asked for them, the time fields.
class bayeux_reply {
 public:
  bayeux_reply(const bayeux_request& to, unix_ms now);
  // "403:argument:Words": https://docs.cometd.org/current/reference/#_error
  bayeux_reply& fail(int code, std::string_view argument, std::string_view words);
  bayeux_reply& fail(const failure& why, std::string_view argument);
  // `json` as it is.
  bayeux_reply& add(std::string_view name, std::string_view json);
  bayeux_reply& text(std::string_view name, std::string_view value);
  bayeux_reply& extension(std::string_view name, std::string_view json);
  std::string print() &&;

 private:
  std::string head_;
  std::string more_;
  std::string extensions_;
  bool ok_ = true;
};

// The `ext.timesync` of the reply: the server's clock, and how long it kept the request.
std::string print_timesync(const nlohmann::json& asked, unix_ms came, unix_ms leaves);

}  // namespace halley
