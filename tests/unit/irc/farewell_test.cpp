// SPDX-License-Identifier: GPL-3.0-or-later
//
// What servers say when they close a connection, in their own words, and what follows from it.
#include "bridges/irc/farewell.hpp"

#include <catch2/catch.hpp>

using namespace halley;
using namespace halley::irc;

namespace {

struct wording {
  const char* text;
  fate what;
  failure_code code;
};

const wording known[] = {
    // ngIRCd 26
    {"K-Line by \"root\": \"go away\"", fate::never, failure_code::banned},
    {"Access denied: \"go away\" (K-Line)", fate::never, failure_code::banned},
    {"Access denied: \"spam\" (G-Line)", fate::never, failure_code::banned},
    {"Access denied: Bad password?", fate::never, failure_code::not_allowed},
    {"Connection refused, too many connections from your IP address", fate::slow_down,
     failure_code::too_many},
    {"KILLed by root: bye", fate::slow_down, failure_code::refused},
    {"Server going down", fate::come_back, failure_code::lost},
    {"Ping timeout: 120 seconds", fate::come_back, failure_code::lost},
    // InspIRCd 3
    {"Closing link: (web@192.0.2.1) [Z-lined: spam]", fate::never, failure_code::banned},
    {"Closing link: (web@192.0.2.1) [G-lined: go away]", fate::never, failure_code::banned},
    {"Closing link: (web@192.0.2.1) [K-Lined: go away]", fate::never, failure_code::banned},
    {"Closing link: (web@192.0.2.1) [Unauthorised connection]", fate::never,
     failure_code::not_allowed},
    {"Closing link: (unknown@192.0.2.1) [Z-lined: Your IP range has been attempting to connect too "
     "many times in too short a duration. Wait a while, and you will be able to connect.]",
     fate::slow_down, failure_code::too_fast},
    {"Closing link: (web@192.0.2.1) [No more connections allowed from your host via this connect "
     "class (local)]",
     fate::slow_down, failure_code::too_many},
    {"Closing link: (web@192.0.2.1) [RecvQ exceeded]", fate::slow_down, failure_code::too_fast},
    {"Closing link: (web@192.0.2.1) [Killed (root (bye))]", fate::slow_down, failure_code::refused},
    {"Closing link: (web@192.0.2.1) [Registration timeout]", fate::come_back, failure_code::lost},
    // Solanum, ratbox, hybrid
    {"Closing Link: 192.0.2.1 (K-Lined)", fate::never, failure_code::banned},
    {"Closing Link: 192.0.2.1 (*** Banned )", fate::never, failure_code::banned},
    {"Closing Link: 192.0.2.1 (D-lined)", fate::never, failure_code::banned},
    {"Closing Link: 192.0.2.1 (Trying to reconnect too fast.)", fate::slow_down,
     failure_code::too_fast},
    {"Closing Link: 192.0.2.1 (Too many host connections (local))", fate::slow_down,
     failure_code::too_many},
    {"Closing Link: 192.0.2.1 (Sorry, server is full - try later)", fate::slow_down,
     failure_code::too_many},
    {"Closing Link: 192.0.2.1 (Excess Flood)", fate::slow_down, failure_code::too_fast},
    {"Closing Link: 192.0.2.1 (Bad Password)", fate::never, failure_code::bad_password},
    // UnrealIRCd
    {"Closing Link: [192.0.2.1] (You are not welcome on this network. Z-Line: spam)", fate::never,
     failure_code::banned},
    {"Closing Link: al[192.0.2.1] (User has been permanently banned from ExampleNet (no))",
     fate::never, failure_code::banned},
    {"Closing Link: [192.0.2.1] (Throttled: Reconnecting too fast - Email a@b.c for more "
     "information.)",
     fate::slow_down, failure_code::too_fast},
    {"Closing Link: [192.0.2.1] (Too many unknown connections from your IP)", fate::slow_down,
     failure_code::too_many},
    // ircu
    {"Closing Link: al by irc.test (G-lined (AUTO [1] spam))", fate::never, failure_code::banned},
    {"Your host is trying to (re)connect too fast -- throttled", fate::slow_down,
     failure_code::too_fast},
    // Ergo
    {"You are banned from this server: You have been KLINEd", fate::never, failure_code::banned},
    // services
    {"Closing Link: 192.0.2.1 (Killed (OperServ (Session limit exceeded)))", fate::slow_down,
     failure_code::refused},
    {"Closing Link: 192.0.2.1 (AKILL: [AKILL ID:1] spam)", fate::never, failure_code::banned},
    // Names are chosen by people, and so are hosts.
    {"Closing link: (banned@flood.example.org) [Ping timeout: 120 seconds]", fate::come_back,
     failure_code::lost},
    {"Closing Link: akill[throttle.example.org] (Ping timeout)", fate::come_back,
     failure_code::lost},
    {"", fate::come_back, failure_code::lost}};

}  // namespace

TEST_CASE("each server's words for a ban, a pause and a mere loss are told apart", "[irc]") {
  for (const wording& one : known) {
    CAPTURE(one.text);
    const farewell read = read_farewell(one.text);
    CHECK(read.what == one.what);
    CHECK(read.why.code == one.code);
    CHECK_FALSE(read.why.text.empty());
  }
}

TEST_CASE("the reason is told without what stands around it", "[irc]") {
  CHECK(reason_in_error("Closing link: (u@h) [Ping timeout: 120 seconds]") ==
        "Ping timeout: 120 seconds");
  CHECK(reason_in_error("Closing Link: bob[h] (Quit: bye)") == "Quit: bye");
  CHECK(reason_in_error("Closing Link: 192.0.2.1 (Too many host connections (local))") ==
        "Too many host connections (local)");
  CHECK(reason_in_error("Server going down") == "Server going down");
  CHECK(reason_in_error("").empty());
  CHECK(read_farewell("Closing link: (u@h) [Z-lined: spam]").why.text ==
        "You are banned from this network: Z-lined: spam");
}
