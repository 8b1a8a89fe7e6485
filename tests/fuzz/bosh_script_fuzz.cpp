// SPDX-License-Identifier: GPL-3.0-or-later
//
// The codecs of BOSH: any body is parsed or refused, in both syntaxes; what is printed for a script can
// be read back by one, and elements put together from parts are the same wherever they were cut.
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/base/utf8.hpp"
#include "gateway/dialects/bosh_body.hpp"
#include "gateway/dialects/bosh_script.hpp"

using namespace halley;

namespace {

// The elements, and whether all of it was well; cut every `step` bytes.
std::string put_together(std::string_view octets, std::size_t step) {
  bosh_octets reader;
  std::vector<std::string> elements;
  std::string out;
  bool well = true;
  for (std::size_t at = 0; well && at < octets.size(); at += step)
    well = reader.take(octets.substr(at, step), elements);
  for (const std::string& one : elements) out += one + '\n';
  return out + (well ? "well" : "broken");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)parse_bosh(text);
  if (const auto parsed = parse_bosh_script(text); parsed && parsed->rid == 0) std::abort();
  (void)parse_bosh_version(text);
  if (put_together(text, text.size() + 1) != put_together(text, 1u + data[0] % 16)) std::abort();
  if (!is_utf8(text)) return 0;
  const std::string script = print_bosh_script(text);
  const std::string_view inside(script.data() + 8, script.size() - 10);
  if (!script.starts_with("_BOSH_(\"") || !script.ends_with("\")")) std::abort();
  if (inside.find_first_of("\"<\r\n") != inside.npos || !is_utf8(script)) std::abort();
  return 0;
}
