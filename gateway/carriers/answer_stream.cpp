// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/answer_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace halley {

answer_stream::answer_stream(const carrier_context& context, byte_stream stream, carrier_kind kind,
                             std::size_t worth)
    : stream_carrier(context, std::move(stream)), left_(worth) {
  context.counts.count(kind);
}

bool answer_stream::ends_after(std::string& gathered) {
  if (left_ == unlimited) return false;
  left_ -= std::min(left_, gathered.size());
  if (left_ > 0) return false;
  ++context().counts.recycled;
  append_come_again(gathered);
  return true;
}

// The browser says nothing here, but its TCP does: something is under way, and no acknowledgement
// of anything has come for a whole heartbeat. A busy room has always something under way.
bool answer_stream::seems_silent() const {
  if (stream().unacknowledged() == 0) return false;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(stream().fd(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  return info.tcpi_last_ack_recv >= heartbeat();
}

}  // namespace halley
