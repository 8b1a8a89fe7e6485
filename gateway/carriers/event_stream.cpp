// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/event_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

namespace halley {

event_stream_carrier::event_stream_carrier(const carrier_context& context, byte_stream stream)
    : stream_carrier(context, std::move(stream)) {
  ++context.counts.event_streams;
}

void event_stream_carrier::open(std::string_view preface, session& of,
                                const session::start_point& start) {
  begin(preface, of, start);
}

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

// The browser says nothing here, but its TCP does: something is under way, and no acknowledgement
// of anything has come for a whole heartbeat. A busy room has always something under way.
bool event_stream_carrier::seems_silent() const {
  if (stream().unacknowledged() == 0) return false;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(stream().fd(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  return info.tcpi_last_ack_recv >= context().limits.heartbeat_ms;
}

void event_stream_carrier::append_heartbeat(std::string& out) const {
  out += ":\n\n";
}

void event_stream_carrier::append_end(std::string& out, const failure* why) {
  if (why == nullptr) return;
  out += "data: ";
  out += context().speech.print_failure(*why);
  out += "\n\n";
}

}  // namespace halley
