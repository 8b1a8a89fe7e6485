// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the sessions of a shard share of a room: each change is applied once and told to all.
#include "bridges/xmpp/room_table.hpp"

#include <catch2/catch.hpp>

#include "bridges/xmpp/xml.hpp"

using namespace halley;
using namespace halley::xmpp;

namespace {

room_presence read(const std::string& text) {
  pugi::xml_document document;
  REQUIRE(document.load_string(text.c_str(), parse_options));
  return read_room_presence(document.document_element());
}

// A presence of `nick`; `inside` goes into the muc#user element.
room_presence of(const std::string& nick, const std::string& inside = "",
                 const std::string& attributes = "", const std::string& more = "") {
  return read("<presence from='r@m/" + nick + "' " + attributes + ">" + more +
              "<x xmlns='http://jabber.org/protocol/muc#user'>" +
              (inside.empty() ? "<item affiliation='none' role='participant'/>" : inside) +
              "</x></presence>");
}
const char* const gone = "type='unavailable'";

struct reader {
  room_table& table;
  room_table::position seen = {};
  event_ptr take(const room_presence& change) { return table.take(change, seen, 1000, 0); }
};

template <class Event>
const Event& as(const event_ptr& what) {
  REQUIRE(what);
  REQUIRE(std::holds_alternative<Event>(what->value()));
  return std::get<Event>(what->value());
}

}  // namespace

TEST_CASE("presence is read as XEP-0045 writes it", "[room_presence]") {
  const room_presence owner = of("o",
                                 "<item affiliation='owner' role='moderator' jid='a@b/c'/>"
                                 "<status code='110'/><status code='201'/>");
  CHECK(owner.roles.has(role::owner));
  CHECK(owner.roles.has(role::op));
  CHECK(owner.self);
  CHECK(owner.created);
  CHECK(owner.jid == "a@b");
  CHECK(of("v", "<item affiliation='none' role='visitor'/>").roles == role_set(role::visitor));
  CHECK(of("p").roles.empty());
  CHECK(of("p", "", "", "<show>dnd</show><status>busy</status>").away);
  const room_presence kick = of("k",
                                "<item role='none'><actor nick='o'/><reason>out</reason></item>"
                                "<status code='307'/>",
                                gone);
  CHECK(kick.kicked);
  CHECK(kick.actor == "o");
  CHECK(kick.reason == "out");
  CHECK_FALSE(of("k", "<item role='none'/><status code='307'/><status code='333'/>", gone).kicked);
  const room_presence end =
      of("o", "<item/><destroy jid='n@m'><reason>moved</reason></destroy>", gone);
  CHECK(end.destroyed);
  CHECK(end.moved_to == "n@m");
  CHECK(end.reason == "moved");
}

TEST_CASE("copies of one change have one key, whatever a moderator sees in them",
          "[room_presence]") {
  CHECK(of("a").key() ==
        of("a", "<item affiliation='none' role='participant' jid='x@y/z'/>").key());
  CHECK(of("a").key() == of("a",
                            "<item affiliation='none' role='participant'/>"
                            "<status code='110'/><status code='201'/>")
                             .key());
  CHECK(of("a").key() != of("b").key());
  CHECK(of("a").key() != of("a", "", gone).key());
  CHECK(of("a").key() != of("a", "", "", "<show>away</show>").key());
  CHECK(of("a").key() != of("a", "<item affiliation='none' role='visitor'/>").key());
}

