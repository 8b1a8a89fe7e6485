// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/event_stream.hpp"

#include <utility>

namespace halley {

event_stream_carrier::event_stream_carrier(const carrier_context& context, byte_stream stream)
    : answer_stream(context, std::move(stream), carrier_kind::event_stream, unlimited) {}

// Without an id: a browser that loses the connection now still names the last event it really had.
void event_stream_carrier::append_hello(std::string& out, std::string_view hello) const {
  out += "retry: 1000\ndata: ";
  out += hello;
  out += "\n\n";
}

void event_stream_carrier::append_event(std::string& out, std::uint64_t number,
                                        std::string_view text) const {
  out += "id: ";
  out += current_session()->epoch();
  out += '-';
  out += std::to_string(number);
  out += "\ndata: ";
  out += text;
  out += "\n\n";
}

void event_stream_carrier::append_heartbeat(std::string& out) {
  out += ":\n\n";
}

void event_stream_carrier::append_end(std::string& out, const failure* why) {
  if (why == nullptr) return;
  out += "data: ";
  out += context().speech.print_failure(*why);
  out += "\n\n";
}

}  // namespace halley
