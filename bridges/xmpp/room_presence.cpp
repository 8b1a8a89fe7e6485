// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading a room's presence (XEP-0045, 7 to 10).
#include <cstdlib>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/room_table.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

std::string short_text(const char* text) {
  return unstyled(text).text;
}

role_set read_roles(pugi::xml_node item) {
  role_set roles;
  const std::string_view affiliation = item.attribute("affiliation").value();
  const std::string_view role = item.attribute("role").value();
  if (affiliation == "owner") roles.add(role::owner);
  if (affiliation == "admin") roles.add(role::admin);
  if (role == "moderator") roles.add(role::op);
  if (role == "visitor") roles.add(role::visitor);
  return roles;
}

void read_status(room_presence& out, int code) {
  switch (code) {
    case 100:
      out.open_addresses = true;
      break;
    case 110:
      out.self = true;
      break;
    case 201:
      out.created = true;
      break;
    case 210:
    case 303:
      out.renamed = true;
      break;
    case 301:
      out.banned = true;
      break;
    case 307:
      out.kicked = true;
      break;
    case 321:
    case 322:
      out.removed = true;
      break;
    case 332:
      out.shutting_down = true;
      break;
    default:
      break;
  }
}

}  // namespace

room_presence read_room_presence(pugi::xml_node presence) {
  room_presence out;
  out.nick = resource(presence.attribute("from").value());
  const std::string_view type = presence.attribute("type").value();
  if (type == "error") {
    out.what = room_presence::kind::error;
    return out;
  }
  if (type == "unavailable") out.what = room_presence::kind::unavailable;
  const std::string_view show = presence.child_value("show");
  out.away = show == "away" || show == "xa" || show == "dnd";
  out.status = short_text(presence.child_value("status"));
  const pugi::xml_node user = child_in(presence, "x", ns::muc_user);
  bool technical = false;
  for (const pugi::xml_node status : user.children("status")) {
    const int code = std::atoi(status.attribute("code").value());
    technical = technical || code == 333;
    read_status(out, code);
  }
  // XEP-0045, 9.3.2: removed because his connection broke, not by anybody.
  if (technical) out.kicked = false;
  const pugi::xml_node item = user.child("item");
  out.roles = read_roles(item);
  out.new_nick = item.attribute("nick").value();
  out.reason = short_text(item.child_value("reason"));
  out.jid = bare(item.attribute("jid").value());
  const pugi::xml_node actor = item.child("actor");
  out.actor = actor.attribute("nick").value();
  if (const pugi::xml_node gone = user.child("destroy")) {
    out.destroyed = true;
    out.moved_to = gone.attribute("jid").value();
    if (out.reason.empty()) out.reason = short_text(gone.child_value("reason"));
  }
  return out;
}

std::uint32_t room_presence::key() const {
  std::string text = nick;
  const auto add = [&text](std::string_view part) {
    text += '\0';
    text += part;
  };
  add(status);
  add(new_nick);
  add(reason);
  for (const role one : {role::visitor, role::op, role::admin, role::owner}) {
    text += roles.has(one) ? '1' : '0';
  }
  for (const bool flag : {away, kicked, banned, removed, destroyed, what == kind::unavailable,
                          what == kind::unavailable && renamed}) {
    text += flag ? '1' : '0';
  }
  const std::size_t hash = std::hash<std::string_view>{}(text);
  // 0 stands for "no key" in the note of an interned line.
  const auto folded = static_cast<std::uint32_t>(hash ^ (hash >> 32));
  return folded == 0 ? 1 : folded;
}

}  // namespace halley::xmpp
