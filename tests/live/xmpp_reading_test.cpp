// SPDX-License-Identifier: GPL-3.0-or-later
//
// What has been read, on all devices of an account (XEP-0490), on Prosody.
#include <algorithm>
#include <catch2/catch.hpp>

#include "gateway/chat/features.hpp"
#include "tests/live/xmpp_stage.hpp"

namespace {

struct line {
  std::string id;
  unix_ms at = 0;
};

// A line of romeo's, as it arrived at `at`.
line hears(bridge_user& who, bridge_user& romeo, const std::string& room, const std::string& text) {
  REQUIRE(romeo.done(say_command{room, text, said_kind::message, ""}).ok);
  const auto heard = who.wait<said_event>(said(text));
  REQUIRE(heard);
  REQUIRE_FALSE(heard->id.empty());
  return {heard->id, heard->at};
}

auto marks(const std::string& room, const line& what) {
  return [room, id = what.id](const read_marker_event& e) {
    return e.where == place{room, true} && e.id == id;
  };
}

}  // namespace

TEST_CASE("what is read on one device is read on the others, now and later", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  const std::string room = server.room("balcony");
  stage on(server.settings());
  auto romeo = on.member("romeo", "montague", {room});
  enter(*romeo, room);
  auto desk = on.member("juliet", "capulet", {room});
  enter(*desk, room);
  auto phone = on.member("juliet", "capulet", {room});
  enter(*phone, room);
  const auto online = desk->wait<online_event>();
  REQUIRE(online);
  CHECK(std::count(online->features.begin(), online->features.end(), feature::read_markers) == 1);

  const line first = hears(*desk, *romeo, room, "first");
  REQUIRE(desk->done(mark_read_command{room, first.id, first.at}).ok);
  REQUIRE(phone->wait<read_marker_event>(marks(room, first)));
  REQUIRE(desk->done(ping_command{}).ok);
  CHECK(desk->count<read_marker_event>(marks(room, first)) == 0);  // it is its own word

  // Of many in a row the last one wins, at the latest when the visitor goes.
  line last;
  for (const char* text : {"second", "third", "fourth"}) {
    last = hears(*phone, *romeo, room, text);
    REQUIRE(phone->done(mark_read_command{room, last.id, last.at}).ok);
  }
  phone->end("to bed");
  REQUIRE(desk->wait<read_marker_event>(marks(room, last)));

  auto tablet = on.member("juliet", "capulet", {room});
  enter(*tablet, room);
  REQUIRE(tablet->wait<read_marker_event>(marks(room, last)));
  CHECK(tablet->count<read_marker_event>([](const auto&) { return true; }) == 1);
  std::size_t described = 0;
  for (const event_ptr& one : tablet->describe())
    if (const auto* marker = std::get_if<read_marker_event>(&one->value()))
      described += marks(room, last)(*marker);
  CHECK(described == 1);

  // Of nobody else.
  CHECK(romeo->count<read_marker_event>([](const auto&) { return true; }) == 0);
}

TEST_CASE("a guest and a message without a number of its room leave no mark", "[xmpp_live]") {
  const xmpp_server server = xmpp_server::prosody();
  const std::string room = server.room("balcony");
  stage on(server.settings());
  auto guest = on.guest("nurse", {room});
  enter(*guest, room);
  const auto online = guest->wait<online_event>();
  REQUIRE(online);
  CHECK(std::count(online->features.begin(), online->features.end(), feature::read_markers) == 0);
  CHECK(guest->done(mark_read_command{room, "x", 1}).why.code == failure_code::not_supported);
  auto desk = on.member("juliet", "capulet", {room});
  enter(*desk, room);
  CHECK(desk->done(mark_read_command{room, "", 1}).why.code == failure_code::not_supported);
  CHECK(desk->done(mark_read_command{"romeo@chat.test", "x", 1}).why.code ==
        failure_code::not_supported);
}
