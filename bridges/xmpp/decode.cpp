// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/decode.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "bridges/xmpp/names.hpp"
#include "bridges/xmpp/text.hpp"
#include "bridges/xmpp/xml.hpp"
#include "gateway/chat/limits.hpp"

namespace halley::xmpp {

namespace {

constexpr std::size_t most_reactions = 32;
constexpr std::size_t most_reaction_bytes = 64;

std::string_view origin_id_of(pugi::xml_node message) {
  const std::string_view given =
      child_in(message, "origin-id", ns::stanza_id).attribute("id").value();
  return given.empty() ? std::string_view(message.attribute("id").value()) : given;
}

// The id readers know a message by: the room's own where that can be trusted, else its sender's.
std::string id_of(pugi::xml_node message, const message_origin& origin) {
  if (!origin.archive_id.empty()) return std::string(origin.archive_id);
  if (origin.room != nullptr && origin.room->has_stanza_ids) {
    const std::string_view id = stanza_id_by(message, origin.room->name());
    if (!id.empty()) return std::string(id);
  }
  return std::string(origin.room != nullptr ? std::string_view(message.attribute("id").value())
                                            : origin_id_of(message));
}

// XEP-0461, 4: without what the reply repeats for clients that do not know replies.
std::string body_of(pugi::xml_node message) {
  const std::string body = message.child_value("body");
  for (const pugi::xml_node mark : message.children("fallback")) {
    if (mark.attribute("xmlns").value() != std::string_view(ns::fallback)) continue;
    if (mark.attribute("for").value() != std::string_view(ns::reply)) continue;
    const pugi::xml_node part = mark.child("body");
    const int begin = part.attribute("start").as_int(0);
    const int end = part.attribute("end").as_int(-1);
    if (!part || begin < 0 || end < begin) return part ? body : std::string();
    return without_range(body, static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
  }
  return body;
}

formatted text_of(pugi::xml_node message, std::string body) {
  return child_in(message, "unstyled", ns::styling) ? unstyled(body) : style(body);
}

std::optional<event> read_reactions(pugi::xml_node message, const message_origin& origin) {
  const pugi::xml_node reactions = child_in(message, "reactions", ns::reactions);
  if (!reactions) return std::nullopt;
  reacted_event out;
  out.where = origin.where;
  out.from = origin.from;
  out.id = reactions.attribute("id").value();
  out.complete = true;
  for (const pugi::xml_node one : reactions.children("reaction")) {
    std::string text = unstyled(one.child_value()).text;
    if (text.empty() || text.size() > most_reaction_bytes) continue;
    if (out.reactions.size() == most_reactions) break;
    out.reactions.push_back(std::move(text));
  }
  return event(std::move(out));
}

// XEP-0424 in both versions, XEP-0425 in both versions.
std::optional<event> read_retraction(pugi::xml_node message, const message_origin& origin) {
  pugi::xml_node retract = child_in(message, "retract", ns::retract);
  std::string_view id = retract.attribute("id").value();
  pugi::xml_node moderated = child_in(retract, "moderated", ns::moderate);
  pugi::xml_node reason = retract.child("reason");
  if (!retract) {
    const pugi::xml_node apply = child_in(message, "apply-to", ns::fasten);
    id = apply.attribute("id").value();
    moderated = child_in(apply, "moderated", ns::moderate_0);
    retract = child_in(moderated ? moderated : apply, "retract", ns::retract_0);
    if (moderated) reason = moderated.child("reason");
  }
  if (!retract || id.empty()) return std::nullopt;
  retracted_event out;
  out.where = origin.where;
  out.from = origin.from;
  // A moderator's retraction comes from the room itself: nobody else may speak for others.
  if (moderated ? !origin.from.empty()
                : origin.room != nullptr && !origin.room->may_change(id, origin.from)) {
    return std::nullopt;
  }
  if (moderated) {
    const std::string_view by = moderated.attribute("by").value();
    const std::size_t slash = by.find('/');
    out.from = slash == std::string_view::npos ? std::string() : std::string(by.substr(slash + 1));
  }
  out.id = id;
  out.text = unstyled(reason.child_value()).text;
  return event(std::move(out));
}

std::optional<event> read_typing(pugi::xml_node message, const message_origin& origin) {
  const pugi::xml_node state = child_in(message, ns::chat_states);
  if (!state) return std::nullopt;
  typing_event out;
  out.where = origin.where;
  out.from = origin.from;
  out.state = is(state, "composing") ? typing_state::active
              : is(state, "paused")  ? typing_state::paused
                                     : typing_state::done;
  return event(std::move(out));
}

std::optional<event> read_data(pugi::xml_node message, const message_origin& origin) {
  const pugi::xml_node payload = child_in(message, "payload", ns::json_message);
  const pugi::xml_node value = child_in(payload, "json", ns::json);
  data_event out;
  out.type = payload.attribute("datatype").value();
  if (!value || out.type.empty() || out.type.size() > limit::data_type) return std::nullopt;
  out.where = origin.where;
  out.from = origin.from;
  out.value = value.child_value();
  out.at = origin.now;
  return event(std::move(out));
}

event read_edit(pugi::xml_node message, pugi::xml_node replace, const message_origin& origin,
                unix_ms at) {
  edited_event out;
  out.where = origin.where;
  out.from = origin.from;
  const std::string_view id = replace.attribute("id").value();
  out.id = origin.room != nullptr ? origin.room->archived_id(id) : std::string(id);
  out.body = text_of(message, body_of(message));
  out.at = at;
  return out;
}

event read_said(pugi::xml_node message, const message_origin& origin, unix_ms at) {
  said_event out;
  out.where = origin.where;
  out.from = origin.from;
  std::string body = body_of(message);
  if (take_action(body)) out.kind = said_kind::action;
  if (message.attribute("type").value() == std::string_view("headline")) {
    out.kind = said_kind::notice;
  }
  out.body = text_of(message, std::move(body));
  out.at = at;
  out.id = id_of(message, origin);
  out.origin_id = origin_id_of(message);
  out.reply_to = child_in(message, "reply", ns::reply).attribute("id").value();
  if (origin.room != nullptr && origin.archive_id.empty()) {
    origin.room->remember_message(message.attribute("id").value(), out.id, out.from);
  }
  return out;
}

}  // namespace

std::optional<unix_ms> read_delay(pugi::xml_node parent) {
  const pugi::xml_node delay = child_in(parent, "delay", ns::delay);
  return delay ? parse_iso_time(delay.attribute("stamp").value()) : std::nullopt;
}

std::string_view stanza_id_by(pugi::xml_node message, std::string_view by) {
  for (const pugi::xml_node one : message.children("stanza-id")) {
    if (one.attribute("xmlns").value() == std::string_view(ns::stanza_id) &&
        by == one.attribute("by").value()) {
      return one.attribute("id").value();
    }
  }
  return {};
}

decoded_message decode_message(pugi::xml_node message, const message_origin& origin) {
  decoded_message out;
  const std::optional<unix_ms> sent = read_delay(message);
  const unix_ms at = sent.value_or(origin.now);
  const auto live = sent ? decoded_message::kind::delayed : decoded_message::kind::live;
  const pugi::xml_node subject = message.child("subject");
  const pugi::xml_node body = message.child("body");
  // XEP-0045, 8.1: a subject is one only without a body.
  if (subject && !body && origin.room != nullptr && !message.child("thread")) {
    topic_event topic;
    topic.room = origin.where.name;
    topic.topic = unstyled(subject.child_value());
    topic.from = origin.from;
    topic.at = topic.topic.text.empty() && !sent ? 0 : at;
    out.what = decoded_message::kind::topic;
    out.told = event(std::move(topic));
    return out;
  }
  if ((out.told = read_retraction(message, origin)) ||
      (out.told = read_reactions(message, origin))) {
    out.what = live;
    return out;
  }
  if (const pugi::xml_node replace = child_in(message, "replace", ns::correct); replace && body) {
    const std::string_view id = replace.attribute("id").value();
    if (origin.room != nullptr && !origin.room->may_change(id, origin.from)) return out;
    out.told = read_edit(message, replace, origin, at);
    out.what = live;
    return out;
  }
  if (body) {
    out.told = read_said(message, origin, at);
    out.what = live;
    return out;
  }
  // What passes is not told when it has passed, even if some archive kept it.
  if (sent || !origin.archive_id.empty()) return out;
  if ((out.told = read_data(message, origin)) || (out.told = read_typing(message, origin)))
    out.what = live;
  return out;
}

}  // namespace halley::xmpp
