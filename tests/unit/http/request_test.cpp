// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/request.hpp"

#include <catch2/catch.hpp>

#include "gateway/http/client_address.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/request_reader.hpp"
#include "gateway/http/routes.hpp"

using namespace halley;

namespace {

struct outcome {
  request_reader::state state;
  int status = 0;
  http_request request;
  std::string leftover;
};

outcome read(std::string_view bytes, std::size_t step = SIZE_MAX) {
  request_reader reader(8192, 65536);
  outcome out{request_reader::state::head, 0, {}, {}};
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view piece = bytes.substr(at, step);
    at += piece.size();
    out.state = reader.feed(piece);
    if (out.state == request_reader::state::complete) {
      out.request = reader.take();
      out.leftover = reader.take_leftover() + std::string(bytes.substr(at));
      break;
    }
    if (out.state == request_reader::state::broken) {
      out.status = reader.fault().status;
      break;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a request is read from pieces of any size", "[http]") {
  const std::size_t step = GENERATE(1u, 2u, 3u, 17u, 1000u);
  const outcome got = read(
      "\r\nPOST /chat/v1/sessions?x=1 HTTP/1.1\r\nHost: chat.example\r\nContent-Length: 5\r\n"
      "Accept: text/html, application/json;q=0.9\r\n\r\nhelloGET /next HTTP/1.1\r\n",
      step);
  REQUIRE(got.state == request_reader::state::complete);
  CHECK(got.request.method == http_method::post);
  CHECK(got.request.path == "/chat/v1/sessions");
  CHECK(got.request.target == "/chat/v1/sessions?x=1");
  CHECK(got.request.field("host") == "chat.example");
  CHECK(got.request.lists("accept", "application/json"));
  CHECK_FALSE(got.request.lists("accept", "json"));
  CHECK(got.request.body == "hello");
  CHECK(got.request.keep_alive);
  CHECK(got.leftover == "GET /next HTTP/1.1\r\n");
}

TEST_CASE("a chunked body is put together", "[http]") {
  const std::size_t step = GENERATE(1u, 4u, 1000u);
  const outcome got = read(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nrest",
      step);
  REQUIRE(got.state == request_reader::state::complete);
  CHECK(got.request.body == "abcde");
  CHECK(got.leftover == "rest");
}

TEST_CASE("an empty chunked body with trailers may arrive byte by byte", "[http]") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"0\r\n\r\n", "0\r\nX: y\r\n\r\n", "000;a=b\r\n\r\n"}) {
    const outcome got = read(head + body, 1);
    CHECK(got.state == request_reader::state::complete);
    CHECK(got.request.body.empty());
    CHECK(got.leftover.empty());
  }
  for (const char* body : {"0\n\n", "-1\r\n", " 1\r\n", "0x1\r\n", "\r\n", "1\r\nab\r\n",
                           "100000001\r\n", "1 \r\n", "1;\x01\r\n"})
    CHECK(read(head + body, 1).status == 400);
}

