// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one table of options: for each key of halley.toml its member, what it accepts and where it
// may stand. Reading, the list of known keys, the words of the refusals and the test of the shipped
// file all come from here. Internal to this room and its tests.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/settings/settings.hpp"

namespace halley {

// Where a value goes. The type of the member decides the type of the value:
// std::int64_t members are milliseconds and are written in seconds, with a fraction if wanted.
using slot = std::variant<std::string*, bool*, double*, std::uint32_t*, std::size_t*, std::int64_t*,
                          std::vector<std::string>*, network_kind*, tls_mode*,
                          proxy_version*, std::vector<endpoint>*,
                          std::vector<http_settings::listen_address>*>;

// What a text, or each text of a list, must look like. `expected` completes "expected ...".
struct text_rule {
  bool (*accepts)(std::string_view text);
  std::string_view expected;
  bool is_path = false;  // relative ones count from the folder of the settings file
};

enum class applies_to : std::uint8_t { any, irc, xmpp };

struct option {
  std::string_view table;  // "node", "http", "sessions" or "network"
  std::string_view key;
  slot (*place)(settings& all, network& one);
  double least = 0;  // of numbers, as written
  double most = 0;
  const text_rule* rule = nullptr;
  applies_to kind = applies_to::any;
};

std::span<const option> all_options();
// Nothing for a key that does not exist there.
const option* find_option(std::string_view table, std::string_view key);

}  // namespace halley
