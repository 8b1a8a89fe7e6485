// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session's events over Server-Sent Events (HTML, 9.2): one `data:` with `id: epoch-number` for
// each, comments as heartbeats. The browser keeps nothing of it, so it need not be recycled.
#pragma once

#include <string>
#include <string_view>

#include "gateway/carriers/answer_stream.hpp"

namespace halley {

class event_stream_carrier final : public answer_stream {
 public:
  static constexpr std::string_view content_type = "text/event-stream";

  event_stream_carrier(const carrier_context& context, byte_stream stream);

 private:
  void append_hello(std::string& out, std::string_view hello) const override;
  void append_event(std::string& out, std::uint64_t number, std::string_view text) const override;
  void append_heartbeat(std::string& out) override;
  void append_end(std::string& out, const failure* why) override;
  // The browser reconnects by itself.
  void append_come_again(std::string&) const override {}
};

}  // namespace halley
