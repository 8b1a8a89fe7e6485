// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/speaking.hpp"

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/chat/failure.hpp"

namespace halley::xmpp {

speaking::addressee speaking::find(std::uint64_t n, const std::string& to) {
  addressee out;
  const auto in_room = [&](joined_room& room) {
    out.room = &room;
    out.jid = room.name();
    out.own_name = room.nick;
    out.valid = true;
    return out;
  };
  joined_room* room = rooms_.find(to);
  if (room != nullptr && room->is_in()) return in_room(*room);
  const std::string& service = leg_.shared().muc_service;
  const std::size_t slash = to.find('/');
  if (slash == std::string::npos) {
    const auto full = room_jid(to, service);
    room = full ? rooms_.find(*full) : nullptr;
    if (room != nullptr && room->is_in()) return in_room(*room);
    if (to.find('@') == std::string::npos || (full && domain(*full) == service)) {
      leg_.fail(n, failure_code::not_in_room, "You are not in that room.", "to");
      return out;
    }
  } else if (joined_room* around = rooms_.find_of(to)) {
    if (!around->is_in()) {
      leg_.fail(n, failure_code::not_in_room, "You are not in that room.", "to");
      return out;
    }
    if (!around->table->knows(resource(to))) {
      leg_.fail(n, failure_code::no_such_nick, "There is nobody of that name in the room.", "to");
      return out;
    }
    out.jid = to;
    out.own_name = around->nick;
    out.valid = true;
    return out;
  }
  const auto person = prepare_bare_jid(to);
  if (!person || local(*person).empty()) {
    leg_.fail(n, failure_code::no_such_nick, "That is not the address of a person or room.", "to");
    return out;
  }
  out.jid = *person;
  out.own_name = bare(leg_.jid);
  out.valid = true;
  return out;
}

xml_writer speaking::begin(const addressee& to, const std::string& id) const {
  xml_writer out("message");
  out.attribute("to", to.jid).attribute("type", to.room != nullptr ? "groupchat" : "chat");
  out.attribute("id", id);
  // Servers need this to tell a private message of a room from others (XEP-0045, 7.5).
  if (to.room == nullptr && !resource(to.jid).empty()) out.open("x", ns::muc_user).close();
  return out;
}

void speaking::send(std::uint64_t n, const addressee& to, const std::string& id,
                    xml_writer&& stanza, event own_line) {
  const bool is_line = std::holds_alternative<said_event>(own_line);
  const bool counted = leg_.out().is_acknowledged();
  if (to.room != nullptr) {
    leg_.expect_said(id, to.room->name(), n, awaited::reflection, is_line,
                     [this, n](const reply& answer) {
                       if (!answer.ok) leg_.fail(n, answer.why);
                     });
    (void)leg_.send(std::move(stanza));
    leg_.out().request_acknowledgement();
    if (is_line && !counted) leg_.later([this, n] { leg_.listener().on_sent(n); });
    return;
  }
  if (counted) {
    leg_.expect_said(id, to.jid, n, awaited::acknowledgement, is_line,
                     [this, n, id, line = std::move(own_line)](const reply& answer) {
                       if (!answer.ok) return leg_.fail(n, answer.why);
                       leg_.tell(line);
                       leg_.succeed(n, id);
                     });
    (void)leg_.send(std::move(stanza));
    leg_.out().request_acknowledgement();
    return;
  }
  if (!leg_.send(std::move(stanza))) {
    return leg_.fail(n, failure_code::lost, "The connection to the network was lost.");
  }
  leg_.later([this, n, id, line = std::move(own_line)]() mutable {
    leg_.tell(std::move(line));
    leg_.succeed(n, id);
  });
}

void speaking::submit(std::uint64_t n, const say_command& what) {
  if (what.kind == said_kind::notice) {
    return leg_.fail(n, failure_code::not_supported, "This network has no notices.", "kind");
  }
  const addressee to = find(n, what.to);
  if (!to.valid) return;
  const std::string id = leg_.next_id();
  const bool action = what.kind == said_kind::action;
  const std::string body = action ? "/me " + what.text : what.text;
  xml_writer out = begin(to, id);
  out.leaf("body", body);
  out.open("origin-id", ns::stanza_id).attribute("id", id).close();
  if (!what.reply_to.empty()) {
    out.open("reply", ns::reply).attribute("id", what.reply_to).close();
  }
  if (to.room == nullptr) out.open("active", ns::chat_states).close();
  said_event line;
  line.where = {to.jid, to.room != nullptr};
  line.from = to.own_name;
  line.body = style(what.text);
  line.kind = what.kind;
  line.at = leg_.wall_now();
  line.id = line.origin_id = id;
  line.reply_to = what.reply_to;
  line.self = true;
  line.echo_of = n;
  send(n, to, id, std::move(out), std::move(line));
}

void speaking::submit(std::uint64_t n, const edit_command& what) {
  const addressee to = find(n, what.to);
  if (!to.valid) return;
  const std::string id = leg_.next_id();
  xml_writer out = begin(to, id);
  out.leaf("body", what.text);
  const std::string old = to.room != nullptr ? to.room->table->own_id(what.id) : what.id;
  out.open("replace", ns::correct).attribute("id", old).close();
  out.open("origin-id", ns::stanza_id).attribute("id", id).close();
  edited_event line;
  line.where = {to.jid, to.room != nullptr};
  line.from = to.own_name;
  line.id = what.id;
  line.body = style(what.text);
  line.at = leg_.wall_now();
  line.self = true;
  send(n, to, id, std::move(out), std::move(line));
}

void speaking::submit(std::uint64_t n, const retract_command& what) {
  const addressee to = find(n, what.to);
  if (!to.valid) return;
  const std::string id = leg_.next_id();
  xml_writer out = begin(to, id);
  out.open("retract", ns::retract).attribute("id", what.id);
  if (!what.text.empty()) out.leaf("reason", what.text);
  out.close();
  // XEP-0424, 3: for clients that do not know retraction.
  out.leaf("body", "/me retracted a previous message, but it is not supported by your client.");
  out.open("fallback", ns::fallback).attribute("for", ns::retract).close();
  out.open("store", ns::hints).close();
  retracted_event line;
  line.where = {to.jid, to.room != nullptr};
  line.from = to.own_name;
  line.id = what.id;
  line.text = what.text;
  send(n, to, id, std::move(out), std::move(line));
}

void speaking::submit(std::uint64_t n, const react_command& what) {
  const addressee to = find(n, what.to);
  if (!to.valid) return;
  const std::string id = leg_.next_id();
  xml_writer out = begin(to, id);
  out.open("reactions", ns::reactions).attribute("id", what.id);
  for (const std::string& one : what.reactions) out.leaf("reaction", one);
  out.close();
  out.open("store", ns::hints).close();
  reacted_event line;
  line.where = {to.jid, to.room != nullptr};
  line.from = to.own_name;
  line.id = what.id;
  line.reactions = what.reactions;
  line.complete = true;
  line.self = true;
  send(n, to, id, std::move(out), std::move(line));
}

// XEP-0432 without a body: people are shown nothing, and no archive keeps it (XEP-0334).
void speaking::submit(std::uint64_t n, const data_command& what) {
  const addressee to = find(n, what.to);
  if (!to.valid) return;
  const std::string id = leg_.next_id();
  xml_writer out = begin(to, id);
  out.open("payload", ns::json_message).attribute("datatype", what.type);
  out.open("json", ns::json).text(what.value).close().close();
  out.open("no-store", ns::hints).close();
  data_event line;
  line.where = {to.jid, to.room != nullptr};
  line.from = to.own_name;
  line.type = what.type;
  line.value = what.value;
  line.at = leg_.wall_now();
  line.self = true;
  line.echo_of = n;
  send(n, to, id, std::move(out), std::move(line));
}

// Rooms do not answer what is not worth keeping in any way that matters: the command is done when
// it is sent.
void speaking::submit(std::uint64_t n, const typing_command& what) {
  const addressee to = find(n, what.to);
  if (!to.valid) return;
  xml_writer out = begin(to, leg_.next_id());
  out.open(what.state == typing_state::active   ? "composing"
           : what.state == typing_state::paused ? "paused"
                                                : "active",
           ns::chat_states)
      .close();
  out.open("no-store", ns::hints).close();
  (void)leg_.send(std::move(out));
  leg_.succeed(n);
}

void speaking::submit(std::uint64_t n, const topic_command& what) {
  joined_room* room = rooms_.inside(n, what.room);
  if (room == nullptr) return;
  if (!what.set) {
    leg_.later([this, n, name = room->name()] {
      if (joined_room* still = rooms_.find(name)) {
        topic_event topic = still->table->topic();
        topic.room = name;
        topic.initial = true;
        leg_.tell(event(std::move(topic)));
      }
      leg_.succeed(n);
    });
    return;
  }
  const std::string id = leg_.next_id();
  xml_writer out("message");
  out.attribute("to", room->name()).attribute("type", "groupchat").attribute("id", id);
  out.leaf("subject", what.text);
  room->topic_id = id;
  leg_.expect(id, room->name(), asked::topic, n, [this, n](const reply& answer) {
    if (answer.ok) {
      leg_.succeed(n);
    } else {
      leg_.fail(n, answer.why);
    }
  });
  (void)leg_.send(std::move(out));
}

}  // namespace halley::xmpp
