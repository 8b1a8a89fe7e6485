// SPDX-License-Identifier: GPL-3.0-or-later
//
// What has been read, on a server that keeps it (draft/read-marker, as soju and Ergo speak it).
#include <catch2/catch.hpp>

#include "gateway/chat/features.hpp"
#include "tests/support/irc_stage.hpp"

using namespace halley;
using namespace halley::test;

namespace {

constexpr unix_ms minute = 60 * 1000;
constexpr unix_ms noon = 1782907200000;  // 2026-07-01T12:00:00Z

mark_read_command read_to(unix_ms at, const std::string& to = "#cxx") { return {to, "", at}; }

bool has_feature(bridge_user& user) {
  const auto online = user.wait<online_event>();
  REQUIRE(online);
  const auto& all = online->features;
  return std::find(all.begin(), all.end(), feature::read_markers) != all.end();
}

}  // namespace

TEST_CASE("what has been read goes to the network, and what another device has read comes back",
          "[scenario]") {
  fake_ircd ircd;
  ircd.offer("draft/read-marker");
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  CHECK(has_feature(alice));
  CHECK(alice.done(read_to(noon)).ok);
  CHECK(ircd.receives_line_with("alice", "MARKREAD #cxx timestamp=2026-07-01T12:00:00.000Z"));

  const auto at = [](unix_ms when) {
    return [when](const read_marker_event& e) { return e.where.name == "#cxx" && e.at == when; };
  };
  ircd.send("alice", ":fake MARKREAD #CXX timestamp=2026-07-01T12:01:00.000Z");
  REQUIRE(alice.wait<read_marker_event>(at(noon + minute)));
  // Nothing, no time, and what is older than what is known are not told.
  ircd.send("alice", ":fake MARKREAD #cxx *");
  ircd.send("alice", ":fake MARKREAD #cxx timestamp=yesterday");
  ircd.send("alice", ":fake MARKREAD #cxx timestamp=2026-07-01T12:00:30.000Z");
  ircd.send("alice", ":fake MARKREAD bob timestamp=2026-07-01T12:00:00.000Z");
  const auto with_bob =
      alice.wait<read_marker_event>([](const auto& e) { return e.where.name == "bob"; });
  REQUIRE(with_bob);
  CHECK_FALSE(with_bob->where.is_room);
  CHECK(alice.count<read_marker_event>([](const auto&) { return true; }) == 2);

  std::size_t described = 0;
  for (const event_ptr& one : alice.describe())
    if (const auto* marker = std::get_if<read_marker_event>(&one->value()))
      described += at(noon + minute)(*marker);
  CHECK(described == 1);
}

TEST_CASE("of many marks the network gets the first and, before the visitor goes, the last",
          "[scenario]") {
  fake_ircd ircd;
  ircd.offer("draft/read-marker");
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  for (unix_ms i = 0; i < 20; ++i) REQUIRE(alice.done(read_to(noon + i * minute)).ok);
  alice.end("bye");
  REQUIRE(ircd.receives_line_with("alice", "QUIT"));
  CHECK(ircd.count_lines_with("MARKREAD") == 2);
  CHECK(ircd.receives_line_with("alice", "timestamp=2026-07-01T12:00:00.000Z"));
  CHECK(ircd.receives_line_with("alice", "timestamp=2026-07-01T12:19:00.000Z"));
}

TEST_CASE("a network that keeps no marks says so", "[scenario]") {
  fake_ircd ircd;
  irc_stage on(ircd);
  bridge_user alice(on.shard, on.network_of(), on.alice());
  REQUIRE(arrives(alice));
  CHECK_FALSE(has_feature(alice));
  CHECK(alice.done(read_to(noon)).why.code == failure_code::not_supported);
}
