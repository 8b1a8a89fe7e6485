// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/stream_management.hpp"

#include <catch2/catch.hpp>

#include "bridges/xmpp/server_address.hpp"

using namespace halley::xmpp;

namespace {

stream_management started() {
  stream_management made;
  made.begin();
  made.on_enabled("some-id", "");
  return made;
}

}  // namespace

TEST_CASE("acknowledged stanzas are forgotten, the others kept in order", "[xmpp]") {
  stream_management counted = started();
  for (const char* one : {"<a/>", "<b/>", "<c/>"}) (void)counted.on_sent(one);
  CHECK(counted.last_sent() == 3);
  REQUIRE(counted.acknowledge(2));
  CHECK(counted.acknowledged() == 2);
  REQUIRE(counted.kept().size() == 1);
  CHECK(counted.kept()[0].stanza == "<c/>");
  CHECK(counted.kept()[0].number == 3);
  CHECK(counted.acknowledge(2));  // said again: nothing new
  CHECK(counted.kept().size() == 1);
  CHECK_FALSE(counted.acknowledge(4));  // more than was sent
  CHECK_FALSE(counted.acknowledge(1));  // less than before
}

TEST_CASE("numbers go on when counters begin anew", "[xmpp]") {
  stream_management counted = started();
  (void)counted.on_sent("<a/>");
  (void)counted.on_sent("<b/>");
  REQUIRE(counted.acknowledge(1));
  const auto unsure = counted.take_unacked();
  REQUIRE(unsure.size() == 1);
  CHECK(unsure[0].stanza == "<b/>");
  counted.begin();
  CHECK_FALSE(counted.can_resume());
  CHECK_FALSE(counted.has_unacked());
  CHECK(counted.on_sent("<c/>") == 3);
  REQUIRE(counted.acknowledge(1));
  CHECK(counted.acknowledged() == 3);
}

TEST_CASE("what the server sent is counted from its <enabled/>", "[xmpp]") {
  stream_management counted;
  counted.begin();
  counted.on_received();  // sent before the server began to count
  counted.on_enabled("id", "other.example.org");
  CHECK(counted.received() == 0);
  for (std::uint32_t i = 0; i < stream_management::many; ++i) {
    CHECK_FALSE(counted.should_report());
    counted.on_received();
  }
  CHECK(counted.should_report());
  counted.on_reported();
  CHECK_FALSE(counted.should_report());
  CHECK(counted.received() == stream_management::many);
  CHECK(counted.location() == "other.example.org");
}

TEST_CASE("more than is kept makes a stream that cannot be resumed", "[xmpp]") {
  stream_management counted = started();
  CHECK(counted.can_resume());
  SECTION("in count") {
    for (std::size_t i = 0; i < stream_management::most_kept; ++i) (void)counted.on_sent("<a/>");
    CHECK(counted.can_resume());
    (void)counted.on_sent("<a/>");
  }
  SECTION("in bytes") {
    const std::string big(stream_management::most_kept_bytes / 2 + 1, 'x');
    (void)counted.on_sent(big);
    CHECK(counted.can_resume());
    (void)counted.on_sent(big);
  }
  CHECK_FALSE(counted.can_resume());
  CHECK(counted.kept().empty());
  CHECK(counted.acknowledge(static_cast<std::uint32_t>(counted.last_sent())));
  CHECK_FALSE(counted.has_unacked());
}

TEST_CASE("without stream management sent is all there is to know", "[xmpp]") {
  stream_management counted;
  counted.begin();
  (void)counted.on_sent("<a/>");
  counted.on_refused();
  CHECK_FALSE(counted.is_counting());
  CHECK(counted.acknowledged() == 1);
  (void)counted.on_sent("<b/>");
  CHECK_FALSE(counted.has_unacked());
}

TEST_CASE("counts are numbers modulo 2^32 and nothing else", "[xmpp]") {
  CHECK(read_count("0") == 0u);
  CHECK(read_count("4294967295") == 4294967295u);
  for (const char* bad : {"", "-1", "4294967296", "1x", " 1"}) CHECK_FALSE(read_count(bad));
}

TEST_CASE("the address a server names", "[xmpp]") {
  struct row {
    const char* text;
    const char* host;
    int port;
  };
  const row good[] = {{"a.example.org", "a.example.org", 5222},
                      {"a.example.org:5299", "a.example.org", 5299},
                      {"192.0.2.1:5222", "192.0.2.1", 5222},
                      {"[2001:db8::1]:5300", "2001:db8::1", 5300},
                      {"[2001:db8::1]", "2001:db8::1", 5222},
                      {"2001:db8::1", "2001:db8::1", 5222}};
  for (const row& one : good) {
    INFO(one.text);
    const auto found = parse_server(one.text, false);
    REQUIRE(found);
    CHECK(found->host == one.host);
    CHECK(found->port == one.port);
  }
  CHECK(parse_server("a.example.org", true)->port == 5223);
  for (const char* bad : {"", ":5222", "a:0", "a:x", "a:99999", "a b", "/run/socket", "[::1", "a:5x"}) {
    INFO(bad);
    CHECK_FALSE(parse_server(bad, false));
  }
}
