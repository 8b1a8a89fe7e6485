// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message stanzas as events, and errors as sentences.
#include "bridges/xmpp/decode.hpp"

#include <catch2/catch.hpp>

#include "bridges/xmpp/conditions.hpp"
#include "bridges/xmpp/xml.hpp"

using namespace halley;
using namespace halley::xmpp;
using kind = decoded_message::kind;

namespace {

struct decoder {
  room_table room{"r@m"};
  decoded_message message;
  std::string archive_id;

  decoded_message& read(const std::string& inside, const std::string& from = "bob") {
    pugi::xml_document document;
    const std::string text = "<message type='groupchat' id='m1' from='r@m" +
                             (from.empty() ? "" : "/" + from) + "'>" + inside + "</message>";
    REQUIRE(document.load_string(text.c_str(), parse_options));
    message_origin origin;
    origin.where = {"r@m", true};
    origin.from = from;
    origin.now = 5000;
    origin.room = &room;
    origin.archive_id = archive_id;
    message = decode_message(document.document_element(), origin);
    return message;
  }
  template <class Event>
  const Event& as() {
    REQUIRE(message.told);
    REQUIRE(std::holds_alternative<Event>(*message.told));
    return std::get<Event>(*message.told);
  }
};

}  // namespace

TEST_CASE("a message of a room", "[decode]") {
  decoder d;
  d.room.has_stanza_ids = true;
  CHECK(d.read("<body>hi *you*</body><stanza-id xmlns='urn:xmpp:sid:0' by='r@m' id='s1'/>"
               "<stanza-id xmlns='urn:xmpp:sid:0' by='other@m' id='s2'/>"
               "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>")
            .what == kind::live);
  const said_event& said = d.as<said_event>();
  CHECK(said.id == "s1");
  CHECK(said.origin_id == "o1");
  CHECK(said.at == 5000);
  CHECK(said.from == "bob");
  CHECK(said.body.spans.size() == 1);
  CHECK(d.room.archived_id("m1") == "s1");
}

TEST_CASE("an id somebody made up is not the room's", "[decode]") {
  decoder d;
  d.read("<body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='r@m' id='forged'/>");
  CHECK(d.as<said_event>().id == "m1");
}

TEST_CASE("history, topics, actions, replies and text without styles", "[decode]") {
  decoder d;
  CHECK(
      d.read("<body>old</body><delay xmlns='urn:xmpp:delay' stamp='2026-11-21T00:00:00Z'/>").what ==
      kind::delayed);
  CHECK(d.as<said_event>().at == 1795219200000);
  CHECK(d.read("<subject>*topic*</subject>").what == kind::topic);
  CHECK(d.as<topic_event>().topic.text == "*topic*");
  CHECK(d.as<topic_event>().topic.spans.empty());
  CHECK(d.read("<subject/>", "").what == kind::topic);
  CHECK(d.as<topic_event>().at == 0);
  CHECK(d.read("<subject>a</subject><body>b</body>").what == kind::live);
  d.read("<body>/me waves</body>");
  CHECK(d.as<said_event>().kind == said_kind::action);
  CHECK(d.as<said_event>().body.text == "waves");
  d.read("<body>*x*</body><unstyled xmlns='urn:xmpp:styling:0'/>");
  CHECK(d.as<said_event>().body.spans.empty());
  d.read(
      "<body>&gt; quoted\nyes</body><reply xmlns='urn:xmpp:reply:0' id='s1'/>"
      "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='9'/>"
      "</fallback>");
  CHECK(d.as<said_event>().reply_to == "s1");
  CHECK(d.as<said_event>().body.text == "yes");
}

TEST_CASE("data is a payload without a body, and only as long as it is live", "[decode]") {
  decoder d;
  const std::string payload =
      "<payload xmlns='urn:xmpp:json-msg:0' datatype='sketch'>"
      "<json xmlns='urn:xmpp:json:0'>{\"a\": [1, \"&lt;\"]}</json></payload>";
  CHECK(d.read(payload).what == kind::live);
  CHECK(d.as<data_event>().type == "sketch");
  CHECK(d.as<data_event>().value == R"({"a": [1, "<"]})");
  CHECK(d.as<data_event>().from == "bob");
  CHECK(d.as<data_event>().at != 0);
  d.read(payload + "<body>for people</body>");
  CHECK(d.as<said_event>().body.text == "for people");
  CHECK(d.read(payload + "<delay xmlns='urn:xmpp:delay' stamp='2026-11-21T00:00:00Z'/>").what ==
        kind::nothing);
  d.archive_id = "a1";  // some archive kept it all the same
  CHECK(d.read(payload).what == kind::nothing);
  CHECK(d.read(payload + "<body>for people</body>").what == kind::live);
  d.archive_id.clear();
  CHECK(d.read("<payload xmlns='urn:xmpp:json-msg:0'><json xmlns='urn:xmpp:json:0'>1</json>"
               "</payload>").what == kind::nothing);
  CHECK(d.read("<payload xmlns='urn:xmpp:json-msg:0' datatype='x'><json>1</json></payload>").what ==
        kind::nothing);
}

