// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every option of halley.toml with its default, in one struct. config/halley.toml documents each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/chat/network.hpp"
#include "gateway/http/http_settings.hpp"
#include "gateway/session/session.hpp"

namespace halley {

struct settings {
  struct node_part {
    std::string name = "n1";            // [a-z0-9]{1,16}; part of every session id
    std::size_t shards = 0;             // threads; 0: one for each core
    std::string key_file;               // the deployment's key; empty: a fresh one at each start
    std::int64_t drain_ms = 10 * 1000;  // at most this long for sessions to leave at shut-down
    std::string log_level = "info";
  } node;
  http_settings http;
  struct ops_part {
    std::vector<http_settings::listen_address> listen;  // of /metrics; none: nowhere
  } ops;
  session_limits sessions;
  std::vector<network> networks;
};

// what() is one line for each mistake, in the order of the file:
// "halley.toml:12:1: network.webirc_pasword: unknown key; did you mean webirc_password?".
struct settings_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Reads and checks a file. Throws settings_error. Relative paths in it count from its own folder.
settings read_settings(const std::string& path);
settings parse_settings(const std::string& text, const std::string& path_for_errors);

}  // namespace halley
