// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/host_meta.hpp"

#include <catch2/catch.hpp>

using namespace halley;

TEST_CASE("H-01 host-meta names both addresses, by https where the browser came by it",
          "[host_meta]") {
  const std::string xml = print_host_meta("chat.example.org", true);
  CHECK(xml.find("rel='urn:xmpp:alt-connections:xbosh' "
                 "href='https://chat.example.org/http-bind'") != std::string::npos);
  CHECK(xml.find("rel='urn:xmpp:alt-connections:websocket' "
                 "href='wss://chat.example.org/xmpp-websocket'") != std::string::npos);
  CHECK(print_host_meta_json("[::1]:8080", false) ==
        R"({"links":[{"rel":"urn:xmpp:alt-connections:xbosh","href":"http://[::1]:8080/http-bind"},)"
        R"({"rel":"urn:xmpp:alt-connections:websocket","href":"ws://[::1]:8080/xmpp-websocket"}]})");
}

TEST_CASE("a Host field is no way to write markup", "[host_meta]") {
  CHECK(is_host_field("chat.example.org:8080"));
  CHECK(is_host_field("[2001:db8::1]:443"));
  for (const char* host : {"", "a'b", "a\"b", "<a>", "a/b", "a b", "user@host"})
    CHECK_FALSE(is_host_field(host));
}
