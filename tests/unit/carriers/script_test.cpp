// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <set>

#include "gateway/carriers/carrier_kind.hpp"
#include "gateway/carriers/forever_frame.hpp"
#include "gateway/carriers/script.hpp"

using namespace halley;

TEST_CASE("a callback is a name and nothing else", "[carriers]") {
  const std::vector<std::string> good{"f", "_f", "$", "page.on_answer", "a1", "halley.$0._x",
                                      std::string(64, 'a')};
  for (const auto& one : good) {
    CAPTURE(one);
    CHECK(is_callback_name(one));
  }
  const std::vector<std::string> bad{"", "1a", ".a", "a-b", "a b", "a(", "a;alert(1)", "a[0]",
                                     "a\n", "<script>", "a/**/", "caf\u00e9", "a\u2028b", "a'b",
                                     std::string("a\0b", 3), std::string(65, 'a')};
  for (const auto& one : bad) {
    CAPTURE(one);
    CHECK_FALSE(is_callback_name(one));
  }
}

TEST_CASE("the answer to a script begins with our bytes, not with the caller's", "[carriers]") {
  CHECK(print_call("CWSMIKI0hCD0Up0IUUnnnn", R"({"a":1})") ==
        R"(/**/CWSMIKI0hCD0Up0IUUnnnn({"a":1});)");
}

TEST_CASE("carriers are found by their names alone", "[carriers]") {
  for (std::size_t i = 0; i < carrier_names.size(); ++i)
    CHECK(find_carrier(carrier_names[i]) == static_cast<carrier_kind>(i));
  for (const auto* one : {"", "Websocket", "long_poll ", "sse", "poll\n"}) {
    CAPTURE(one);
    CHECK_FALSE(find_carrier(one));
  }
}

TEST_CASE("each frame has a nonce of its own and runs nothing else", "[carriers]") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(forever_frame_carrier::make_nonce());
  CHECK(seen.size() == 100);
  CHECK(seen.begin()->size() >= 22);
  CHECK(forever_frame_carrier::policy("n0nce", "https://www.example.org") ==
        "default-src 'none'; script-src 'nonce-n0nce'; frame-ancestors https://www.example.org");
}
