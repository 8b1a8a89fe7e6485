// SPDX-License-Identifier: GPL-3.0-or-later
//
// The published vectors, which other implementations read too, and the rules behind them.
#include "gateway/dialects/bayeux_names.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

using namespace halley;
using nlohmann::json;

namespace {

const json& vectors() {
  static const json read = [] {
    std::ifstream file(std::string(HALLEY_SOURCE_DIR) + "/tests/support/bayeux_names.json");
    return json::parse(file);
  }();
  return read;
}

network make(network_kind kind) {
  network out;
  out.kind = kind;
  if (kind == network_kind::xmpp) out.muc_service = vectors()["xmpp"]["muc_service"];
  return out;
}

// Names differ, and their channels do, but for letters that every network takes for the same.
void check(const json& table, bool is_room, const network& of) {
  for (const auto& [name, segment] : table.items()) {
    CAPTURE(name);
    CHECK(escape_name(name, is_room, of) == segment);
    const auto back = unescape_name(segment.get<std::string>(), is_room, of);
    REQUIRE(back.has_value());
    CHECK(escape_name(*back, is_room, of) == segment);
    CHECK(segment.get<std::string>().size() <= 3 * name.size());
    CHECK(is_channel("/chat/irc/" + segment.get<std::string>()));
  }
}

}  // namespace

TEST_CASE("names in channels: the published vectors", "[bayeux]") {
  for (const bool is_room : {true, false}) {
    const char* table = is_room ? "rooms" : "people";
    check(vectors()["irc"][table], is_room, make(network_kind::irc));
    check(vectors()["xmpp"][table], is_room, make(network_kind::xmpp));
  }
}

TEST_CASE("names in channels: every name has one spelling", "[bayeux]") {
  for (const auto& one : vectors()["refused"]) {
    CAPTURE(one.get<std::string>());
    CHECK_FALSE(unescape_name(one.get<std::string>(), true, make(network_kind::irc)));
  }
  std::string instead;
  CHECK_FALSE(unescape_name("~23x", true, make(network_kind::irc), &instead));
  CHECK(instead == "x");
}

TEST_CASE("names in channels: no two rooms share one", "[bayeux]") {
  const network irc = make(network_kind::irc);
  std::map<std::string, std::string> seen;
  const std::string letters = "#&+!~a2.";
  std::vector<std::string> names{"#", "&", "+", "!"};
  for (std::size_t begin = 0, length = 1; length < 5; ++length) {
    const std::size_t end = names.size();
    for (; begin < end; ++begin)
      for (const char c : letters) names.push_back(names[begin] + c);
  }
  for (const std::string& name : names) {
    const auto [at, fresh] = seen.emplace(escape_name(name, true, irc), name);
    INFO(name << " and " << at->second);
    REQUIRE(fresh);
    REQUIRE(unescape_name(at->first, true, irc) == name);
  }
}

TEST_CASE("channels: patterns and what they match", "[bayeux]") {
  CHECK(matches("/chat/irc/*", "/chat/irc/halley"));
  CHECK_FALSE(matches("/chat/irc/*", "/chat/irc"));
  CHECK_FALSE(matches("/chat/*", "/chat/irc/halley"));
  CHECK(matches("/chat/**", "/chat/irc/halley"));
  CHECK(matches("/**", "/net/irc"));
  CHECK_FALSE(matches("/chat/irc/hall", "/chat/irc/halley"));
  for (const char* bad : {"", "/", "chat", "//a", "/a/", "/a//b", "/a b", "/a\"", "/*/a", "/a/***"})
    CHECK_FALSE(is_channel(bad));
  CHECK_FALSE(is_channel("/" + std::string(3000, 'a')));
  CHECK_FALSE(is_channel("/a/a/a/a/a/a/a/a/a/a"));
  CHECK_FALSE(parse_address("/chat/irc").has_value());
  CHECK_FALSE(parse_address("/chat/irc/a/b").has_value());
  CHECK_FALSE(parse_address("/net/irc/x").has_value());
  CHECK_FALSE(parse_address("/meta/connect").has_value());
  CHECK(parse_address("/net/irc").has_value());
}
