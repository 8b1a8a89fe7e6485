// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cstdio>

#include "gateway/dialects/chat.hpp"
#include "gateway/dialects/json_text.hpp"

namespace halley {
namespace {

void append_colour(json_object& json, std::string_view name, std::uint32_t colour) {
  if (colour == span::no_color) return;
  std::array<char, 8> text;
  std::snprintf(text.data(), text.size(), "#%06x", colour & 0xFFFFFFu);
  json.text(name, text.data());
}

void append_span(std::string& out, const span& one) {
  static constexpr std::array<std::string_view, 8> names{"bold", "italic", "underline", "strike",
                                                         "mono", "block",  "quote",     "reverse"};
  json_object json(out);
  json.number("start", one.start);
  json.number("length", one.length);
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    json.flag_if(names[bit], (one.style >> bit & 1) != 0);
  append_colour(json, "fg", one.foreground);
  append_colour(json, "bg", one.background);
  json.close();
}

void add_text(json_object& json, const formatted& body) {
  json.text("text", body.text);
  if (!body.spans.empty()) append_json_array(json.key("spans"), body.spans, append_span);
}

void add_place(json_object& json, const place& where) {
  json.text(where.is_room ? "room" : "with", where.name);
}

constexpr std::array<std::string_view, role_count> role_names{"visitor", "voice", "halfop",
                                                              "op",      "admin", "owner"};

// The highest first.
void add_roles(json_object& json, role_set roles, bool also_empty = false) {
  if (roles.empty() && !also_empty) return;
  std::string& out = json.key("roles");
  out += '[';
  bool first = true;
  for (int i = role_count - 1; i >= 0; --i) {
    if (!roles.has(static_cast<role>(i))) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, role_names[static_cast<std::size_t>(i)]);
  }
  out += ']';
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  append_json_array(out, texts, [](std::string& to, const std::string& one) {
    append_json_string(to, one);
  });
}

void add_failure(json_object& json, const failure& why) {
  json_object inner(json.key("error"));
  inner.text("code", failure_name(why.code));
  inner.text_if("field", why.field);
  inner.text("text", why.text);
  inner.close();
}

void append_said(json_object& json, const said_event& e) {
  add_place(json, e.where);
  json.text("from", e.from);
  add_text(json, e.body);
  if (e.kind == said_kind::action) json.text("kind", "action");
  if (e.kind == said_kind::notice) json.text("kind", "notice");
  json.number("at", e.at);
  json.text_if("id", e.id);
  json.text_if("origin_id", e.origin_id);
  json.text_if("account", e.account);
  json.text_if("reply_to", e.reply_to);
  json.text_if("audience", e.audience);
  json.flag_if("self", e.self);
  json.number_if("echo_of", static_cast<std::int64_t>(e.echo_of));
}

void append_member(std::string& out, const member& one) {
  json_object json(out);
  json.text("nick", one.nick);
  add_roles(json, one.roles);
  json.flag_if("away", one.away);
  json.flag_if("self", one.self);
  json.text_if("account", one.account);
  json.close();
}

void append_person(std::string& out, const person& p) {
  json_object json(out);
  json.text("nick", p.nick);
  json.text_if("user", p.user);
  json.text_if("host", p.host);
  json.text_if("real_name", p.real_name);
  json.text_if("account", p.account);
  json.text_if("server", p.server);
  json.text_if("away", p.away);
  if (!p.rooms.empty()) append_texts(json.key("rooms"), p.rooms);
  if (!p.lines.empty()) append_texts(json.key("lines"), p.lines);
  if (p.idle >= 0) json.number("idle", p.idle);
  json.number_if("signed_on", p.signed_on);
  json.flag_if("secure", p.secure);
  json.flag_if("bot", p.bot);
  json.flag_if("operator", p.operator_);
  json.close();
}

struct data_writer {
  json_object& json;
  void operator()(std::monostate) const {}
  void operator()(const person& p) const { append_person(json.key("person"), p); }
  void operator()(const std::vector<room_entry>& rooms) const {
    append_json_array(json.key("rooms"), rooms, [](std::string& out, const room_entry& one) {
      json_object room(out);
      room.text("room", one.room);
      room.text_if("name", one.name);
      room.text_if("topic", one.topic);
      room.number("members", one.members);
      room.close();
    });
  }
  void operator()(const std::vector<list_entry>& entries) const {
    append_json_array(json.key("list"), entries, [](std::string& out, const list_entry& one) {
      json_object entry(out);
      entry.text("mask", one.mask);
      entry.text_if("by", one.by);
      entry.number_if("at", one.at);
      entry.close();
    });
  }
};

void add_result(json_object& json, const result_event& e) {
  json.number("n", static_cast<std::int64_t>(e.n));
  json.flag("ok", e.ok);
  if (!e.ok) add_failure(json, e.why);
  json.text_if("id", e.id);
  std::visit(data_writer{json}, e.data);
}

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
    append_said(json, e);
  }
  void operator()(const typing_event& e) const {
    static constexpr std::array<std::string_view, 3> states{"active", "paused", "done"};
    named("typing");
    add_place(json, e.where);
    json.text("from", e.from);
    json.text("state", states[static_cast<std::size_t>(e.state)]);
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
      append_said(item, one);
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

std::string chat_dialect::print_networks(const std::vector<const network*>& offered) const {
  std::string out;
  append_json_array(out, offered, [](std::string& to, const network* one) {
    json_object json(to);
    json.text("network", one->name);
    json.text("title", one->title);
    json.text("kind", one->kind == network_kind::irc ? "irc" : "xmpp");
    json.flag("guest", one->guests);
    json.flag("account", one->accounts);
    append_texts(json.key("rooms"), one->rooms);
    json.close();
  });
  return out;
}

}  // namespace halley
