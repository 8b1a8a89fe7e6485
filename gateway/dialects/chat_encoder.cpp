// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/chat.hpp"
#include "gateway/dialects/chat_pieces.hpp"
#include "gateway/dialects/json_fields.hpp"

namespace halley {
namespace {

// One overload for each event; the order is that of gateway/dialects/README.md.
struct writer {
  json_object& json;

  void named(std::string_view name) const { json.text("ev", name); }

  void operator()(const online_event& e) const {
    named("online");
    json.text("nick", e.nick);
    json.text_if("account", e.account);
    append_texts(json.key("features"), e.features);
    json_object limits(json.key("limits"));
    limits.number_if("nick", e.nick_limit);
    limits.number_if("room", e.room_limit);
    limits.number_if("topic", e.topic_limit);
    limits.number_if("line", e.line_limit);
    limits.close();
    json.text_if("room_prefixes", e.room_prefixes);
    json.flag_if("resumed", e.resumed);
  }
  void operator()(const offline_event& e) const {
    named("offline");
    json.text("step", login_step_name(e.step));
    add_failure(json, e.why);
    json.number_if("retry_in", e.retry_in);
    json.flag_if("final", e.final);
  }
  void operator()(const joined_event& e) const {
    named("joined");
    json.text("room", e.room);
    json.text("from", e.from);
    json.flag_if("self", e.self);
    add_roles(json, e.roles);
    json.text_if("account", e.account);
    json.text_if("real_name", e.real_name);
    json.number_if("at", e.at);
  }
  void operator()(const left_event& e) const {
    named("left");
    json.text_if("room", e.room);
    json.text("from", e.from);
    json.text_if("text", e.text);
    json.flag_if("self", e.self);
    json.number_if("at", e.at);
    json.text_if("why", e.why);
    json.text_if("moved_to", e.moved_to);
  }
  void operator()(const nick_event& e) const {
    named("nick");
    json.text_if("room", e.room);
    json.text("from", e.from);
    json.text("to", e.to);
    json.flag_if("self", e.self);
    json.number_if("at", e.at);
  }
  void operator()(const topic_event& e) const {
    named("topic");
    json.text("room", e.room);
    add_text(json, e.topic);
    json.text_if("from", e.from);
    json.number_if("at", e.at);
    json.flag_if("initial", e.initial);
  }
  void operator()(const members_event& e) const {
    named("members");
    json.text("room", e.room);
    append_json_array(json.key("members"), e.members, append_member);
    json.flag("first", e.first);
    json.flag("last", e.last);
  }
  void operator()(const presence_event& e) const {
    named("presence");
    json.text_if("room", e.room);
    json.text("from", e.from);
    if (e.away >= 0) json.flag("away", e.away != 0);
    json.text_if("text", e.text);
    if (e.has_roles) add_roles(json, e.roles, true);
    if (e.has_account) json.text("account", e.account);
    json.text_if("real_name", e.real_name);
    json.flag_if("contact", e.contact);
    json.text_if("subscription", e.subscription);
  }
  void operator()(const said_event& e) const {
    named("said");
    add_said(json, e);
  }
  void operator()(const typing_event& e) const {
    static constexpr std::array<std::string_view, 3> states{"active", "paused", "done"};
    named("typing");
    add_place(json, e.where);
    json.text("from", e.from);
    json.text("state", states[static_cast<std::size_t>(e.state)]);
  }
  void operator()(const data_event& e) const {
    named("data");
    add_place(json, e.where);
    json.text("from", e.from);
    json.text("type", e.type);
    // Some network let something else through: it is told as the text it is.
    if (is_json(e.value))
      append_json_value(json.key("value"), e.value);
    else
      json.text("value", e.value);
    json.number_if("at", e.at);
    json.flag_if("self", e.self);
    json.number_if("echo_of", static_cast<std::int64_t>(e.echo_of));
  }
  void operator()(const data_lost_event& e) const {
    named("data_lost");
    json.number("count", e.count);
  }
  void operator()(const reacted_event& e) const {
    named("reacted");
    add_place(json, e.where);
    json.text("from", e.from);
    json.text("id", e.id);
    append_texts(json.key("reactions"), e.reactions);
    json.flag_if("complete", e.complete);
    json.flag_if("self", e.self);
  }
  void operator()(const edited_event& e) const {
    named("edited");
    add_place(json, e.where);
    json.text("from", e.from);
    json.text("id", e.id);
    add_text(json, e.body);
    json.number_if("at", e.at);
    json.flag_if("self", e.self);
  }
  void operator()(const retracted_event& e) const {
    named("retracted");
    add_place(json, e.where);
    json.text("from", e.from);
    json.text("id", e.id);
    json.text_if("text", e.text);
  }
  void operator()(const kicked_event& e) const {
    named("kicked");
    json.text("room", e.room);
    json.text_if("from", e.from);
    json.text("who", e.who);
    json.text_if("text", e.text);
    json.flag_if("ban", e.ban);
    json.flag_if("self", e.self);
    json.number_if("at", e.at);
  }
  void operator()(const mode_event& e) const {
    named("mode");
    json.text("room", e.room);
    json.text_if("from", e.from);
    append_json_array(json.key("changes"), e.changes, [](std::string& out, const mode_change& one) {
      json_object change(out);
      change.flag("set", one.set);
      change.text("mode", one.mode);
      change.text_if("value", one.value);
      if (one.as_role >= 0) change.text("role", role_names[static_cast<std::size_t>(one.as_role)]);
      change.close();
    });
    json.flag_if("initial", e.initial);
  }
  void operator()(const history_event& e) const {
    named("history");
    add_place(json, e.where);
    append_json_array(json.key("items"), e.items, [](std::string& out, const said_event& one) {
      json_object item(out);
      add_said(item, one);
      item.close();
    });
    json.flag_if("complete", e.complete);
    json.number_if("n", static_cast<std::int64_t>(e.n));
  }
  void operator()(const gap_event& e) const {
    named("gap");
    json.text_if("room", e.room);
    json.number_if("from", static_cast<std::int64_t>(e.from));
    json.number_if("to", static_cast<std::int64_t>(e.to));
    json.text("reason", e.reason);
    json.number_if("from_at", e.from_at);
    json.number_if("to_at", e.to_at);
    json.flag_if("healing", e.healing);
  }
  void operator()(const healed_event& e) const {
    named("healed");
    json.text("room", e.room);
    json.flag("complete", e.complete);
    json.number("count", e.count);
  }
  void operator()(const room_features_event& e) const {
    named("features");
    json.text("room", e.room);
    append_texts(json.key("features"), e.features);
  }
  void operator()(const sent_event& e) const {
    named("sent");
    json.number("n", static_cast<std::int64_t>(e.n));
  }
  void operator()(const waiting_event& e) const {
    named("waiting");
    json.number("n", static_cast<std::int64_t>(e.n));
    json.number("ms", e.ms);
  }
  void operator()(const read_marker_event& e) const {
    named("read");
    add_place(json, e.where);
    json.text_if("id", e.id);
    json.number_if("at", e.at);
  }
  void operator()(const members_changed_event& e) const {
    named("members_changed");
    json.text_if("room", e.room);
    append_json_array(json.key("joined"), e.joined, append_member);
    append_texts(json.key("left"), e.left);
  }
  void operator()(const result_event& e) const {
    named("result");
    add_result(json, e);
  }
  void operator()(const error_event& e) const {
    named("error");
    json.text_if("room", e.room);
    add_failure(json, e.why);
  }
  void operator()(const notice_event& e) const {
    named("notice");
    json.text_if("from", e.from);
    add_text(json, e.body);
    json.text("kind", e.kind);
    json.number_if("at", e.at);
  }
  void operator()(const invited_event& e) const {
    named("invited");
    json.text("room", e.room);
    json.text("from", e.from);
    json.text_if("text", e.text);
    json.text_if("key", e.key);
  }
  void operator()(const closing_event& e) const {
    named("closing");
    add_failure(json, e.why);
    json.flag_if("come_back", e.come_back);
  }
};

}  // namespace

std::string chat_dialect::encode(const event& what) const {
  std::string out;
  out.reserve(256);
  json_object json(out);
  std::visit(writer{json}, what);
  json.close();
  return out;
}

std::string chat_dialect::hello(const session& of, const session::start_point& start) const {
  const network& config = of.network_config();
  std::string out;
  json_object json(out);
  json.text("ev", "hello");
  json.text("session", of.id());
  json.text("epoch", of.epoch());
  json.text("network", config.name);
  json.text("title", config.title);
  json.text("kind", config.kind == network_kind::irc ? "irc" : "xmpp");
  json.number("next", static_cast<std::int64_t>(start.cursor + 1));
  json.flag("resumed", start.resumed);
  json.number("hold", of.limits().hold_ms);
  json.number("grace", of.limits().grace_ms);
  json.number("heartbeat", of.limits().heartbeat_ms);
  json.number("poll", of.limits().poll_ms);
  json.close();
  return out;
}

std::string chat_dialect::print_failure(const failure& why) const {
  std::string out;
  json_object json(out);
  add_failure(json, why);
  json.close();
  return out;
}

std::string chat_dialect::print_networks(const std::vector<offered_network>& offered) const {
  std::string out;
  append_json_array(out, offered, [](std::string& to, const offered_network& offer) {
    const network& one = offer.what;
    json_object json(to);
    json.text("network", one.name);
    json.text("title", one.title);
    json.text("kind", one.kind == network_kind::irc ? "irc" : "xmpp");
    json.flag("guest", one.guests);
    json.flag("account", one.accounts);
    append_texts(json.key("rooms"), one.rooms);
    if (!one.watch_rooms.empty()) append_texts(json.key("watched"), one.watch_rooms);
    json_object nicks(json.key("nick"));
    nicks.number_if("max", offer.nicks.max);
    nicks.text_if("forbidden", offer.nicks.forbidden);
    nicks.text_if("not_first", offer.nicks.not_first);
    nicks.close();
    json.close();
  });
  return out;
}

}  // namespace halley
