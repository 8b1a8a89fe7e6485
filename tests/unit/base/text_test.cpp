// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <tuple>

#include "gateway/base/random.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/utf8.hpp"

using namespace halley;
using namespace std::string_literals;

TEST_CASE("UTF-8 is told from what only looks like it", "[utf8]") {
  const auto [text, valid] = GENERATE(table<std::string, bool>({
      {"", true},
      {"plain", true},
      {"\xC3\xA9t\xC3\xA9", true},
      {"\xF0\x9F\x98\x80", true},
      {"\xEF\xBF\xBF", true},
      {"\xC0\x80", false},              // overlong NUL
      {"\xE0\x9F\xBF", false},          // overlong
      {"\xED\xA0\x80", false},          // surrogate
      {"\xF4\x90\x80\x80", false},      // past U+10FFFF
      {"\xF5\x80\x80\x80", false},
      {"\x80", false},
      {"long enough text \xE2\x82", false},  // cut
      {"caf\xE9", false},               // Latin-1
  }));
  CAPTURE(text);
  CHECK(is_utf8(text) == valid);
  CHECK(is_utf8(repair_utf8(text)));
  if (valid) CHECK(repair_utf8(text) == text);
}

TEST_CASE("each maximal invalid part becomes one replacement character", "[utf8]") {
  const std::string r = "\xEF\xBF\xBD";
  CHECK(repair_utf8("a\xE2\x82z") == "a" + r + "z");
  CHECK(repair_utf8("\xF0\x9F\x98" "\xF0\x9F\x98\x80") == r + "\xF0\x9F\x98\x80");
  CHECK(repair_utf8("\xED\xA0\x80") == r + r + r);
  CHECK(repair_utf8("\xC0\xAF") == r + r);
}

TEST_CASE("a prefix never ends inside a code point", "[utf8]") {
  const std::string text = "a\xC3\xA9\xF0\x9F\x98\x80";
  CHECK(utf8_prefix(text, 1) == "a");
  CHECK(utf8_prefix(text, 2) == "a");
  CHECK(utf8_prefix(text, 3) == "a\xC3\xA9");
  CHECK(utf8_prefix(text, 6) == "a\xC3\xA9");
  CHECK(utf8_prefix(text, 7) == text);
  CHECK(utf16_length(text) == 4);
}

TEST_CASE("code points XML 1.0 forbids are found", "[utf8]") {
  CHECK(find_xml_illegal("tab\tand\nline") == std::string::npos);
  CHECK(find_xml_illegal("a\x01") == 1);
  CHECK(find_xml_illegal("ab\x1F") == 2);
  CHECK(find_xml_illegal("\xEF\xBF\xBE") == 0);  // U+FFFE
  CHECK(find_xml_illegal("\xF0\x9F\x98\x80") == std::string::npos);
}

TEST_CASE("code points survive writing and reading", "[utf8]") {
  for (const char32_t c : {U'a', U'\u00E9', U'\u20AC', U'\U0001F600', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(text, c);
    std::size_t at = 0;
    CHECK(next_code_point(text, at) == c);
    CHECK(at == text.size());
  }
}

TEST_CASE("times are read as RFC 3339 writes them", "[time]") {
  const auto [text, expected] = GENERATE(table<std::string, std::int64_t>({
      {"1970-01-01T00:00:00Z", 0},
      {"2026-11-21T02:03:04.567Z", 1795226584567},
      {"2026-11-21T02:03:04Z", 1795226584000},
      {"2026-11-21T03:03:04.5+01:00", 1795226584500},
      {"2026-11-20T21:03:04.567890123-05:00", 1795226584567},
  }));
  CAPTURE(text);
  REQUIRE(parse_iso_time(text));
  CHECK(*parse_iso_time(text) == expected);
}

TEST_CASE("what is no time is refused", "[time]") {
  const std::string text =
      GENERATE("", "now", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21 00:00:00Z",
               "2026-11-21T25:00:00Z", "2026-11-21T00:00:00+1", "2026-11-21T00:00:00Zjunk");
  CAPTURE(text);
  CHECK_FALSE(parse_iso_time(text));
}

TEST_CASE("a printed time is read back the same", "[time]") {
  for (const unix_ms at : {0LL, 1795226584567LL, 951782400000LL})
    CHECK(parse_iso_time(print_iso_time(at)) == at);
}

TEST_CASE("base64 follows RFC 4648's own vectors", "[random]") {
  const auto [plain, coded] = GENERATE(table<std::string, std::string>({
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}}));
  bool valid = false;
  CHECK(encode_base64(plain) == coded);
  CHECK(decode_base64(coded, valid) == plain);
  CHECK(valid);
  CHECK(decode_base64url(encode_base64url(plain + "\xFF\xFE"s), valid) == plain + "\xFF\xFE"s);
  CHECK(valid);
}

TEST_CASE("broken base64 is refused", "[random]") {
  const std::string text = GENERATE("Zg", "Z===", "Zm9v!", "Zm9vY");
  bool valid = true;
  decode_base64(text, valid);
  CHECK_FALSE(valid);
}

TEST_CASE("tokens have the length asked for and do not repeat", "[random]") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_token(22));
  CHECK(seen.size() == 1000);
  CHECK(seen.begin()->size() == 22);
}

TEST_CASE("HMAC-SHA-256 gives RFC 4231's second case", "[random]") {
  const std::string mac = hmac_sha256("Jefe", "what do ya want for nothing?");
  CHECK(encode_base64(mac) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
}
