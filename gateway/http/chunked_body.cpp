// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace halley {
namespace {

bool has_control(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

// False for anything but hex digits, possibly followed by an extension.
bool parse_size(std::string_view line, std::size_t& size) {
  const std::string_view digits = line.substr(0, line.find(';'));
  if (digits.empty() || digits.size() > 8) return false;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
}

}  // namespace

chunked_body::state chunked_body::feed(std::string_view bytes, std::size_t& used, std::string& body,
                                       std::size_t limit) {
  for (used = 0;;) {
    const std::string_view rest = bytes.substr(used);
    if (part_ == part::data) {
      const std::size_t size = std::min(left_, rest.size());
      body.append(rest.substr(0, size));
      used += size;
      left_ -= size;
      if (left_ > 0) return state::more;
      part_ = part::data_end;
      continue;
    }
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos)
      return rest.size() > longest_line ? state::broken : state::more;
    if (end == 0 || rest[end - 1] != '\r') return state::broken;
    const std::string_view line = rest.substr(0, end - 1);
    used += end + 1;
    if (line.size() > longest_line || has_control(line)) return state::broken;
    if (part_ == part::data_end) {
      if (!line.empty()) return state::broken;
      part_ = part::size;
    } else if (part_ == part::size) {
      if (!parse_size(line, left_)) return state::broken;
      if (left_ > limit - std::min(limit, body.size())) return state::too_large;
      part_ = left_ == 0 ? part::trailer : part::data;
    } else {
      if (line.empty()) return state::complete;
      trailer_ += line.size();
      if (trailer_ > most_trailer) return state::broken;
    }
  }
}

}  // namespace halley
