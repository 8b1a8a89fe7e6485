// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/mask.hpp"

#include <catch2/catch.hpp>

using namespace halley::irc;

TEST_CASE("what stands for a part of a mask is completed as servers do it", "[irc]") {
  CHECK(whole_mask("bob") == "bob!*@*");
  CHECK(whole_mask("bob!b") == "bob!b@*");
  CHECK(whole_mask("b@host") == "*!b@host");
  CHECK(whole_mask("*.example.net") == "*!*@*.example.net");
  CHECK(whole_mask("2001:db8::*") == "*!*@2001:db8::*");
  CHECK(whole_mask("a!b@c") == "a!b@c");
}

TEST_CASE("who fits a mask", "[irc]") {
  const isupport names;
  const auto fits = [&](const char* mask) { return fits_mask(mask, "Bob[1]!bo@a.example.net", names); };
  for (const char* mask : {"bob{1}!*@*", "*!*@*.example.net", "*!b?@*", "*", "b*b*!*@a*net", "BOB*!*",
                           "*!*@a.example.net", "*o*o*e*e*"}) {
    CAPTURE(mask);
    CHECK(fits(mask));
  }
  for (const char* mask : {"bob!*@*", "*!*@example.net", "*!b??@*", "", "*!*@*.example.ne",
                           "*!*@*.example.net?"}) {
    CAPTURE(mask);
    CHECK_FALSE(fits(mask));
  }
  // Many stars cost no more than the product of the lengths.
  std::string mask, text(2000, 'a');
  for (int i = 0; i < 500; ++i) mask += "*a";
  CHECK_FALSE(fits_mask(mask + "b", text, names));
}

TEST_CASE("bans of another kind are no masks of people", "[irc]") {
  for (const char* ban : {"R:zoe", "$a:zoe", "~account:zoe", "m:*!*@host", "$r:name"}) {
    CAPTURE(ban);
    CHECK(is_extended_ban(ban));
  }
  for (const char* mask : {"bob", "*!*@host", "2001:db8::1", "*!*@2001:db8::*", "bob!b@fe80:1"}) {
    CAPTURE(mask);
    CHECK_FALSE(is_extended_ban(mask));
  }
}
