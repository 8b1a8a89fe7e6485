// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session's events over Server-Sent Events (HTML, 9.2): one `data:` with `id: epoch-number` for
// each, comments as heartbeats. The answer's head is the `preface`; the body lasts until one side
// closes. Commands come by POST.
#pragma once

#include <string>
#include <string_view>

#include "gateway/carriers/stream_carrier.hpp"

namespace halley {

class event_stream_carrier final : public stream_carrier {
 public:
  event_stream_carrier(const carrier_context& context, byte_stream stream);
  void open(std::string_view preface, session& of, const session::start_point& start);

 private:
  void append_hello(std::string& out, std::string_view hello) const override;
  void append_event(std::string& out, std::uint64_t number, std::string_view text) const override;
  void append_heartbeat(std::string& out) const override;
  void append_end(std::string& out, const failure* why) override;
  void append_fell_behind(std::string&) override {}
  void on_bytes(std::span<char>) override {}  // nothing may follow on this connection
  bool seems_silent() const override;
};

}  // namespace halley