TEST_CASE("the first to see a change applies it, the others find the same event", "[room_table]") {
  room_table table("r@m");
  reader one{table};
  reader two{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  two.seen = table.enter({of("one")}, of("two"), 0, 0);
  const event_ptr told = one.take(of("two"));  // one's own copy of two's coming
  CHECK(as<joined_event>(told).from == "two");

  const event_ptr bob = two.take(of("bob"));
  CHECK(as<joined_event>(bob).from == "bob");
  CHECK(one.take(of("bob", "<item affiliation='none' role='participant' jid='b@c/d'/>")) == bob);
  CHECK(table.size() == 3);

  // The same change again is a new one.
  const event_ptr left = one.take(of("bob", "", gone));
  CHECK(as<left_event>(left).from == "bob");
  CHECK(one.take(of("bob")) != bob);
  CHECK(two.take(of("bob", "", gone)) == left);
  CHECK(as<joined_event>(two.take(of("bob"))).from == "bob");
  CHECK(table.size() == 3);
}

TEST_CASE("somebody coming in whom others have seen before he knows it himself", "[room_table]") {
  room_table table("r@m");
  reader one{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  (void)one.take(of("two"));
  (void)one.take(of("bob"));  // after two, so two will get it as well
  reader two{table};
  two.seen = table.enter({of("one")},
                         of("two",
                            "<item affiliation='none' role='participant'/>"
                            "<status code='110'/>"),
                         0, 0);
  CHECK(as<joined_event>(two.take(of("bob"))).from == "bob");
  CHECK(table.size() == 3);
}

TEST_CASE("somebody who comes back is known at once, whoever sees it first", "[room_table]") {
  room_table table("r@m");
  reader one{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  CHECK(as<joined_event>(one.take(of("two"))).from == "two");
  CHECK(as<left_event>(one.take(of("two", "", gone))).from == "two");
  (void)table.enter({of("one")}, of("two"), 0, 0);
  CHECK(table.knows("two"));
  CHECK(as<joined_event>(one.take(of("two"))).from == "two");
  CHECK(table.size() == 2);
}

TEST_CASE("whose own connection is ahead hides nobody who came before him", "[room_table]") {
  room_table table("r@m");
  reader one{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  // The room saw two, three and four come in this order; four reads first, then two, then three.
  reader four{table};
  four.seen = table.enter({of("three"), of("one"), of("two")}, of("four"), 0, 0);
  CHECK(table.size() == 4);
  reader two{table};
  two.seen = table.enter({of("one")}, of("two"), 0, 0);
  reader three{table};
  three.seen = table.enter({of("two"), of("one")}, of("three"), 0, 0);
  CHECK(table.size() == 4);
  for (const char* nick : {"two", "three", "four"})
    CHECK(as<joined_event>(one.take(of(nick))).from == nick);
  for (const char* nick : {"three", "four"})
    CHECK(as<joined_event>(two.take(of(nick))).from == nick);
  CHECK(as<joined_event>(three.take(of("four"))).from == "four");
  // Everybody is at the end: what comes now is told to all, and applied once.
  const event_ptr left = four.take(of("two", "", gone));
  CHECK(as<left_event>(left).from == "two");
  CHECK(one.take(of("two", "", gone)) == left);
  CHECK(three.take(of("two", "", gone)) == left);
  CHECK(table.size() == 3);
}

TEST_CASE("who came first and reads last is told of all who came after him", "[room_table]") {
  room_table table("r@m");
  // The room saw one, two and three come; three reads first, and fills the table.
  reader three{table};
  three.seen = table.enter({of("one"), of("two")}, of("three"), 0, 0);
  reader one{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  CHECK(as<joined_event>(one.take(of("two"))).from == "two");
  CHECK(as<joined_event>(one.take(of("three"))).from == "three");
  // What one was told is no news for three, and what comes now is news for both.
  const event_ptr four = three.take(of("four"));
  CHECK(as<joined_event>(four).from == "four");
  CHECK(one.take(of("four")) == four);
  const event_ptr left = three.take(of("two", "", gone));
  CHECK(as<left_event>(left).from == "two");
  CHECK(one.take(of("two", "", gone)) == left);
  CHECK(table.size() == 3);
}

TEST_CASE("as many have left as have come since: both are told to who came first and reads last",
          "[room_table]") {
  room_table table("r@m");
  // The room saw one come, bob leave and two come; two reads first, and fills the table.
  reader two{table};
  two.seen = table.enter({of("one")}, of("two"), 0, 0);
  reader one{table};
  one.seen = table.enter({of("bob")}, of("one"), 0, 0);
  CHECK(as<left_event>(one.take(of("bob", "", gone))).from == "bob");
  CHECK(as<joined_event>(one.take(of("two"))).from == "two");
  CHECK(table.size() == 2);
}

TEST_CASE("who reads another's coming late is told of it, however much came in between",
          "[room_table]") {
  room_table table("r@m");
  reader one{table};
  reader two{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  two.seen = table.enter({of("one")}, of("two"), 0, 0);
  (void)one.take(of("two"));
  const event_ptr ann = one.take(of("ann"));
  const event_ptr bob = one.take(of("bob"));
  const event_ptr away = one.take(of("ann", "", "", "<show>away</show>"));
  CHECK(two.take(of("bob")) == bob);
  CHECK(two.take(of("ann")) == ann);
  CHECK(two.take(of("ann", "", "", "<show>away</show>")) == away);
  // Seen once is seen: the same again is a new change.
  CHECK_FALSE(two.take(of("bob")));
}

TEST_CASE("who has left before somebody came in, as he sees it, leaves once more for him",
          "[room_table]") {
  room_table table("r@m");
  reader one{table};
  one.seen = table.enter({of("bob")}, of("one"), 0, 0);
  (void)one.take(of("two"));
  const event_ptr left = one.take(of("bob", "", gone));
  reader two{table};
  two.seen = table.enter({of("one"), of("bob")}, of("two"), 0, 0);
  CHECK(two.take(of("bob", "", gone)) == left);
  CHECK(table.size() == 2);
}

TEST_CASE("what changes and what does not", "[room_table]") {
  room_table table("r@m");
  reader one{table};
  one.seen = table.enter({of("bob")}, of("one"), 0, 0);
  const presence_event away =
      as<presence_event>(one.take(of("bob", "", "", "<show>away</show><status>lunch</status>")));
  CHECK(away.away == 1);
  CHECK(away.text == "lunch");
  CHECK_FALSE(away.has_roles);
  CHECK(as<presence_event>(one.take(of("bob"))).away == 0);
  CHECK_FALSE(one.take(of("bob")));  // nothing new in it
  const presence_event op =
      as<presence_event>(one.take(of("bob", "<item affiliation='admin' role='moderator'/>")));
  CHECK(op.has_roles);
  CHECK(op.roles.has(role::admin));
  const nick_event renamed =
      as<nick_event>(one.take(of("bob",
                                 "<item nick='rob' affiliation='admin' role='moderator'/>"
                                 "<status code='303'/>",
                                 gone)));
  CHECK(renamed.to == "rob");
  CHECK_FALSE(one.take(of("rob", "<item affiliation='admin' role='moderator'/>")));
  CHECK(table.knows("rob"));
  CHECK_FALSE(table.knows("bob"));
  const kicked_event banned = as<kicked_event>(
      one.take(of("rob", "<item affiliation='outcast' role='none'/><status code='301'/>", gone)));
  CHECK(banned.ban);
  CHECK_FALSE(one.take(of("rob", "", gone)));  // unknown by now
}

TEST_CASE("addresses are shown only where the room shows them to everybody", "[room_table]") {
  const char* with_jid = "<item affiliation='none' role='participant' jid='b@c/d'/>";
  room_table hidden("r@m");
  reader one{hidden};
  one.seen = hidden.enter({}, of("one"), 0, 0);
  CHECK(as<joined_event>(one.take(of("bob", with_jid))).account.empty());
  CHECK(hidden.find("bob")->account.empty());
  room_table open("s@m");
  reader two{open};
  two.seen = open.enter({}, of("one", "<item/><status code='100'/>"), 0, 0);
  CHECK(as<joined_event>(two.take(of("bob", with_jid))).account == "b@c");
}

TEST_CASE("a room nobody is in any more forgets its people", "[room_table]") {
  room_table table("r@m");
  (void)table.enter({of("bob")}, of("one"), 0, 0);
  table.leave();
  CHECK(table.size() == 0);
  (void)table.enter({of("carl")}, of("one"), 0, 0);
  CHECK(table.knows("carl"));
  CHECK_FALSE(table.knows("bob"));
}

TEST_CASE("a large room is described in parts", "[room_table]") {
  room_table table("r@m");
  std::vector<room_presence> many;
  for (int i = 0; i < 1200; ++i) many.push_back(of("p" + std::to_string(i)));
  (void)table.enter(many, of("one"), 0, 0);
  const auto parts = table.describe("one");
  REQUIRE(parts.size() == 3);
  std::size_t count = 0;
  std::size_t selves = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& part = as<members_event>(parts[i]);
    CHECK(part.first == (i == 0));
    CHECK(part.last == (i == 2));
    count += part.members.size();
    for (const member& one : part.members) selves += one.self ? 1 : 0;
  }
  CHECK(count == 1201);
  CHECK(selves == 1);
}

TEST_CASE("a thousand joins read ahead by one session are found by another", "[room_table]") {
  room_table table("r@m");
  reader one{table};
  reader two{table};
  one.seen = table.enter({}, of("one"), 0, 0);
  two.seen = table.enter({of("one")}, of("two"), 0, 0);
  (void)one.take(of("two"));
  std::vector<event_ptr> first;
  for (int i = 0; i < 1000; ++i) first.push_back(one.take(of("p" + std::to_string(i))));
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(two.take(of("p" + std::to_string(i))) == first[static_cast<std::size_t>(i)]);
  }
}

TEST_CASE("only the author of a remembered message may change it", "[room_table]") {
  room_table table("r@m");
  table.remember_message("own1", "arch1", "bob");
  CHECK(table.archived_id("own1") == "arch1");
  CHECK(table.own_id("arch1") == "own1");
  CHECK(table.archived_id("other") == "other");
  CHECK(table.may_change("arch1", "bob"));
  CHECK(table.may_change("own1", "bob"));
  CHECK_FALSE(table.may_change("own1", "mallory"));
  CHECK(table.may_change("unknown", "mallory"));
  for (int i = 0; i < 64; ++i) table.remember_message("x" + std::to_string(i), "", "carl");
  CHECK(table.archived_id("own1") == "own1");
}
