// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/moderation.hpp"

#include "bridges/xmpp/jid.hpp"
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

leg::handler moderation::plain_answer(std::uint64_t n) {
  return [this, n](const reply& answer) {
    if (answer.ok) {
      leg_.succeed(n);
    } else {
      leg_.fail(n, answer.why);
    }
  };
}

void moderation::set_power(std::uint64_t n, const joined_room& room, const char* kind,
                           const char* value, const std::string& who, const std::string& reason) {
  const bool affiliation = kind == std::string_view("affiliation");
  const bool is_address = who.find('@') != std::string::npos && !room.table->knows(who);
  if (!is_address && !room.table->knows(who)) {
    return leg_.fail(n, failure_code::no_such_nick, "There is nobody of that name in the room.",
                     "who");
  }
  if (is_address && !affiliation) {
    return leg_.fail(n, failure_code::no_such_nick, "There is nobody of that name in the room.",
                     "who");
  }
  std::string id;
  xml_writer out = leg_.iq("set", room.name(), id);
  out.open("query", ns::muc_admin).open("item");
  // Prosody and ejabberd find the address behind a nick themselves.
  if (is_address) {
    out.attribute("jid", who);
  } else {
    out.attribute("nick", who);
  }
  out.attribute(kind, value);
  if (!reason.empty()) out.leaf("reason", reason);
  leg_.ask(std::move(out), id, room.name(), asked::moderate, plain_answer(n));
}

void moderation::give_role(std::uint64_t n, const joined_room& room, const mode_command& what) {
  switch (what.as_role) {
    case role::owner:
      return set_power(n, room, "affiliation", what.set ? "owner" : "none", what.who, what.text);
    case role::admin:
      return set_power(n, room, "affiliation", what.set ? "admin" : "none", what.who, what.text);
    case role::op:
      return set_power(n, room, "role", what.set ? "moderator" : "participant", what.who,
                       what.text);
    case role::voice:
      return set_power(n, room, "role", what.set ? "participant" : "visitor", what.who, what.text);
    case role::visitor:
      return set_power(n, room, "role", what.set ? "visitor" : "participant", what.who, what.text);
    case role::halfop:
      return leg_.fail(n, failure_code::not_supported, "This network has no such role.", "role");
  }
}

void moderation::submit(std::uint64_t n, const mode_command& what) {
  joined_room* room = rooms_.inside(n, what.room);
  if (room == nullptr) return;
  switch (what.verb) {
    case mode_verb::role:
      return give_role(n, *room, what);
    case mode_verb::ban:
      if (what.set && what.lasts_ms != 0) {
        return leg_.fail(n, failure_code::not_supported, "No ban ends by itself on this network.",
                         "lasts");
      }
      return set_power(n, *room, "affiliation", what.set ? "outcast" : "none", what.who, what.text);
    case mode_verb::mute:
      return set_power(n, *room, "role", what.set ? "visitor" : "participant", what.who, what.text);
    case mode_verb::list:
      return list_bans(n, *room);
    case mode_verb::raw:
      return change_settings(n, *room, what);
  }
}

void moderation::submit(std::uint64_t n, const kick_command& what) {
  joined_room* room = rooms_.inside(n, what.room);
  if (room == nullptr) return;
  if (!room->table->knows(what.nick)) {
    return leg_.fail(n, failure_code::no_such_nick, "There is nobody of that name in the room.",
                     "nick");
  }
  set_power(n, *room, "role", "none", what.nick, what.text);
}

void moderation::list_bans(std::uint64_t n, const joined_room& room) {
  std::string id;
  xml_writer out = leg_.iq("get", room.name(), id);
  out.open("query", ns::muc_admin).open("item").attribute("affiliation", "outcast");
  leg_.ask(std::move(out), id, room.name(), asked::moderate, [this, n](const reply& answer) {
    if (!answer.ok) return leg_.fail(n, answer.why);
    std::vector<list_entry> bans;
    for (const pugi::xml_node item : answer.stanza.child("query").children("item")) {
      bans.push_back(
          {item.attribute("jid").value(), item.child("actor").attribute("nick").value(), 0});
    }
    result_event told;
    told.n = n;
    told.data = std::move(bans);
    leg_.settle(std::move(told));
  });
}

void moderation::submit(std::uint64_t n, const invite_command& what) {
  joined_room* room = rooms_.inside(n, what.room);
  if (room == nullptr) return;
  std::string to = what.nick;
  // Somebody in another of our rooms, known by a nick only, is invited through the private way.
  const joined_room* around = rooms_.find_of(to);
  const bool occupant = around != nullptr && around->table->knows(resource(to));
  if (!occupant) {
    const auto person = prepare_bare_jid(to);
    if (!person || local(*person).empty()) {
      return leg_.fail(n, failure_code::no_such_nick, "Give the full address of the person.",
                       "nick");
    }
    to = *person;
  }
  const std::string id = leg_.next_id();
  xml_writer out("message");
  if (occupant) {
    out.attribute("to", to).attribute("id", id);
    out.open("x", ns::direct_invite).attribute("jid", room->name());
    out.attribute("password", room->key).attribute("reason", what.text).close();
    out.open("x", ns::muc_user).close();
  } else {
    out.attribute("to", room->name()).attribute("id", id);
    out.open("x", ns::muc_user).open("invite").attribute("to", to);
    if (!what.text.empty()) out.leaf("reason", what.text);
  }
  // Only a refusal is answered; a ping to the room tells that it has been passed.
  (void)leg_.send(std::move(out));
  leg_.expect(id, room->name(), asked::invite, n, [this, n](const reply& answer) {
    if (!answer.ok) leg_.fail(n, answer.why);
  });
  std::string ping;
  xml_writer probe = leg_.iq("get", room->name(), ping);
  probe.open("query", ns::disco_info);
  leg_.ask(std::move(probe), ping, room->name(), asked::query, [this, n, id](const reply&) {
    if (leg_.take_echo(id, {}) != 0) leg_.succeed(n);
  });
}

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
