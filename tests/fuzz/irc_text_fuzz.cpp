// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text in both directions: whatever comes in becomes valid UTF-8 with spans inside it, and whatever
// goes out is cut into pieces that fit and lose nothing but blanks at the cuts.
#include <cstdint>
#include <cstdlib>

#include "bridges/irc/text.hpp"
#include "gateway/base/utf8.hpp"

using namespace halley;
using namespace halley::irc;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t letters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += c != ' ' && c != '\n' && c != '\r';
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const formatted in = read_text(raw);
  require(is_utf8(in.text));
  const std::size_t units = utf16_length(in.text);
  std::size_t at = 0;
  for (const span& one : in.spans) {
    require(one.start >= at && one.length > 0);
    at = one.start + one.length;
  }
  require(at <= units);
  require(is_utf8(clean_field(raw)));

  const std::size_t limit = 16 + (size ? data[0] : 0);
  std::size_t kept = 0;
  for (const std::string_view piece : split_text(in.text, limit)) {
    require(!piece.empty() && piece.size() <= limit && is_utf8(piece));
    kept += letters(piece);
  }
  require(kept == letters(in.text));
  return 0;
}
