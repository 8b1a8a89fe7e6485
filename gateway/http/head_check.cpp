// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/head_check.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "gateway/base/ascii.hpp"

namespace halley {
namespace {

constexpr std::array<bool, 256> make_token_chars() {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c)
    table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<std::size_t>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> token_chars = make_token_chars();

bool is_token_char(char c) { return token_chars[static_cast<std::uint8_t>(c)]; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct framing {
  int lengths = 0;
  int codings = 0;
  int hosts = 0;
  bool chunked = false;
};

std::optional<head_fault> check_field(std::string_view line, framing& seen) {
  // RFC 9112, 5.2: folded lines may be refused, and every second parser reads them its own way.
  if (line.front() == ' ' || line.front() == '\t')
    return head_fault{400, "A header line is folded."};
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  // RFC 9112, 5.1: no white space before the colon.
  if (colon == std::string_view::npos || name.empty() ||
      !std::all_of(name.begin(), name.end(), is_token_char))
    return head_fault{400, "A header line has no proper name."};
  const std::string_view value = trim(line.substr(colon + 1));
  if (equal_ignoring_case(name, "content-length")) {
    ++seen.lengths;
    if (value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos)
      return head_fault{400, "Content-Length is no number."};
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    ++seen.codings;
    seen.chunked = equal_ignoring_case(value, "chunked");
  } else if (equal_ignoring_case(name, "host")) {
    ++seen.hosts;
  }
  return std::nullopt;
}

std::optional<head_fault> check_framing(const framing& seen, bool http_1_0) {
  if (seen.lengths > 1) return head_fault{400, "Content-Length stands twice."};
  if (seen.codings > 0) {
    if (seen.lengths > 0)
      return head_fault{400, "Content-Length and Transfer-Encoding exclude each other."};
    if (http_1_0) return head_fault{400, "HTTP/1.0 has no Transfer-Encoding."};
    if (seen.codings > 1 || !seen.chunked)
      return head_fault{501, "The only Transfer-Encoding here is chunked."};
  }
  // RFC 9112, 3.2
  if (seen.hosts > 1 || (seen.hosts == 0 && !http_1_0))
    return head_fault{400, "There must be one Host header."};
  return std::nullopt;
}

}  // namespace

std::optional<head_fault> check_head(std::string_view head) {
  if (!head.ends_with("\r\n\r\n")) return head_fault{400, "The header does not end."};
  head.remove_suffix(2);
  framing seen;
  bool http_1_0 = false;
  for (bool first = true; !head.empty(); first = false) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && c != '\t') || byte == 0x7F)
        return head_fault{400, "The header has a control character."};
    }
    if (first) {
      // RFC 9112, 3: method SP target SP version, and not one space more.
      if (std::count(line.begin(), line.end(), ' ') != 2 ||
          line.find('\t') != std::string_view::npos)
        return head_fault{400, "The request line is malformed."};
      const std::string_view version = line.substr(line.rfind(' ') + 1);
      http_1_0 = version == "HTTP/1.0";
      if (!http_1_0 && version != "HTTP/1.1")
        return head_fault{505, "Only HTTP/1.1 is spoken here."};
    } else if (auto fault = check_field(line, seen)) {
      return fault;
    }
  }
  return check_framing(seen, http_1_0);
}

}  // namespace halley
