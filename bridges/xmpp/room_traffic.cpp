// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes from a room: presence and messages. The copies of one stanza that the sessions of a
// shard get are found by their bytes without the value of `to`; only the first is parsed.
#include <algorithm>

#include "bridges/xmpp/jid.hpp"
#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "bridges/xmpp/xml.hpp"

namespace halley::xmpp {

namespace {

// A message without a time of its own gets that of its arrival; its copies come within this time,
// and an equal message later is a new one.
constexpr steady_ms copies_come_within = 1500;

struct halves {
  std::string_view head;
  std::string_view tail;
};
halves without_to(std::string_view text, const stanza_head& head) {
  return {text.substr(0, head.to_at), text.substr(head.to_at + head.to_size)};
}

bool parse(pugi::xml_document& into, std::string_view text) {
  return static_cast<bool>(into.load_buffer(text.data(), text.size(), parse_options));
}

std::string nick_in(std::string_view from) {
  const std::string_view nick = resource(from);
  return nick.find('&') == std::string_view::npos ? std::string(nick) : decode_references(nick);
}

}  // namespace

bool rooms::on_presence(joined_room& room, std::string_view text, const stanza_head& head) {
  const std::string nick = nick_in(head.from);
  const bool entering = room.at == joined_room::state::entering;
  const bool own = nick == room.nick;
  const halves bytes = without_to(text, head);
  room.heard_at = leg_.now();
  if (!own && !entering && head.type == "unavailable") claim_nick(room, nick);
  if (!own && !entering && head.type != "error") {
    if (const auto* known =
            leg_.shared().lines.find(room.table.get(), bytes.head, bytes.tail, leg_.now())) {
      event_ptr told;
      const change_log::name change = {known->tag, change_log::of_nick(nick)};
      if (room.table->take_known(change, room.seen, leg_.now(), told)) {
        if (told) leg_.tell(told);
        return true;
      }
    }
  }
  pugi::xml_document document;
  if (!parse(document, text)) return false;
  const pugi::xml_node stanza = document.document_element();
  if (head.type == "error") {
    if (leg_.take_reply(decode_references(head.id), bare(head.from), stanza)) return true;
    // COMPAT: a service that does not repeat the id.
    if (entering) {
      const std::string id = room.entering->id;
      (void)leg_.take_reply(id, room.name(), stanza);
    }
    return true;
  }
  room_presence change = read_room_presence(stanza);
  if (entering) {
    const bool done = change.self || own;
    if (change.what == room_presence::kind::unavailable) return true;
    if (done) {
      on_entered(room, std::move(change));
    } else {
      room.entering->people.push_back(std::move(change));
    }
    return true;
  }
  if (!room.is_in()) return true;
  const event_ptr told = room.table->take(change, room.seen, leg_.wall_now(), leg_.now());
  if (own || change.self) {
    on_own_presence(room, change);
    return true;
  }
  leg_.shared().lines.store(room.table.get(), bytes.head, bytes.tail, {nullptr, change.key()});
  if (told) leg_.tell(told);
  return true;
}

// Our own ghost, left by a connection that was lost, may have held our nick when we came back.
void rooms::claim_nick(joined_room& room, const std::string& gone) {
  if (gone != leg_.nick || room.nick == gone || !room.nick.starts_with(gone + '_')) return;
  (void)leg_.send(room_presence_stanza(leg_, room.name(), gone, {}));
}

void rooms::on_own_presence(joined_room& room, const room_presence& own) {
  if (own.what == room_presence::kind::unavailable) return on_own_leaving(room, own);
  const bool roles_changed = !(room.roles == own.roles);
  const bool was_owner = room.roles.has(role::owner);
  room.roles = own.roles;
  presence_event told;
  told.room = room.name();
  told.from = room.nick;
  told.away = own.away ? 1 : 0;
  told.text = own.status;
  told.has_roles = roles_changed;
  told.roles = own.roles;
  // A nick change brings our presence again, with nothing new in it.
  if (roles_changed || own.away != (leg_.is_away) || own.away) leg_.tell(event(std::move(told)));
  if (was_owner == own.roles.has(role::owner)) return;
  const event_ptr features = features_of(room);
  leg_.tell(features ? features : share(event(room_features_event{room.name(), {}})));
}

void rooms::on_own_leaving(joined_room& room, const room_presence& own) {
  const unix_ms at = leg_.wall_now();
  if (own.renamed && !own.new_nick.empty()) {
    const std::string old = std::exchange(room.nick, own.new_nick);
    leg_.tell(nick_event{room.name(), old, room.nick, true, at});
    if (room.entering) (void)leg_.take_echo(std::string(room.entering->id), {});
    return;
  }
  if (own.shutting_down) {  // it comes back, and so do we: with the stream, or when next looked
    forget_position(room);
    room.entering.reset();
    room.at = joined_room::state::wanted;
    return;
  }
  const std::string name = room.name();
  const std::string nick = room.nick;
  const std::string waited = room.entering ? room.entering->id : std::string();
  if (own.kicked || own.banned) {
    remove(room);
    leg_.tell(kicked_event{name, own.actor, nick, own.reason, own.banned, true, at});
    return;
  }
  left_event told{name, nick, own.status.empty() ? own.reason : own.status, true, at};
  if (own.destroyed) {  // XEP-0045, 10.9
    told.why = "closed";
    told.moved_to = prepare_bare_jid(own.moved_to).value_or("");
  } else if (own.removed) {
    told.why = "members_only";
  }
  remove(room);
  leg_.tell(event(std::move(told)));
  if (!waited.empty()) (void)leg_.take_echo(waited, {});
}

bool rooms::on_groupchat(joined_room& room, std::string_view text, const stanza_head& head) {
  room.heard_at = leg_.now();
  if (!room.is_in()) return true;
  const halves bytes = without_to(text, head);
  interner& lines = leg_.shared().lines;
  if (head.type != "error") {
    const auto* known = lines.find(room.table.get(), bytes.head, bytes.tail, leg_.now());
    if (known != nullptr) {
      const event_ptr line = known->what;  // the slot may be taken by what this leads to
      tell_line(room, line, static_cast<decoded_message::kind>(known->tag), head, {});
      return true;
    }
  }
  pugi::xml_document document;
  if (!parse(document, text)) return false;
  const pugi::xml_node stanza = document.document_element();
  if (head.type == "error") {
    if (!leg_.take_reply(decode_references(head.id), head.from, stanza)) {
      leg_.tell(error_event{room.name(), read_stanza_error(stanza, asked::speak)});
    }
    return true;
  }
  message_origin origin;
  origin.where = {room.name(), true};
  origin.from = nick_in(head.from);
  origin.now = leg_.wall_now();
  origin.room = room.table.get();
  decoded_message message = decode_message(stanza, origin);
  const event_ptr line = message.told ? share(std::move(*message.told)) : event_ptr();
  if (message.what == decoded_message::kind::topic) {
    room.table->set_topic(std::get<topic_event>(line->value()));
  }
  const bool timed = message.what == decoded_message::kind::delayed;
  lines.store(room.table.get(), bytes.head, bytes.tail,
              {line, static_cast<std::uint32_t>(message.what)},
              timed ? interner::forever : leg_.now() + copies_come_within);
  tell_line(room, line, message.what, head, stanza);
  return true;
}

void rooms::tell_line(joined_room& room, const event_ptr& line, decoded_message::kind what,
                      const stanza_head& head, pugi::xml_node stanza) {
  using kind = decoded_message::kind;
  const bool catching_up = room.at == joined_room::state::catching_up;
  if (what == kind::nothing || !line) return;
  if (what == kind::topic) {
    if (!catching_up) {
      if (nick_in(head.from) == room.nick) {
        // COMPAT(Prosody 0.12): a new topic comes back without the id it was sent with.
        (void)leg_.take_echo(std::exchange(room.topic_id, {}), stanza);
      }
      return leg_.tell(line);
    }
    end_history(room);
    topic_event topic = std::get<topic_event>(line->value());
    topic.initial = true;
    return leg_.tell(event(std::move(topic)));
  }
  if (what == kind::delayed && catching_up) {
    room.entering->history.push_back(line);
    return;
  }
  // COMPAT: a service that sends no subject when there is none.
  if (catching_up) end_history(room);
  const std::string_view nick = resource(head.from);
  const bool own = nick == room.nick || (nick.find('&') != std::string_view::npos &&
                                         decode_references(nick) == room.nick);
  if (!room.healing && !own) {
    remember_line(room, line);
    return leg_.tell(line);
  }
  std::string id = own ? decode_references(head.id) : std::string();
  if (healing_.hold(room, line, id, own)) return;
  tell_now(room, line, id, own);
}

void rooms::tell_now(joined_room& room, const event_ptr& line, const std::string& id, bool own) {
  remember_line(room, line);
  if (!own) return leg_.tell(line);
  tell_own(line->value(), id);
}

// Our own words, reflected by the room: what was shared is copied and made personal.
void rooms::tell_own(const event& line, const std::string& id) {
  event own = line;
  if (std::holds_alternative<typing_event>(own)) return;
  const std::uint64_t n = leg_.take_echo(id, {});
  if (n == 0 && leg_.is_own_id(id) && !leg_.was_given_up(id)) return;  // a second copy
  mark_own(own, true, n);
  const auto* said = std::get_if<said_event>(&own);
  std::string message_id = said != nullptr ? said->id : std::string();
  leg_.tell(std::move(own));
  if (n != 0) leg_.succeed(n, std::move(message_id));
}

void mark_own(event& line, bool own, std::uint64_t n) {
  if (auto* edited = std::get_if<edited_event>(&line)) edited->self = own;
  if (auto* reacted = std::get_if<reacted_event>(&line)) reacted->self = own;
  if (auto* said = std::get_if<said_event>(&line)) {
    said->self = own;
    said->echo_of = n;
  }
  if (auto* data = std::get_if<data_event>(&line)) {
    data->self = own;
    data->echo_of = n;
  }
}

void rooms::end_history(joined_room& room) {
  room.at = joined_room::state::inside;
  std::vector<event_ptr> lines;
  if (room.entering) lines = std::move(room.entering->history);
  // A nick or a leaving may already be asked for.
  if (room.entering && room.entering->id.empty()) room.entering.reset();
  if (room.healing) {
    // Entered again. With an archive the history is being asked for, and this is part of it.
    if (room.healing->at == room_healing::state::out) healing_.use_history(room, lines);
    return;
  }
  for (const event_ptr& line : lines) remember_line(room, line);
  history_event out;
  out.where = {room.name(), true};
  for (const event_ptr& line : lines) {
    if (const auto* said = std::get_if<said_event>(&line->value())) {
      out.items.push_back(*said);
    } else if (const auto* edited = std::get_if<edited_event>(&line->value())) {
      // A correction of a message on the same page replaces its text.
      for (said_event& item : out.items) {
        if (item.from != edited->from) continue;
        if (item.id == edited->id || item.origin_id == edited->id) item.body = edited->body;
      }
    } else if (const auto* retracted = std::get_if<retracted_event>(&line->value())) {
      std::erase_if(out.items, [retracted](const said_event& item) {
        return item.id == retracted->id || item.origin_id == retracted->id;
      });
    }
  }
  if (!out.items.empty()) leg_.tell(event(std::move(out)));
}

}  // namespace halley::xmpp
