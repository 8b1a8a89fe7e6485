// SPDX-License-Identifier: GPL-3.0-or-later
//
// A room's form as settings, and back.
#include "bridges/xmpp/room_form.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "bridges/xmpp/xml.hpp"

using namespace halley;
using namespace halley::xmpp;

namespace {

struct form {
  explicit form(const std::string& fields) {
    const std::string text = "<x xmlns='jabber:x:data' type='form'>" + fields + "</x>";
    REQUIRE(document.load_string(text.c_str(), parse_options));
  }
  pugi::xml_node node() const { return document.document_element(); }
  std::string filled(const std::vector<setting_change>& changes) const {
    xml_writer out;
    write_room_form(out, node(), changes);
    std::string text = out.finish();
    std::replace(text.begin(), text.end(), '"', '\'');
    return text;
  }
  pugi::xml_document document;
};

std::string field(const std::string& var, const std::string& type, const std::string& value,
                  const std::string& more = "") {
  return "<field var='" + var + "' type='" + type + "' label='L'><value>" + value + "</value>" + more +
         "</field>";
}

const std::string protects = "muc#roomconfig_passwordprotectedroom";
const std::string secret = "muc#roomconfig_roomsecret";

}  // namespace

TEST_CASE("known fields go by the names all networks share, others by their own", "[form]") {
  const form f(field("FORM_TYPE", "hidden", "x") + "<field type='fixed'><value>About</value></field>" +
               field("muc#roomconfig_publicroom", "boolean", "1") +
               field("muc#roomconfig_moderatedroom", "boolean", "true") +
               field("muc#roomconfig_maxusers", "list-single", "5",
                     "<option label='five'><value>5</value></option><option><value>9</value></option>") +
               field("own#length", "text-single", "7",
                     "<validate xmlns='http://jabber.org/protocol/xdata-validate' "
                     "datatype='xs:integer'/>") +
               field("own#people", "jid-multi", "a@b", "<value>c@d</value>"));
  const std::vector<room_setting> all = read_room_form(f.node());
  REQUIRE(all.size() == 5);
  CHECK(all[0].name == "hidden");
  CHECK(all[0].values == std::vector<std::string>{"0"});
  CHECK(all[1].name == "moderated");
  CHECK(all[1].values == std::vector<std::string>{"1"});
  CHECK(all[2].name == "max_people");
  CHECK(all[2].type == setting_type::choice);
  REQUIRE(all[2].options.size() == 2);
  CHECK(all[2].options[0].label == "five");
  CHECK(all[3].name == "own#length");
  CHECK(all[3].label == "L");
  CHECK(all[3].type == setting_type::number);
  CHECK(all[4].type == setting_type::lines);
  CHECK(all[4].values == std::vector<std::string>{"a@b", "c@d"});
}

TEST_CASE("what is not changed goes back as it came, hidden fields too", "[form]") {
  const form f(field("FORM_TYPE", "hidden", "x") + field("own#hidden", "hidden", "keep & me") +
               field("muc#roomconfig_publicroom", "boolean", "1") +
               field("own#people", "jid-multi", "a@b", "<value>c@d</value>"));
  const std::string head = "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>x"
                           "</value></field><field var='own#hidden'><value>keep &amp; me</value></field>";
  const std::string people = "<field var='own#people'><value>a@b</value><value>c@d</value></field></x>";
  const std::string room = "<field var='muc#roomconfig_publicroom'><value>";
  CHECK(f.filled({}) == head + room + "1</value></field>" + people);
  CHECK(f.filled({{"hidden", {"1"}}}) == head + room + "0</value></field>" + people);
  CHECK(f.filled({{"own#people", {"e@f"}}}) ==
        head + room + "1</value></field><field var='own#people'><value>e@f</value></field></x>");
}

TEST_CASE("a room has a password when there is one, whatever the form asks", "[form]") {
  const form off(field(protects, "boolean", "0") + field(secret, "text-private", "old"));
  REQUIRE(read_room_form(off.node()).size() == 1);
  CHECK(read_room_form(off.node())[0].values.empty());
  CHECK(off.filled({{"password", {"new"}}}) ==
        "<x xmlns='jabber:x:data' type='submit'><field var='" + protects +
            "'><value>1</value></field><field var='" + secret +
            "'><value>new</value></field></x>");
  const form is_on(field(protects, "boolean", "1") + field(secret, "text-private", "old"));
  CHECK(read_room_form(is_on.node())[0].values == std::vector<std::string>{"old"});
  CHECK(is_on.filled({{"password", {""}}}) ==
        "<x xmlns='jabber:x:data' type='submit'><field var='" + protects +
            "'><value>0</value></field><field var='" + secret + "'><value></value></field></x>");
}

TEST_CASE("a wish is looked at before it is sent, a refusal says whose it is", "[form]") {
  const form f(field("muc#roomconfig_whois", "list-single", "anyone",
                     "<option><value>anyone</value></option>") +
               field(secret, "text-private", ""));
  const std::vector<room_setting> all = read_room_form(f.node());
  CHECK(fault_in_setting({"addresses", {"anyone"}}, all).text.empty());
  CHECK(fault_in_setting({"addresses", {"nobody"}}, all).field == "addresses");
  CHECK(fault_in_setting({"colour", {"blue"}}, all).code == failure_code::not_supported);
  CHECK(fault_in_setting({"password", {"anything"}}, all).text.empty());
  CHECK(setting_in("bad value of 'muc#roomconfig_whois'", f.node()) == "addresses");
  CHECK(setting_in("no", f.node()).empty());
}
