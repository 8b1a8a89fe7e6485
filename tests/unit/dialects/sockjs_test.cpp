// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/sockjs.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace std::string_literals;
using texts = std::vector<std::string>;

namespace {

struct unwrapped {
  bool whole = false;
  texts messages;
  bool operator==(const unwrapped&) const = default;
};

unwrapped unwrap(std::string_view frame, std::size_t most = SIZE_MAX) {
  unwrapped out;
  out.whole = sockjs.unwrap(frame, [&](std::string_view one) {
    out.messages.emplace_back(one);
    return out.messages.size() < most;
  });
  return out;
}

std::string answer(sockjs_receiver kind, std::string_view frame, std::string callback = {}) {
  return print_sockjs_answer({kind, std::move(callback)}, frame);
}

}  // namespace

TEST_CASE("a frame of a client is a list of messages, or one", "[sockjs]") {
  CHECK(unwrap(R"(["a","b"])") == unwrapped{true, {"a", "b"}});
  CHECK(unwrap(R"("a")") == unwrapped{true, {"a"}});
  CHECK(unwrap("[]") == unwrapped{true, {}});
  CHECK(unwrap("") == unwrapped{true, {}});  // 3.4
  CHECK(unwrap(R"(["\u00fc\n\"\\"])") == unwrapped{true, {"\u00fc\n\"\\"}});
  // Who has heard enough hears no more.
  CHECK(unwrap(R"(["a","b","c"])", 2) == unwrapped{true, {"a", "b"}});
}

TEST_CASE("what is no frame brings nothing, not even its first messages", "[sockjs]") {
  for (const std::string& frame :
       {R"(["a")"s, R"(["a",1])"s, R"(["a",["b"]])"s, R"({"a":"b"})"s, "1"s, "null"s, "true"s, "a"s,
        R"("a)"s, R"(["a"]x)"s, "[\"\xff\"]"s, "[\"a\nb\"]"s, std::string(100000, '[')})
    CHECK(unwrap(frame) == unwrapped{false, {}});
}

TEST_CASE("what is said is read again as it was", "[sockjs]") {
  CHECK(sockjs.opening() == "o");
  const texts all{"", "plain", "\"\\\n\r\t\x01\x7f", "\u2028\u2029", "</script><!--", "\U0001F600"};
  const std::string frame = print_sockjs(all);
  CHECK(frame.front() == 'a');
  CHECK(unwrap(frame.substr(1)) == unwrapped{true, all});
  for (const std::string& one : all) {
    std::string wrapped;
    sockjs.wrap(wrapped, one);
    CHECK(unwrap(wrapped.substr(1)) == unwrapped{true, {one}});
  }
  // COMPAT(sockjs-client): escapes the same, for browsers that change these on their way.
  CHECK(print_sockjs({"\u2028"}) == R"(a["\u2028"])");
  CHECK(print_sockjs({}) == "a[]");
}

TEST_CASE("the end of a conversation has the code 3000 and says why", "[sockjs]") {
  CHECK(print_sockjs_close(2010, "Another connection still open") ==
        R"(c[2010,"Another connection still open"])");
  CHECK(sockjs.farewell_frame(farewell::finished, "") == R"(c[3000,"Go away!"])");
  for (const farewell how : {farewell::finished, farewell::malformed, farewell::too_large, farewell::lost})
    CHECK(sockjs.farewell_frame(how, "said \"no\"") == R"(c[3000,"said \"no\""])");
}

TEST_CASE("an address names a server and a session, neither empty nor with a dot", "[sockjs]") {
  CHECK(is_sockjs_id("000"));
  CHECK(is_sockjs_id(std::string(128, 'x')));
  CHECK_FALSE(is_sockjs_id(""));
  CHECK_FALSE(is_sockjs_id("a.b"));
  CHECK_FALSE(is_sockjs_id(std::string(129, 'x')));
}

TEST_CASE("what a client asks first", "[sockjs]") {
  CHECK(print_sockjs_info(4294967295) ==
        R"({"websocket":true,"cookie_needed":false,"origins":["*:*"],"entropy":4294967295})");
}

TEST_CASE("a frame comes in the form that its request can read", "[sockjs]") {
  const std::string frame = print_sockjs({"100% </script> \"x\"\r\n"});
  REQUIRE(frame == R"(a["100% \u003c/script> \"x\"\u000d\n"])");
  CHECK(answer(sockjs_receiver::xhr, frame) == frame + "\n");
  CHECK(answer(sockjs_receiver::xhr_streaming, frame) == std::string(2048, 'h') + "\n" + frame + "\n");
  CHECK(answer(sockjs_receiver::eventsource, frame) ==
        "\r\ndata: a[\"100%25 \\u003c/script> \\\"x\\\"\\u000d\\n\"]\r\n\r\n");
  CHECK(answer(sockjs_receiver::eventsource, "a\r\nb") == "\r\ndata: a%0D%0Ab\r\n\r\n");
  CHECK(answer(sockjs_receiver::jsonp, "o", "_jp.a1") == "/**/_jp.a1(\"o\");\r\n");
  CHECK(answer(sockjs_receiver::jsonp, R"(a["x"])", "_jp.a1") == "/**/_jp.a1(\"a[\\\"x\\\"]\");\r\n");
  CHECK(sockjs_content_type(sockjs_receiver::eventsource).starts_with("text/event-stream"));
  CHECK(sockjs_content_type(sockjs_receiver::htmlfile).starts_with("text/html"));
  for (const auto kind : {sockjs_receiver::xhr, sockjs_receiver::xhr_streaming, sockjs_receiver::jsonp})
    CHECK(sockjs_content_type(kind).starts_with("application/javascript"));
}

TEST_CASE("in a page nothing that is said can end its script", "[sockjs]") {
  const std::string page = answer(sockjs_receiver::htmlfile, "a[\"</script><img src=x>\"]", "_jp.a1");
  CHECK(page.find("var c = parent._jp.a1;") != std::string::npos);
  CHECK(page.find("p(\"a[\\\"\\u003c/script>\\u003cimg src=x>\\\"]\");") != std::string::npos);
  // As many as the page's own.
  std::size_t scripts = 0;
  for (std::size_t at = 0; (at = page.find("</script>", at)) != std::string::npos; ++at) ++scripts;
  CHECK(scripts == 2);
  // Browsers that wait for a page to begin have waited before the first frame.
  CHECK(page.find("<script>\np(") > 1024);
}

TEST_CASE("a form has its messages in one field", "[sockjs]") {
  CHECK(sockjs_form_field("d=%5B%22x%22%5D") == "%5B%22x%22%5D");
  CHECK(sockjs_form_field("d=a&b=c") == "a");
  CHECK(sockjs_form_field("d=") == "");
  CHECK_FALSE(sockjs_form_field("x=d").has_value());
  CHECK_FALSE(sockjs_form_field("").has_value());
}
