// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/report.hpp"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <string_view>

namespace halley {

namespace {

constexpr std::size_t text_column = 28;  // mark, name and time stand before it
constexpr std::size_t text_width = 70;

const char* mark(outcome how) {
  switch (how) {
    case outcome::ok:
      return "ok";
    case outcome::warning:
      return "warning";
    case outcome::failed:
      return "FAILED";
    case outcome::skipped:
      return "-";
  }
  return "";
}

const char* json_name(outcome how) {
  switch (how) {
    case outcome::ok:
      return "ok";
    case outcome::warning:
      return "warning";
    case outcome::failed:
      return "failed";
    case outcome::skipped:
      return "skipped";
  }
  return "";
}

// Breaks at spaces; a word longer than the width stands alone.
void print_wrapped(std::string_view text, std::ostream& out) {
  while (text.size() > text_width) {
    std::size_t cut = text.rfind(' ', text_width);
    if (cut == std::string_view::npos) cut = text.find(' ');
    if (cut == std::string_view::npos) break;
    out << text.substr(0, cut) << '\n' << std::string(text_column, ' ');
    text.remove_prefix(cut + 1);
  }
  out << text << '\n';
}

void print_indented(std::string_view lines, std::ostream& out) {
  while (!lines.empty()) {
    std::size_t end = std::min(lines.find('\n'), lines.size());
    out << "      " << lines.substr(0, end) << '\n';
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

void print_string(std::string_view text, std::ostream& out) {
  out << '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out << '\\' << c;
    } else if (c == '\n') {
      out << "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out << escaped;
    } else {
      out << c;
    }
  }
  out << '"';
}

void print_member(const char* key, std::string_view value, std::ostream& out) {
  out << '"' << key << "\":";
  print_string(value, out);
}

}  // namespace

bool report::has_failed() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const step& one) { return one.how == outcome::failed; });
}

void print_text(const report& found, std::ostream& out) {
  out << found.network << " at " << found.server;
  if (!found.software.empty()) out << " (" << found.software << ")";
  out << '\n';
  for (const step& one : found.steps) {
    char head[64];
    char time[32] = "";
    if (one.ms >= 0) std::snprintf(time, sizeof time, "%lld ms", static_cast<long long>(one.ms));
    std::snprintf(head, sizeof head, "  %-8s%-10s%7s ", mark(one.how), one.name.c_str(), time);
    out << head;
    print_wrapped(one.text, out);
  }
  for (const advice_block& block : found.advice) {
    out << "\n  " << block.where << ": " << block.why << '\n';
    print_indented(block.lines, out);
  }
  out << '\n';
}

void print_json(const std::vector<report>& found, std::ostream& out) {
  out << '[';
  for (const report& one : found) {
    out << (&one == found.data() ? "{" : ",\n{");
    print_member("network", one.network, out);
    print_member("server", one.server, out << ',');
    print_member("software", one.software, out << ',');
    out << ",\"failed\":" << (one.has_failed() ? "true" : "false") << ",\"steps\":[";
    for (const step& each : one.steps) {
      out << (&each == one.steps.data() ? "{" : ",{");
      print_member("step", each.name, out);
      print_member("outcome", json_name(each.how), out << ',');
      if (each.ms >= 0) out << ",\"ms\":" << each.ms;
      print_member("text", each.text, out << ',');
      out << '}';
    }
    out << "],\"advice\":[";
    for (const advice_block& each : one.advice) {
      out << (&each == one.advice.data() ? "{" : ",{");
      print_member("where", each.where, out);
      print_member("why", each.why, out << ',');
      print_member("lines", each.lines, out << ',');
      out << '}';
    }
    out << "]}";
  }
  out << "]\n";
}

}  // namespace halley
