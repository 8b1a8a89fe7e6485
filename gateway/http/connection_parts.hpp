// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a connection has only while there is a request. Internal to it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/connection.hpp"
#include "gateway/http/request_reader.hpp"

namespace halley {

struct http_connection::active {
  std::unique_ptr<request_reader> reader;  // until the request is complete: its answer may take long
  std::string leftover;  // read after the request
  client_address client;
  std::string origin;    // of the page, when it may read the answer
  std::string callback;  // of a script that gets the answer
  bool in_body = false;
  std::unique_ptr<held_answer> held;
  std::string unsent;
  std::string_view unsent_page;  // after `unsent`; lives as long as the pages
};

// Most of those that wait long belong to a page, few to a script, and hardly one has said more.
struct http_connection::parked {
  struct rare {
    std::string callback;
    std::string leftover;
  };
  std::string origin;
  std::unique_ptr<rare> more;
};

}  // namespace halley
