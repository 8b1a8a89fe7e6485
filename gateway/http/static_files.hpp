// SPDX-License-Identifier: GPL-3.0-or-later
//
// The built web pages, read into memory once at start: a request finds its file by name in a map,
// so no path of a visitor ever reaches the file system. Files may have precompressed siblings (.br,
// .gz). Immutable, shared by all shards.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "gateway/http/request.hpp"

namespace halley {

class static_files {
 public:
  // No pages at all: every answer is 404.
  static_files() = default;
  // Reads the folder and what is below it. Throws std::runtime_error when it cannot be read.
  explicit static_files(const std::string& root);

  // Answers GET and HEAD; a page's own routes (/r/irc/%23room) get index.html when the browser
  // navigates. The body is shared: it lives as long as this object.
  http_response answer(const http_request& request) const;
  std::size_t size() const { return files_.size(); }

 private:
  enum coding { identity, br, gzip, coding_count };
  struct variant {
    std::string bytes;
    std::string etag;  // with quotes; empty: no such variant
  };
  struct file {
    std::array<variant, coding_count> variants;
    std::string content_type;
    bool immutable = false;  // the name changes with the content
    bool is_page = false;
  };
  const file* find(const http_request& request) const;

  std::map<std::string, file, std::less<>> files_;  // by path, "/assets/app-1A2B3C4D.js"
};

}  // namespace halley
