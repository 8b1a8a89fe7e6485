// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/prompt_ack.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "gateway/base/byte_stream.hpp"

namespace halley {
namespace {

constexpr int delack_max_us = 46;  // TCP_DELACK_MAX_US, Linux 6.15; not in Debian 12's headers
// It takes no less than two ticks of the system's clock, and that ticks 1000, 250 or 100 times a second.
constexpr std::array waits_us = {2'000, 8'000, 20'000};
// TCP's least full segment (RFC 9293, 3.7.1): from this size on Linux may take a segment for one of
// several, and wait for the others even where we are silent.
constexpr std::size_t full_segment = 536;

bool shorten_wait(int fd, int us) {
  return ::setsockopt(fd, IPPROTO_TCP, delack_max_us, &us, sizeof us) == 0;
}

}  // namespace

prompt_ack::prompt_ack(int fd) {
  const bool shortened = std::any_of(waits_us.begin(), waits_us.end(),
                                     [fd](int us) { return shorten_wait(fd, us); });
  longest_ = shortened ? wait::short_one : wait::long_one;
}

void prompt_ack::on_read(byte_stream& from, std::size_t size) {
  if (longest_ == wait::none) return;
  if (!spoke_ && (longest_ == wait::short_one || size < full_segment)) return;
  spoke_ = false;
  from.acknowledge_now();
}

}  // namespace halley