TEST_CASE("what two parsers could understand differently is refused", "[http]") {
  struct row {
    const char* what;
    std::string bytes;
    int status;
  };
  const std::string line = "GET / HTTP/1.1\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::vector<row> table = {
      {"length and coding",
       post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"coding and length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400},
      {"two equal lengths", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
      {"two lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400},
      {"a list of lengths", post + "Content-Length: 1, 1\r\n\r\nx", 400},
      {"a signed length", post + "Content-Length: +1\r\n\r\nx", 400},
      {"a length in hex", post + "Content-Length: 0x1\r\n\r\nx", 400},
      {"a huge length", post + "Content-Length: 99999999999999999999999\r\n\r\nx", 400},
      {"a folded line", line + "Host: a\r\nX: b\r\n c\r\n\r\n", 400},
      {"a line folded by a tab", line + "Host: a\r\nX: b\r\n\tc\r\n\r\n", 400},
      {"a space before the colon", line + "Host : a\r\n\r\n", 400},
      {"no name", line + "Host: a\r\n: b\r\n\r\n", 400},
      {"no colon", line + "Host: a\r\nnonsense\r\n\r\n", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"a bare line feed in a value", line + "Host: a\r\nX: b\nY: c\r\n\r\n", 400},
      {"a bare carriage return", line + "Host: a\r\nX: b\rY: c\r\n\r\n", 400},
      {"a NUL", line + "Host: a\r\nX: " + std::string(1, '\0') + "\r\n\r\n", 400},
      {"another coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       501},
      {"a coding with white space",
       post + "Transfer-Encoding: \x0b"
              "chunked\r\n\r\n",
       400},
      {"HTTP/1.0 with a coding", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", line + "Host: a\r\nHost: b\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/2 itself", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"TLS on a plain port", std::string("\x16\x03\x01\x02\r\n\r\n"), 400},
      {"a bad chunk size", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", 400},
      {"an endless header", line + "X: " + std::string(9000, 'x'), 431},
      {"a large header", line + "Host: a\r\nX: " + std::string(8200, 'x') + "\r\n\r\n", 431},
      {"a large body", post + "Content-Length: 65537\r\n\r\n", 413},
      {"a large chunked body",
       post + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65537, 'x') + "\r\n",
       413},
  };
  for (const row& one : table) {
    for (const std::size_t step : {std::size_t{1}, SIZE_MAX}) {
      INFO(one.what << ", step " << step);
      const outcome got = read(one.bytes, step);
      CHECK(got.state == request_reader::state::broken);
      CHECK(got.status == one.status);
    }
  }
}

TEST_CASE("query parameters are decoded, broken ones are absent", "[http]") {
  http_request request;
  request.target = "/x?since=12&reason=over%20%C3%BC+there&empty=&bad=%zz&cut=%4&nul=%00&latin=%fc";
  CHECK(request.query("since") == "12");
  CHECK(request.query("reason") == "over \xC3\xBC there");
  CHECK(request.query("empty") == "");
  for (const char* absent : {"bad", "cut", "nul", "latin", "other"})
    CHECK_FALSE(request.query(absent).has_value());
}

TEST_CASE("paths match patterns segment by segment", "[http]") {
  const std::string_view pattern = "/chat/v1/sessions/{id}/events";
  CHECK(match_path(pattern, "/chat/v1/sessions/n1-0-abc/events") == "n1-0-abc");
  CHECK(match_path(pattern, "/chat/v1/sessions/a%2Fb/events") == "a/b");
  CHECK(match_path("/chat/v1/networks", "/chat/v1/networks") == "");
  for (const char* other : {"/chat/v1/sessions//events", "/chat/v1/sessions/a/events/", "/chat/v1",
                            "/chat/v1/sessions/a/eventsx", "", "/", "/chat/v1/sessions/%zz/events"})
    CHECK_FALSE(match_path(pattern, other).has_value());
}

TEST_CASE("an origin is its own, listed, or refused", "[http]") {
  const origin_policy policy({"https://*.example.org", "https://chat.example.com:8443/", "null"},
                             false);
  const auto allows = [&policy](std::string origin, bool secure = false) {
    http_request request;
    request.fields = {{"host", "Chat.Example.net:8080"}, {"origin", std::move(origin)}};
    return policy.allows(request, secure);
  };
  CHECK(allows("http://chat.example.net:8080"));
  CHECK(allows("https://chat.example.net:8080"));
  CHECK_FALSE(allows("http://chat.example.net:8080", true));
  CHECK_FALSE(allows("http://chat.example.net"));
  CHECK(allows("https://www.example.org"));
  CHECK(allows("https://WWW.example.org"));
  CHECK(allows("https://chat.example.com:8443"));
  CHECK(allows("null"));
  for (const char* foreign :
       {"http://www.example.org", "https://example.org", "https://a.b.example.org",
        "https://.example.org", "https://www.example.org.evil.net", "https://evil.net/.example.org",
        "https://www.example.org:444", "https://evil.net#.example.org.example.org", "*", "",
        "https://chat.example.com", "file://"})
    CHECK_FALSE(allows(foreign));
}

TEST_CASE("sites that may use the gateway may frame its embedded rooms", "[http]") {
  CHECK(frame_ancestors_of({}) == "'self'");
  CHECK(frame_ancestors_of({"https://Blog.example.org/", "https://*.example.net:8443"}) ==
        "'self' https://blog.example.org https://*.example.net:8443");
  // What CSP cannot say without letting strangers in is not said.
  CHECK(frame_ancestors_of({"null", "https://*", "https://chat-*.example.org",
                            "https://*.*.example.org", "http://localhost:*"}) == "'self'");
}

TEST_CASE("a request without an origin is judged by what else is known", "[http]") {
  const origin_policy strict({}, false);
  const origin_policy open({}, true);
  http_request request;
  CHECK_FALSE(strict.allows(request, false));
  CHECK(open.allows(request, false));
  request.fields = {{"sec-fetch-site", "same-origin"}};
  CHECK(strict.allows(request, false));
  // A form of a page that tells nobody where it is, and a page that is nobody's.
  request.fields = {{"origin", "null"}, {"sec-fetch-site", "same-origin"}};
  CHECK(strict.allows(request, true));
  for (const char* site : {"cross-site", "same-site", "none", ""}) {
    request.fields = {{"origin", "null"}, {"sec-fetch-site", site}};
    CHECK_FALSE(open.allows(request, true));
  }
  request.fields = {{"sec-fetch-site", "cross-site"}};
  CHECK_FALSE(open.allows(request, false));
}

TEST_CASE("the visitor's address is what the last trusted proxy says", "[http]") {
  const proxy_trust trust({"10.0.0.0/8", "2001:db8::/32", "127.0.0.1"});
  const auto from = [&trust](std::string_view peer, std::string_view forwarded,
                             std::string_view proto = "") {
    return trust.client_of({*ip_address::parse(peer), 4711, false}, false, forwarded, proto);
  };
  CHECK(from("192.0.2.1", "").address == "192.0.2.1");
  CHECK(from("192.0.2.1", "").port == 4711);
  CHECK(from("192.0.2.1", "198.51.100.7").address == "192.0.2.1");
  CHECK(from("192.0.2.1", "", "https").secure == false);
  CHECK(from("127.0.0.1", "198.51.100.7").address == "198.51.100.7");
  CHECK(from("127.0.0.1", "198.51.100.7", "https").secure);
  CHECK(from("127.0.0.1", "198.51.100.7").port == 0);
  CHECK(from("127.0.0.1", "6.6.6.6, 198.51.100.7").address == "198.51.100.7");
  CHECK(from("127.0.0.1", "198.51.100.7, 10.1.2.3").address == "198.51.100.7");
  CHECK(from("127.0.0.1", "10.1.2.3,10.9.9.9").address == "10.1.2.3");
  CHECK(from("127.0.0.1", "198.51.100.7:80").address == "198.51.100.7");
  CHECK(from("127.0.0.1", "[2001:db9::1]:80").address == "2001:db9::1");
  CHECK(from("2001:db8::5", "2001:db9::1").address == "2001:db9::1");
  CHECK(from("127.0.0.1", "198.51.100.7, nonsense").address == "127.0.0.1");
  CHECK(from("127.0.0.1", "nonsense, 198.51.100.7").address == "198.51.100.7");
  CHECK(from("127.0.0.1", "198.51.100.7\r\nevil").address == "127.0.0.1");
  CHECK(from("::ffff:127.0.0.1", "198.51.100.7").address == "198.51.100.7");
  CHECK_THROWS_AS(proxy_trust({"10.0.0.0/33"}), std::runtime_error);
  CHECK_THROWS_AS(proxy_trust({"example.org"}), std::runtime_error);
}