TEST_CASE("corrections, retractions, reactions and typing", "[decode]") {
  decoder d;
  d.room.remember_message("m0", "s0", "bob");
  d.read("<body>new</body><replace xmlns='urn:xmpp:message-correct:0' id='m0'/>");
  CHECK(d.as<edited_event>().id == "s0");
  d.read("<body>evil</body><replace xmlns='urn:xmpp:message-correct:0' id='m0'/>", "mallory");
  CHECK_FALSE(d.message.told);
  d.read("<retract xmlns='urn:xmpp:message-retract:1' id='s0'/><body>fallback</body>");
  CHECK(d.as<retracted_event>().id == "s0");
  d.read(
      "<apply-to xmlns='urn:xmpp:fasten:0' id='s0'>"
      "<retract xmlns='urn:xmpp:message-retract:0'/></apply-to>");
  CHECK(d.as<retracted_event>().id == "s0");
  // Somebody else, pretending to be a moderator: only the room itself may say so.
  d.read(
      "<retract xmlns='urn:xmpp:message-retract:1' id='s0'>"
      "<moderated xmlns='urn:xmpp:message-moderate:1' by='r@m/op'/></retract>",
      "mallory");
  CHECK_FALSE(d.message.told);
  d.read(
      "<retract xmlns='urn:xmpp:message-retract:1' id='s0'><reason>spam</reason>"
      "<moderated xmlns='urn:xmpp:message-moderate:1' by='r@m/op'/></retract>",
      "");
  CHECK(d.as<retracted_event>().from == "op");
  CHECK(d.as<retracted_event>().text == "spam");
  d.read(
      "<reactions xmlns='urn:xmpp:reactions:0' id='s0'><reaction>+</reaction><reaction/>"
      "<reaction>-</reaction></reactions>");
  CHECK(d.as<reacted_event>().reactions == std::vector<std::string>{"+", "-"});
  CHECK(d.as<reacted_event>().complete);
  d.read("<composing xmlns='http://jabber.org/protocol/chatstates'/>");
  CHECK(d.as<typing_event>().state == typing_state::active);
  d.read("<gone xmlns='http://jabber.org/protocol/chatstates'/>");
  CHECK(d.as<typing_event>().state == typing_state::done);
  CHECK(d.read("<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>").what == kind::nothing);
}

TEST_CASE("a condition becomes what it means for what was asked", "[conditions]") {
  struct row {
    const char* condition;
    asked what;
    failure_code code;
  };
  const row table[] = {
      {"conflict", asked::join, failure_code::nick_in_use},
      {"conflict", asked::moderate, failure_code::refused},
      {"registration-required", asked::join, failure_code::invite_only},
      {"forbidden", asked::join, failure_code::banned},
      {"forbidden", asked::speak, failure_code::cannot_speak},
      {"forbidden", asked::topic, failure_code::no_privilege},
      {"forbidden", asked::moderate, failure_code::no_privilege},
      {"not-authorized", asked::join, failure_code::room_key},
      {"service-unavailable", asked::join, failure_code::room_full},
      {"service-unavailable", asked::speak, failure_code::no_such_nick},
      {"service-unavailable", asked::query, failure_code::not_supported},
      {"remote-server-not-found", asked::join, failure_code::no_such_room},
      {"something-new", asked::join, failure_code::refused},
  };
  for (const row& r : table) {
    INFO(r.condition);
    const failure why = stanza_failure(r.condition, "", r.what);
    CHECK(why.code == r.code);
    CHECK(why.text.size() > 10);
    CHECK(why.text.back() == '.');
  }
  CHECK(stanza_failure("forbidden", "no\nguests", asked::join).text ==
        "You are banned from this room. (The server says: no guests)");
}
