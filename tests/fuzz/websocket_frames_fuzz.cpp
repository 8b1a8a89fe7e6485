// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes, read at once and read in pieces, must make the same messages and the same end.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/carriers/websocket_frames.hpp"

using namespace halley;

namespace {

std::string read(std::string bytes, std::size_t step) {
  constexpr std::size_t limit = 4096;
  ws_reader reader;
  std::string out;
  std::span<char> rest(bytes);
  ws_close wrong = ws_close::none;
  while (!rest.empty() && wrong == ws_close::none) {
    const std::size_t size = std::min(step, rest.size());
    wrong = reader.feed(rest.first(size), limit, [&out](const ws_message& one) {
      out += static_cast<char>('0' + static_cast<int>(one.opcode));
      out.append(one.payload.begin(), one.payload.end());
      if (one.opcode == ws_opcode::close) read_close_code({one.payload.data(), one.payload.size()});
      return true;
    });
    rest = rest.subspan(size);
  }
  return out + std::to_string(static_cast<int>(wrong));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(bytes, SIZE_MAX);
  if (read(bytes, 1) != whole || read(bytes, 7) != whole) std::abort();
  return 0;
}
