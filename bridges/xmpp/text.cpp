// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/text.hpp"

#include <algorithm>
#include <vector>

#include "gateway/base/utf8.hpp"

namespace halley::xmpp {

namespace {

using mask = std::vector<std::uint8_t>;  // the style of each byte

constexpr int most_nesting = 8;  // of quotes in quotes: deeper ones stay plain

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::uint8_t style_of(char mark) {
  switch (mark) {
    case '*':
      return style_bold;
    case '_':
      return style_italic;
    case '~':
      return style_strike;
    case '`':
      return style_mono;
    default:
      return 0;
  }
}

void add(mask& styles, std::size_t begin, std::size_t end, std::uint8_t flag) {
  for (std::size_t i = begin; i < end; ++i) {
    styles[i] = static_cast<std::uint8_t>(styles[i] | flag);
  }
}

// XEP-0393, 5.2: where the span that begins at `at` ends (its closing mark), or npos.
std::size_t closing_mark(std::string_view line, std::size_t at, std::size_t end) {
  const char mark = line[at];
  if (at + 1 >= end || is_blank(line[at + 1]) || line[at + 1] == mark) {
    return std::string_view::npos;
  }
  for (std::size_t i = at + 2; i < end; ++i) {
    if (line[i] == mark && !is_blank(line[i - 1])) return i;
  }
  return std::string_view::npos;
}

// Spans in one line, [begin, end) of `text`. Each mark is looked for at most once from the left,
// and a line without a closing mark of a kind is not searched for it again.
void style_spans(std::string_view text, std::size_t begin, std::size_t end, mask& styles,
                 int depth) {
  std::uint8_t hopeless = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const std::uint8_t flag = style_of(text[i]);
    if (flag == 0 || (hopeless & flag) != 0) continue;
    const bool may_open = i == begin || is_blank(text[i - 1]) ||
                          (style_of(text[i - 1]) != 0 && text[i - 1] != text[i]);
    if (!may_open) continue;
    const std::size_t close = closing_mark(text, i, end);
    if (close == std::string_view::npos) {
      if (text.substr(i + 1, end - i - 1).find(text[i]) == std::string_view::npos) {
        hopeless = static_cast<std::uint8_t>(hopeless | flag);
      }
      continue;
    }
    add(styles, i, close + 1, flag);
    if (flag != style_mono && depth < most_nesting) {
      style_spans(text, i + 1, close, styles, depth + 1);
    }
    i = close;
  }
}

std::size_t line_end(std::string_view text, std::size_t at, std::size_t end) {
  return std::min(text.find('\n', at), end);
}

// Lines of [begin, end): preformatted blocks and spans; quotes are taken line by line.
void style_lines(std::string_view text, mask& styles) {
  bool in_block = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = line_end(text, at, text.size());
    std::size_t begin = at;
    int quotes = 0;
    while (!in_block && begin < end && text[begin] == '>' && quotes < most_nesting) {
      ++begin;
      ++quotes;
      while (begin < end && is_blank(text[begin])) ++begin;
    }
    if (quotes > 0) add(styles, at, end, style_quote);
    const std::string_view line = text.substr(begin, end - begin);
    if (in_block) {
      add(styles, at, end, style_block);
      if (line == "```") in_block = false;
    } else if (quotes == 0 && line.substr(0, 3) == "```") {
      add(styles, at, end, style_block);
      in_block = true;
    } else {
      style_spans(text, begin, end, styles, 0);
    }
    if (in_block && end < text.size()) add(styles, end, end + 1, style_block);
    at = end + 1;
  }
}

std::vector<span> collect(std::string_view text, const mask& styles) {
  std::vector<span> spans;
  std::uint32_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint8_t flags = styles[at];
    const char32_t code = next_code_point(text, at);
    const std::uint32_t width = code > 0xFFFF ? 2 : 1;
    if (flags != 0) {
      span* last = spans.empty() ? nullptr : &spans.back();
      if (last != nullptr && last->style == flags && last->start + last->length == units) {
        last->length += width;
      } else {
        span fresh;
        fresh.start = units;
        fresh.length = width;
        fresh.style = flags;
        spans.push_back(fresh);
      }
    }
    units += width;
  }
  return spans;
}

}  // namespace

formatted unstyled(std::string_view text) {
  formatted out;
  out.text.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\t') out.text += c;
  }
  return out;
}

formatted style(std::string_view text) {
  formatted out = unstyled(text);
  if (out.text.find_first_of("*_~`>") == std::string::npos) return out;
  mask styles(out.text.size(), 0);
  style_lines(out.text, styles);
  out.spans = collect(out.text, styles);
  return out;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string without_range(std::string_view text, std::size_t begin, std::size_t end) {
  std::string out;
  std::size_t index = 0;
  for (std::size_t at = 0; at < text.size(); ++index) {
    const std::size_t from = at;
    next_code_point(text, at);
    if (index < begin || index >= end) out += text.substr(from, at - from);
  }
  return out;
}

bool take_action(std::string& text) {
  if (text.compare(0, 4, "/me ") != 0) return false;
  text.erase(0, 4);
  return true;
}

}  // namespace halley::xmpp
