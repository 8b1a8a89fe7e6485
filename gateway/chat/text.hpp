// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text as every side speaks it: plain characters plus neutral spans of style. mIRC codes and
// XEP-0393 marks are translated to spans by the bridges, so that a browser parses neither.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace halley {

enum style_flag : std::uint8_t {
  style_bold = 1,
  style_italic = 2,
  style_underline = 4,
  style_strike = 8,
  style_mono = 16,     // inline code
  style_block = 32,    // preformatted block
  style_quote = 64,
  style_reverse = 128  // foreground and background exchanged
};

// `start` and `length` count UTF-16 code units of formatted::text, as browsers do. Colours are
// 0xRRGGBB, or `no_color`.
struct span {
  static constexpr std::uint32_t no_color = 0xFFFFFFFF;
  std::uint32_t start = 0;
  std::uint32_t length = 0;
  std::uint8_t style = 0;
  std::uint32_t foreground = no_color;
  std::uint32_t background = no_color;
  bool operator==(const span&) const = default;
};

struct formatted {
  std::string text;         // valid UTF-8, no control characters but \n and \t
  std::vector<span> spans;  // in order, not overlapping
  bool operator==(const formatted&) const = default;
};

}  // namespace halley
