// SPDX-License-Identifier: GPL-3.0-or-later
//
// When what a server says is acknowledged. COMPAT(InspIRCd 3): a server that has Nagle's algorithm on
// keeps its next line until the last one is acknowledged, and Linux may take 40 ms for that: so long
// would a burst of two lines take. But Linux acknowledges by itself what has been read to its end,
// unless we answered shortly before: then it waits for another answer to send the acknowledgement
// with. So after our own words one read is acknowledged by hand; all others cost no system call.
#pragma once

#include <cstddef>
#include <cstdint>

namespace halley {

class byte_stream;

class prompt_ack {
 public:
  prompt_ack() = default;  // of what is not TCP: there is nothing to do
  // Of a TCP socket that is about to connect.
  explicit prompt_ack(int fd);
  void on_written() { spoke_ = true; }
  // `size` bytes have been read, and nothing more is there.
  void on_read(byte_stream& from, std::size_t size);

 private:
  enum class wait : std::uint8_t { none, short_one, long_one };
  wait longest_ = wait::none;  // that is possible before the system acknowledges
  bool spoke_ = true;          // since the last time by hand; a connection may begin with waiting
};

}  // namespace halley
