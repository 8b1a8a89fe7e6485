// SPDX-License-Identifier: GPL-3.0-or-later
//
// The built web pages, read into memory once at start: a request finds its file by name in a map,
// so no path of a visitor ever reaches the file system. Files may have precompressed siblings (.br,
// .gz). A page may leave room for what this gateway offers, so that it need not ask. Immutable, shared
// by all shards.
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
  // Reads the folder and what is below it. `frame_ancestors`: the sites that may show the
  // pages in a frame, as CSP writes them; badges any site may. `networks`: JSON for the pages that have a script
  // element with the id "networks"; those are served uncompressed. Throws std::runtime_error when
  // the folder cannot be read.
  explicit static_files(const std::string& root, std::string_view frame_ancestors = "'self'",
                        std::string_view networks = {});

  // Answers GET and HEAD; a page's own routes (/r/irc/%23room) get index.html when the browser
  // navigates, /embed/... and /badge/... a page of their own. The body is shared: it lives as long as this object.
  http_response answer(const http_request& request) const;
  // What other sites load, and may read: scripts of fixed names and the parts these fetch.
  static bool is_for_all_sites(std::string_view path);
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
    std::string_view cache;      // Cache-Control
    std::string policy;          // Content-Security-Policy of a page; empty: it is none
    bool for_all_sites = false;
  };
  const file* find(const http_request& request) const;

  std::map<std::string, file, std::less<>> files_;  // by path, "/assets/app.~1a2b3c4d5e.js"
};

}  // namespace halley
