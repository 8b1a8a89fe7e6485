// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "gateway/base/utf8.hpp"

namespace halley::irc {
namespace {

// Windows-1252, 0x80 to 0x9F; what it leaves undefined becomes U+FFFD.
constexpr std::array<char16_t, 32> windows_1252{
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

// https://modern.ircdocs.horse/formatting#colors
constexpr std::array<std::uint32_t, 99> palette{
    0xffffff, 0x000000, 0x00007f, 0x009300, 0xff0000, 0x7f0000, 0x9c009c, 0xfc7f00, 0xffff00,
    0x00fc00, 0x009393, 0x00ffff, 0x0000fc, 0xff00ff, 0x7f7f7f, 0xd2d2d2, 0x470000, 0x472100,
    0x474700, 0x324700, 0x004700, 0x00472c, 0x004747, 0x002747, 0x000047, 0x2e0047, 0x470047,
    0x47002a, 0x740000, 0x743a00, 0x747400, 0x517400, 0x007400, 0x007449, 0x007474, 0x004074,
    0x000074, 0x4b0074, 0x740074, 0x740045, 0xb50000, 0xb56300, 0xb5b500, 0x7db500, 0x00b500,
    0x00b571, 0x00b5b5, 0x0063b5, 0x0000b5, 0x7500b5, 0xb500b5, 0xb5006b, 0xff0000, 0xff8c00,
    0xffff00, 0xb2ff00, 0x00ff00, 0x00ffa0, 0x00ffff, 0x008cff, 0x0000ff, 0xa500ff, 0xff00ff,
    0xff0098, 0xff5959, 0xffb459, 0xffff71, 0xcfff60, 0x6fff6f, 0x65ffc9, 0x6dffff, 0x59b4ff,
    0x5959ff, 0xc459ff, 0xff66ff, 0xff59bc, 0xff9c9c, 0xffd39c, 0xffff9c, 0xe2ff9c, 0x9cff9c,
    0x9cffdb, 0x9cffff, 0x9cd3ff, 0x9c9cff, 0xdc9cff, 0xff9cff, 0xff94d3, 0x000000, 0x131313,
    0x282828, 0x363636, 0x4d4d4d, 0x656565, 0x818181, 0x9f9f9f, 0xbcbcbc, 0xe2e2e2, 0xffffff};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
unsigned char byte_of(char c) {
  return static_cast<unsigned char>(c);
}

// Walks through text with codes and builds plain text and spans.
class code_reader {
 public:
  explicit code_reader(std::string_view in) : in_(in) { out_.text.reserve(in.size()); }

  formatted read() {
    while (at_ < in_.size()) step();
    close_span();
    return std::move(out_);
  }

 private:
  void step() {
    const unsigned char c = byte_of(in_[at_]);
    switch (c) {
      case 0x02:
        return toggle(style_bold);
      case 0x1D:
        return toggle(style_italic);
      case 0x1F:
        return toggle(style_underline);
      case 0x1E:
        return toggle(style_strike);
      case 0x11:
        return toggle(style_mono);
      case 0x16:
        return toggle(style_reverse);
      case 0x0F:
        ++at_;
        return change({});
      case 0x03:
        ++at_;
        return read_colours();
      case 0x04:
        ++at_;
        return read_hex_colours();
      default:
        break;
    }
    if ((c < 0x20 && c != '\t') || c == 0x7F) {
      ++at_;
      return;
    }
    // U+0080 to U+009F are controls too.
    if (c == 0xC2 && at_ + 1 < in_.size() && byte_of(in_[at_ + 1]) < 0xA0) {
      at_ += 2;
      return;
    }
    out_.text += in_[at_++];
    if ((c & 0xC0) != 0x80) units_ += c >= 0xF0 ? 2 : 1;
  }

  void toggle(style_flag flag) {
    ++at_;
    span next = now_;
    next.style = static_cast<std::uint8_t>(next.style ^ flag);
    change(next);
  }

  // mIRC: up to two digits, and a background only after a comma and a digit.
  bool read_number(std::uint32_t& into) {
    if (at_ >= in_.size() || !is_digit(in_[at_])) return false;
    std::size_t number = static_cast<std::size_t>(in_[at_++] - '0');
    if (at_ < in_.size() && is_digit(in_[at_]))
      number = number * 10 + static_cast<std::size_t>(in_[at_++] - '0');
    into = number < palette.size() ? palette[number] : span::no_color;
    return true;
  }

  bool read_hex(std::uint32_t& into) {
    if (in_.size() - at_ < 6) return false;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      const char c = in_[at_ + i];
      if (!is_hex(c)) return false;
      value =
          value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    at_ += 6;
    into = value;
    return true;
  }

  template <class Read>
  void read_pair(Read read) {
    span next = now_;
    if (!read(next.foreground)) {
      next.foreground = next.background = span::no_color;
    } else if (at_ < in_.size() && in_[at_] == ',') {
      ++at_;
      if (!read(next.background)) --at_;
    }
    change(next);
  }
  void read_colours() {
    read_pair([this](std::uint32_t& into) { return read_number(into); });
  }
  void read_hex_colours() {
    read_pair([this](std::uint32_t& into) { return read_hex(into); });
  }

  bool is_plain() const {
    return now_.style == 0 && now_.foreground == span::no_color &&
           now_.background == span::no_color;
  }
  void close_span() {
    now_.length = units_ - now_.start;
    if (now_.length && !is_plain()) out_.spans.push_back(now_);
  }
  void change(span next) {
    next.start = now_.start;
    next.length = now_.length;
    if (next == now_) return;
    close_span();
    next.start = units_;
    next.length = 0;
    now_ = next;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  formatted out_;
  std::uint32_t units_ = 0;
  span now_;
};

bool is_simple(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = byte_of(text[i]);
    if ((c < 0x20 && c != '\t') || c == 0x7F) return false;
    if (c == 0xC2 && i + 1 < text.size() && byte_of(text[i + 1]) < 0xA0) return false;
  }
  return true;
}

// Code points that belong to the one before them: cutting there would break what is seen.
bool joins_previous(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D ||
         (c >= 0x1F3FB && c <= 0x1F3FF) || (c >= 0xE0020 && c <= 0xE007F) ||
         (c >= 0x20D0 && c <= 0x20FF);
}

// Where to cut `line`, which is longer than `limit`.
std::size_t cut_between_characters(std::string_view line, std::size_t limit) {
  const std::size_t hard = std::max<std::size_t>(utf8_prefix(line, limit).size(), 1);
  std::size_t cut = hard;
  for (int tries = 0; tries < 16 && cut > 0; ++tries) {
    std::size_t at = cut;
    const bool joined = joins_previous(next_code_point(line, at));
    std::size_t before = cut;
    do --before;
    while (before > 0 && (byte_of(line[before]) & 0xC0) == 0x80);
    std::size_t look = before;
    if (!joined && next_code_point(line, look) != 0x200D) return cut;
    cut = before;
  }
  return hard;
}

void split_line(std::string_view line, std::size_t limit, std::vector<std::string_view>& into) {
  while (line.size() > limit) {
    // A space right behind the limit is as good as one inside it.
    const std::size_t space = line.substr(0, limit + 1).rfind(' ');
    if (space != std::string_view::npos && space > limit / 2) {
      into.push_back(line.substr(0, space));
      line.remove_prefix(space + 1);
    } else {
      const std::size_t cut = cut_between_characters(line, limit);
      into.push_back(line.substr(0, cut));
      line.remove_prefix(cut);
    }
  }
  if (!line.empty()) into.push_back(line);
}

}  // namespace

std::string_view to_utf8(std::string_view raw, std::string& scratch) {
  if (is_utf8(raw)) return raw;
  scratch.clear();
  for (const char c : raw) {
    const unsigned char b = byte_of(c);
    append_utf8(scratch, b >= 0x80 && b < 0xA0 ? windows_1252[b - 0x80] : char32_t{b});
  }
  return scratch;
}

std::string clean_field(std::string_view raw) {
  std::string scratch;
  const std::string_view text = to_utf8(raw, scratch);
  if (is_simple(text)) return std::string(text);
  return code_reader(text).read().text;
}

formatted read_text(std::string_view raw) {
  std::string scratch;
  const std::string_view text = to_utf8(raw, scratch);
  if (is_simple(text)) return {std::string(text), {}};
  return code_reader(text).read();
}

ctcp read_ctcp(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '\1') return {};
  raw.remove_prefix(1);
  // The closing byte is missing where a server has cut the line.
  if (raw.back() == '\1') raw.remove_suffix(1);
  const std::size_t space = raw.find(' ');
  return {raw.substr(0, space),
          space == std::string_view::npos ? std::string_view() : raw.substr(space + 1)};
}

std::vector<std::string_view> split_text(std::string_view text, std::size_t limit) {
  std::vector<std::string_view> pieces;
  limit = std::max<std::size_t>(limit, 16);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.find_first_not_of(' ') != std::string_view::npos) split_line(line, limit, pieces);
  }
  return pieces;
}

std::size_t room_for_text(std::size_t line_length, std::string_view command, std::string_view nick,
                          std::size_t user_at_host, std::string_view target) {
  // ':' nick '!' user@host ' ' command ' ' target ' ' ':' ... CR LF
  const std::size_t around = nick.size() + user_at_host + command.size() + target.size() + 8;
  return around + 32 < line_length ? line_length - around : 32;
}

}  // namespace halley::irc
