// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session's events in a document without end, for an <iframe> in the page: each event is a script
// element that posts one line, the same as xhr_stream's, to the page around it:
// {halley: <frame>, line: "7 {...}"}, with exactly that page's origin as the target. The document's
// policy runs scripts with its nonce alone, and only that page may frame it.
#pragma once

#include <string>
#include <string_view>

#include "gateway/carriers/answer_stream.hpp"

namespace halley {

// Who asked for the frame; both are safe to print: an origin that was allowed, [A-Za-z0-9_-]{0,32}.
struct frame_owner {
  std::string origin;
  std::string frame;
};

class forever_frame_carrier final : public answer_stream {
 public:
  static constexpr std::string_view content_type = "text/html; charset=utf-8";
  // 131 bits for each document (CSP 3, 7.1).
  static std::string make_nonce();
  // The value of Content-Security-Policy.
  static std::string policy(std::string_view nonce, std::string_view origin);

  forever_frame_carrier(const carrier_context& context, byte_stream stream, std::string nonce,
                        frame_owner owner);

 private:
  void append_hello(std::string& out, std::string_view hello) const override;
  void append_event(std::string& out, std::uint64_t number, std::string_view text) const override;
  void append_heartbeat(std::string& out) override;
  void append_end(std::string& out, const failure* why) override;
  void append_come_again(std::string& out) const override;
  void append_script(std::string& out, std::string_view call) const;
  void append_object(std::string& out, std::string_view mark, std::string_view text) const;

  std::string nonce_;
  frame_owner owner_;
};

}  // namespace halley
