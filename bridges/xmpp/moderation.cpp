// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/moderation.hpp"

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

// Who is on a list has this affiliation; null: rooms have no such list. Members come in where the
// room is open to members only.
const char* affiliation_of(list_kind which) {
  switch (which) {
    case list_kind::bans:
      return "outcast";
    case list_kind::invites:
      return "member";
    case list_kind::exceptions:
      break;
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
    case mode_verb::entry: {
      const char* affiliation = affiliation_of(what.list);
      if (affiliation == nullptr) {
        return leg_.fail(n, failure_code::not_supported, "This network has no such list.", "list");
      }
      if (what.verb == mode_verb::list && !what.who.empty()) {
        return leg_.fail(n, failure_code::not_supported, "Only the network knows whom this meets.",
                         "who");
      }
      if (what.verb == mode_verb::list) return ask_list(n, *room, affiliation);
      return set_power(n, *room, "affiliation", what.set ? affiliation : "none", what.who,
                       what.text);
    }
    case mode_verb::slow:
      return leg_.fail(n, failure_code::not_supported, "No room can be slow on this network.",
                       "slow");
    case mode_verb::raw:
      return change_modes(n, *room, what);
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

// What is too old to be remembered may be one's own: who looks after the room may take it away
// either way, from others the room hears a retraction.
bool moderation::take_away(std::uint64_t n, const retract_command& what) {
  const joined_room* room = rooms_.find_inside(what.to);
  if (room == nullptr) return false;
  const char* space = room->table->moderation;
  const std::string_view author = room->table->author_of(what.id);
  if (author == room->nick) return false;
  if (author.empty() && (space == nullptr || !room->roles.has(role::op))) return false;
  if (space == nullptr) {
    leg_.fail(n, failure_code::not_supported, "In this room nobody can take away what others said.",
              "id");
    return true;
  }
  const bool is_first = space == std::string_view(ns::moderate_0);
  std::string id;
  xml_writer out = leg_.iq("set", room->name(), id);
  if (is_first) out.open("apply-to", ns::fasten).attribute("id", what.id);
  out.open("moderate", space);
  if (!is_first) out.attribute("id", what.id);
  out.open("retract", is_first ? ns::retract_0 : ns::retract).close();
  if (!what.text.empty()) out.leaf("reason", what.text);
  leg_.ask(std::move(out), id, room->name(), asked::take_away, plain_answer(n));
  return true;
}

void moderation::ask_list(std::uint64_t n, const joined_room& room, const char* affiliation) {
  std::string id;
  xml_writer out = leg_.iq("get", room.name(), id);
  out.open("query", ns::muc_admin).open("item").attribute("affiliation", affiliation);
  leg_.ask(std::move(out), id, room.name(), asked::moderate, [this, n](const reply& answer) {
    if (!answer.ok) return leg_.fail(n, answer.why);
    std::vector<list_entry> list;
    for (const pugi::xml_node item : answer.stanza.child("query").children("item")) {
      list.push_back(
          {item.attribute("jid").value(), item.child("actor").attribute("nick").value(), 0});
    }
    result_event told;
    told.n = n;
    told.data = std::move(list);
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

}  // namespace halley::xmpp
