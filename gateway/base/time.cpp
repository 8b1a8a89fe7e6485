// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/time.hpp"

#include <chrono>
#include <cstdio>

namespace halley {
namespace {

using std::chrono::milliseconds;

// Reads exactly `digits` digits; -1 for anything else.
int read_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool read_char(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

int read_fraction(std::string_view& text) {
  int value = 0;
  int scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    value += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return value;
}

// Minutes east of Greenwich; XEP-0082, 2: "Z" or "(+|-)hh:mm", missing counts as UTC.
std::optional<int> read_zone(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const int hours = read_digits(text, 2);
  const bool colon = read_char(text, ':');
  const int minutes = read_digits(text, 2);
  if (hours < 0 || hours > 14 || !colon || minutes < 0 || minutes > 59 || !text.empty())
    return std::nullopt;
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

steady_ms steady_now() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t steady_now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

unix_ms unix_now() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<unix_ms> parse_iso_time(std::string_view text) {
  const int year = read_digits(text, 4);
  if (!read_char(text, '-')) return std::nullopt;
  const int month = read_digits(text, 2);
  if (!read_char(text, '-')) return std::nullopt;
  const int day = read_digits(text, 2);
  if (!read_char(text, 'T')) return std::nullopt;
  const int hour = read_digits(text, 2);
  if (!read_char(text, ':')) return std::nullopt;
  const int minute = read_digits(text, 2);
  if (!read_char(text, ':')) return std::nullopt;
  const int second = read_digits(text, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  const int fraction = read_char(text, '.') ? read_fraction(text) : 0;
  const auto zone = read_zone(text);
  if (!zone) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 0 || month < 1 || day < 1 || !date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t minutes = days * 1440 + hour * 60 + minute - *zone;
  return (minutes * 60 + second) * 1000 + fraction;
}

std::string print_iso_time(unix_ms at) {
  const std::chrono::sys_time<milliseconds> moment{milliseconds{at}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{moment - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace halley
