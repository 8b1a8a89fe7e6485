// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as an HTTP request: no crash, the limits hold, and pieces of any size mean the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/http/request_reader.hpp"

using namespace halley;

namespace {

std::string read(const std::string& bytes, std::size_t step) {
  request_reader reader(1024, 2048);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    switch (reader.feed(std::string_view(bytes).substr(at, step))) {
      case request_reader::state::complete: {
        const http_request request = reader.take();
        if (request.body.size() > 2048) std::abort();
        request.query("since");
        request.lists("connection", "upgrade");
        return request.target + '\n' + request.body;
      }
      case request_reader::state::broken:
        return "broken";
      default:
        break;
    }
    if (step > bytes.size()) break;
  }
  return "more";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (read(bytes, bytes.size() + 1) != read(bytes, 1)) std::abort();
  return 0;
}
