// SPDX-License-Identifier: GPL-3.0-or-later
//
// What other sites load from the gateway: scripts of fixed names, their parts, pages for frames.
#include <catch2/catch.hpp>

#include "gateway/http/static_files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/wire.hpp"

using namespace halley;

namespace {

http_response get(const static_files& pages, std::string path, std::string accept = "*/*") {
  http_request request;
  request.method = http_method::get;
  request.path = request.target = std::move(path);
  request.fields = {{"accept", std::move(accept)}};
  return pages.answer(request);
}

std::string field(const http_response& answer, std::string_view name) {
  for (const auto& [key, value] : answer.fields)
    if (key == name) return value;
  return "";
}

}  // namespace

TEST_CASE("a script for other sites names everybody once", "[http]") {
  const temporary_folder folder;
  folder.write("embed.js", "code");
  echo_options options;
  options.http.static_root = folder.path();
  options.http.origins = {"https://blog.example.org"};
  echo_gateway gateway(options);
  wire browser(gateway.port());
  // Two values would be none: also for a site that is on the list.
  for (const char* site : {"https://blog.example.org", "https://evil.net"}) {
    const http_answer answer = browser.get("/embed.js", std::string("Origin: ") + site + "\r\n");
    const std::string name = "Access-Control-Allow-Origin: ";
    const std::size_t at = answer.head.find(name);
    REQUIRE(at != std::string::npos);
    CHECK(answer.head.substr(at + name.size(), 3) == "*\r\n");
    CHECK(answer.head.find(name, at + 1) == std::string::npos);
  }
}

TEST_CASE("other sites get scripts of fixed names and pages to frame", "[http]") {
  const temporary_folder folder;
  for (const char* script : {"embed.js", "embed-classic.js", "badge.js", "resuming_websocket.js"})
    folder.write(script, script);
  folder.write("embed/room.~1f3a9c04be.js", "part");
  folder.write("app.~1f3a9c04be.js", "own");
  for (const char* page : {"index.html", "embed.html", "badge.html"}) folder.write(page, page);
  const static_files pages(folder.path(), "'self' https://blog.example.org");

  SECTION("scripts may be read by every site and are kept shortly") {
    for (const char* script :
         {"/embed.js", "/embed-classic.js", "/badge.js", "/resuming_websocket.js"}) {
      const http_response answer = get(pages, script);
      CHECK(answer.status == 200);
      CHECK(static_files::is_for_all_sites(script));
      CHECK(field(answer, "Cross-Origin-Resource-Policy") == "cross-origin");
      CHECK(field(answer, "Cache-Control") == "public, max-age=600, stale-while-revalidate=86400");
      CHECK_FALSE(field(answer, "ETag").empty());
    }
  }
  SECTION("their parts are kept for good; what is our own is for our own pages") {
    const http_response part = get(pages, "/embed/room.~1f3a9c04be.js");
    CHECK(static_files::is_for_all_sites("/embed/room.~1f3a9c04be.js"));
    CHECK(field(part, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK_FALSE(static_files::is_for_all_sites("/app.~1f3a9c04be.js"));
    CHECK(field(get(pages, "/app.~1f3a9c04be.js"), "Cross-Origin-Resource-Policy") == "");
  }
  SECTION("what is named by its content has the mark of the build, whatever its hash looks like") {
    folder.write("main.~kdfgqwerty.js", "letters only");
    for (const char* other : {"main-1f3a9c04be.js", "photo-20261129.jpg", "main~1f3a9c04be.js"})
      folder.write(other, "a name that stays");
    const static_files more(folder.path(), "'self'");
    CHECK(field(get(more, "/main.~kdfgqwerty.js"), "Cache-Control") ==
          "public, max-age=31536000, immutable");
    for (const char* other : {"/main-1f3a9c04be.js", "/photo-20261129.jpg", "/main~1f3a9c04be.js"})
      CHECK(field(get(more, other), "Cache-Control") == "no-cache");
  }
  SECTION("a room in a frame is for the sites on the list, a badge for all") {
    const http_response room = get(pages, "/embed/irc/%23halley", "text/html");
    CHECK(*room.shared_body == "embed.html");
    CHECK(field(room, "Content-Security-Policy")
              .ends_with("frame-ancestors 'self' https://blog.example.org"));
    const http_response badge = get(pages, "/badge/irc/%23halley", "text/html");
    CHECK(*badge.shared_body == "badge.html");
    CHECK(field(badge, "Content-Security-Policy").ends_with("frame-ancestors *"));
    CHECK(field(get(pages, "/"), "Content-Security-Policy")
              .ends_with("frame-ancestors 'self' https://blog.example.org"));
    for (const http_response& page : {room, badge, get(pages, "/")})
      CHECK(field(page, "Content-Security-Policy").find("unsafe") == std::string::npos);
  }
  SECTION("what is not there is not there") {
    CHECK(get(pages, "/embed/room-000000000.js").status == 404);
  }
}
