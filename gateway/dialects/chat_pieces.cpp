// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/chat_pieces.hpp"

#include <cstdio>

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

void append_setting(std::string& out, const room_setting& one) {
  static constexpr std::array<std::string_view, 7> types{"flag",   "text",   "lines",  "secret",
                                                         "number", "choice", "choices"};
  json_object json(out);
  json.text("name", one.name);
  json.text("type", types[static_cast<std::size_t>(one.type)]);
  json.text_if("label", one.label);
  const std::string value = one.values.empty() ? std::string() : one.values.front();
  if (one.type == setting_type::flag)
    json.flag("value", value == "1");
  else if (one.type == setting_type::lines || one.type == setting_type::choices)
    append_texts(json.key("value"), one.values);
  else
    json.text("value", value);
  if (!one.options.empty())
    append_json_array(json.key("options"), one.options,
                      [](std::string& to, const room_setting::option& choice) {
                        json_object option(to);
                        option.text("value", choice.value);
                        option.text_if("label", choice.label);
                        option.close();
                      });
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
  void operator()(const std::vector<room_setting>& settings) const {
    append_json_array(json.key("settings"), settings, append_setting);
  }
};

}  // namespace

void add_text(json_object& json, const formatted& body) {
  json.text("text", body.text);
  if (!body.spans.empty()) append_json_array(json.key("spans"), body.spans, append_span);
}

void add_place(json_object& json, const place& where) {
  json.text(where.is_room ? "room" : "with", where.name);
}

// The highest first.
void add_roles(json_object& json, role_set roles, bool also_empty) {
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
  inner.number_if("retry_after", why.retry_after);
  inner.close();
}

void add_said(json_object& json, const said_event& e) {
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
  json.flag_if("replayed", e.replayed);
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

void add_result(json_object& json, const result_event& e) {
  json.number("n", static_cast<std::int64_t>(e.n));
  json.flag("ok", e.ok);
  if (!e.ok) add_failure(json, e.why);
  json.text_if("id", e.id);
  std::visit(data_writer{json}, e.data);
}

}  // namespace halley
