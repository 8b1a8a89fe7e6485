// SPDX-License-Identifier: GPL-3.0-or-later
//
// XMPP over WebSocket with coming back: whatever a page says of what it has, it is told each frame it
// lacks, in order, or refused; never one that was not said.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "gateway/dialects/xmpp_resumption.hpp"

using namespace halley;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  xmpp_resumption one;
  std::uint64_t said = 0;
  std::uint64_t acknowledged = 0;
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    const std::uint64_t value = data[i + 1];
    switch (data[i] % 3) {
      case 0:
        one.on_said(std::to_string(++said) + std::string(value * 64, 'x'));
        break;
      case 1:
        if (one.acknowledge(value) != (value <= said)) std::abort();
        if (value <= said) acknowledged = std::max(acknowledged, value);
        break;
      case 2: {
        const auto missed = one.missed_after(value);
        if (!missed) break;
        if (value > said || value < acknowledged || missed->size() != said - value) std::abort();
        for (std::size_t k = 0; k < missed->size(); ++k)
          if (!(*missed)[k].starts_with(std::to_string(value + k + 1))) std::abort();
        acknowledged = std::max(acknowledged, value);
      }
    }
  }
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto count = parse_count(text);
  if (count && text.find_first_not_of("0123456789") != text.npos) std::abort();
  return 0;
}
