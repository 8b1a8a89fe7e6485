// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `halley check` found, as values, and how it is printed. A report is about one server of one
// network: the steps in the order they were tried, then the lines to add there.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace halley {

enum class outcome : std::uint8_t {
  ok,
  warning,  // works, but visitors will notice or the operator should know
  failed,
  skipped  // an earlier failure left nothing to try, or the settings do not ask for it
};

struct step {
  std::string name;
  outcome how = outcome::ok;
  std::string text;      // one or two sentences in plain words
  std::int64_t ms = -1;  // how long it took; -1: nothing was measured
};

struct advice_block {
  std::string where;  // "inspircd.conf", "halley.toml"
  std::string why;    // one line
  std::string lines;  // to add, ending in a line feed
};

struct report {
  std::string network;
  std::string server;    // "irc.example.org:6697"
  std::string software;  // as the server calls itself; empty: it never said
  std::vector<step> steps;
  std::vector<advice_block> advice;

  bool has_failed() const;
};

void print_text(const report& found, std::ostream& out);
void print_json(const std::vector<report>& found, std::ostream& out);

}  // namespace halley
