// SPDX-License-Identifier: GPL-3.0-or-later
//
// Changing the settings of a room: its form is asked for and goes back as a whole (XEP-0045, 10.2).
#include "bridges/xmpp/moderation.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

// Short names of the settings a browser may change, and the fields of the room's form.
struct setting {
  const char* name;
  const char* field;
  bool inverted;  // the form asks the opposite question
};
constexpr setting settings[] = {
    {"members_only", "muc#roomconfig_membersonly", false},
    {"moderated", "muc#roomconfig_moderatedroom", false},
    {"persistent", "muc#roomconfig_persistentroom", false},
    {"hidden", "muc#roomconfig_publicroom", true},
    {"invites", "muc#roomconfig_allowinvites", false},
    {"topic_open", "muc#roomconfig_changesubject", false},
    {"password", "muc#roomconfig_passwordprotectedroom", false},
};
constexpr const char* secret_field = "muc#roomconfig_roomsecret";

const setting* find_setting(std::string_view name) {
  for (const setting& one : settings) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

const mode_change* change_of(std::string_view field, const mode_command& what,
                             const setting*& found) {
  for (const mode_change& one : what.changes) {
    found = find_setting(one.mode);
    if (found != nullptr && found->field == field) return &one;
  }
  return nullptr;
}

}  // namespace

void moderation::change_settings(std::uint64_t n, const joined_room& room,
                                 const mode_command& what) {
  for (const mode_change& one : what.changes) {
    if (find_setting(one.mode) == nullptr) {
      return leg_.fail(n, failure_code::not_supported,
                       "This network knows no room setting of that name: " + one.mode + ".",
                       "changes");
    }
  }
  std::string id;
  xml_writer out = leg_.iq("get", room.name(), id);
  out.open("query", ns::muc_owner);
  leg_.ask(std::move(out), id, room.name(), asked::moderate,
           [this, n, name = room.name(), what](const reply& answer) {
             on_settings(n, name, what, answer);
           });
}

// The whole form goes back, with what was asked for changed (XEP-0045, 10.2).
void moderation::on_settings(std::uint64_t n, const std::string& room, const mode_command& what,
                             const reply& answer) {
  if (!answer.ok) return leg_.fail(n, answer.why);
  std::string id;
  xml_writer out = leg_.iq("set", room, id);
  out.open("query", ns::muc_owner).open("x", ns::data_form).attribute("type", "submit");
  const pugi::xml_node form = child_in(answer.stanza.child("query"), "x", ns::data_form);
  for (const pugi::xml_node field : form.children("field")) {
    const std::string_view name = field.attribute("var").value();
    if (name.empty()) continue;
    const setting* found = nullptr;
    const mode_change* change = change_of(name, what, found);
    out.open("field").attribute("var", name);
    if (change != nullptr) {
      out.leaf("value", change->set != found->inverted ? "1" : "0");
    } else {
      const setting* unused = nullptr;
      const mode_change* password =
          name == secret_field ? change_of("muc#roomconfig_passwordprotectedroom", what, unused)
                               : nullptr;
      if (password != nullptr) {
        out.leaf("value", password->value);
      } else {
        for (const pugi::xml_node value : field.children("value")) {
          out.leaf("value", value.child_value());
        }
      }
    }
    out.close();
  }
  leg_.ask(std::move(out), id, room, asked::moderate, [this, n, room, what](const reply& done) {
    if (!done.ok) return leg_.fail(n, done.why);
    mode_event told;
    told.room = room;
    told.changes = what.changes;
    for (mode_change& one : told.changes) {
      if (one.mode == "password") one.value.clear();
    }
    if (const joined_room* still = rooms_.find(room)) told.from = still->nick;
    leg_.tell(event(std::move(told)));
    leg_.succeed(n);
  });
}

}  // namespace halley::xmpp
