// SPDX-License-Identifier: GPL-3.0-or-later
//
// A body in chunks (RFC 9112, 7.1), put together. Strict: lines end with CR LF, sizes are plain hex
// digits, extensions and trailers are skipped within limits. Ours because Beast 1.81 asserts on a
// last chunk that arrives in pieces of three bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halley {

class chunked_body {
 public:
  enum class state : std::uint8_t { more, complete, broken, too_large };

  // Takes what it can off the front of `bytes` (says how much in `used`) and appends to `body`.
  state feed(std::string_view bytes, std::size_t& used, std::string& body, std::size_t limit);

 private:
  enum class part : std::uint8_t { size, data, data_end, trailer };
  static constexpr std::size_t longest_line = 1024;
  static constexpr std::size_t most_trailer = 8192;

  part part_ = part::size;
  std::size_t left_ = 0;  // of the present chunk
  std::size_t trailer_ = 0;
};

}  // namespace halley
