// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "gateway/chat/limits.hpp"
#include "gateway/dialects/chat.hpp"
#include "gateway/dialects/chat_commands.hpp"
#include "gateway/dialects/json_fields.hpp"

namespace halley {
namespace {

using nlohmann::json;

command read_join(json_fields& f) {
  return join_command{f.required("room", limit::room), f.optional("key", limit::secret)};
}
command read_part(json_fields& f) {
  return part_command{f.required("room", limit::room), f.optional("text", limit::reason)};
}
command read_say(json_fields& f) {
  say_command c;
  c.to = f.required("to", limit::room);
  c.text = f.lines("text", limit::text);
  c.kind = static_cast<said_kind>(f.choice("kind", {"message", "action", "notice"}, 0));
  c.reply_to = f.optional("reply_to", limit::id);
  return c;
}
command read_nick(json_fields& f) { return nick_command{f.required("nick", limit::nick)}; }
command read_topic(json_fields& f) {
  return topic_command{f.required("room", limit::room), f.optional("text", limit::topic),
                       f.find("text") != nullptr};
}
command read_names(json_fields& f) { return names_command{f.required("room", limit::room)}; }
command read_list(json_fields& f) { return list_command{f.optional("filter", limit::room)}; }
command read_whois(json_fields& f) {
  return whois_command{f.required("nick", limit::room), f.optional("room", limit::room)};
}
command read_away(json_fields& f) { return away_command{f.optional("text", limit::reason)}; }
command read_typing(json_fields& f) {
  return typing_command{
      f.required("to", limit::room),
      static_cast<typing_state>(f.choice("state", {"active", "paused", "done"}, 0))};
}
command read_data(json_fields& f) {
  data_command c{f.required("to", limit::room), f.required("type", limit::data_type), {}};
  const bool plain = std::all_of(c.type.begin(), c.type.end(),
                                 [](char letter) { return letter > ' ' && letter <= '~'; });
  if (!plain) f.fail("type", "has more than printable ASCII without spaces");
  // null is a value here.
  if (!f.has("value")) f.fail("value", "is missing");
  if (!f.ok()) return c;
  const json* value = f.find("value");
  c.value = value != nullptr ? value->dump() : "null";
  if (const auto fault = find_fault(c.value, limit::data, false)) f.fail("value", *fault);
  return c;
}
command read_react(json_fields& f) {
  return react_command{f.required("to", limit::room), f.required("id", limit::id),
                       f.texts("reactions", 64, limit::reactions)};
}
command read_edit(json_fields& f) {
  return edit_command{f.required("to", limit::room), f.required("id", limit::id),
                      f.lines("text", limit::text)};
}
command read_retract(json_fields& f) {
  return retract_command{f.required("to", limit::room), f.required("id", limit::id),
                         f.optional("text", limit::reason)};
}
command read_read_marker(json_fields& f) {
  mark_read_command c{f.required("to", limit::room), f.optional("id", limit::id),
                      f.integer("at", 0)};
  if (c.at < 1) f.fail("at", "must be the time of a message, in milliseconds");
  return c;
}
command read_history(json_fields& f) {
  history_command c;
  c.to = f.required("to", limit::room);
  c.before = f.optional("before", limit::id);
  c.after = f.optional("after", limit::id);
  c.before_at = f.integer("before_at", 0);
  c.after_at = f.integer("after_at", 0);
  const std::int64_t wanted = f.integer("limit", 50);
  if (wanted < 1 || wanted > limit::history)
    f.fail("limit", "must be between 1 and " + std::to_string(limit::history));
  c.limit = static_cast<std::uint32_t>(wanted);
  if (!c.before.empty() + !c.after.empty() + (c.before_at != 0) + (c.after_at != 0) > 1)
    f.fail("before", "cannot stand beside after, before_at or after_at");
  return c;
}

void read_changes(json_fields& f, mode_command& c) {
  const json* list = f.find("changes");
  if (list == nullptr || !list->is_array() || list->empty())
    return f.fail("changes", "must be an array of mode changes");
  if (list->size() > limit::mode_changes)
    return f.fail("changes", "has more than " + std::to_string(limit::mode_changes) + " entries");
  for (const json& one : *list) {
    if (!one.is_object()) return f.fail("changes", "must be an array of objects");
    json_fields inner(one);
    mode_change change;
    change.set = inner.flag("set", true);
    change.mode = inner.required("mode", 64);
    change.value = inner.optional("value", limit::room);
    if (!inner.ok()) return f.fail("changes", "has a bad entry: " + inner.why().text);
    c.changes.push_back(std::move(change));
  }
}

bool read_by(json_fields& f) {
  f.choice("by", {"account"}, 0);
  return f.has("by");
}

// One object, several meanings: which one is told by the field that is there.
command read_mode(json_fields& f) {
  mode_command c;
  c.room = f.required("room", limit::room);
  c.set = f.flag("set", true);
  c.text = f.optional("text", limit::reason);
  if (f.has("role")) {
    c.verb = mode_verb::role;
    c.as_role = static_cast<role>(
        f.choice("role", {"visitor", "voice", "halfop", "op", "admin", "owner"}, 0));
    c.who = f.required("who", limit::room);
  } else if (f.has("ban")) {
    c.verb = mode_verb::ban;
    c.who = f.required("ban", limit::room);
    c.lasts_ms = f.integer("lasts", 0);
    c.by_account = read_by(f);
    if (c.lasts_ms < 0 || c.lasts_ms > limit::ban_ms) f.fail("lasts", "must be at most a year");
  } else if (f.has("mute")) {
    c.verb = mode_verb::mute;
    c.who = f.required("mute", limit::room);
  } else if (f.has("list")) {
    c.list = static_cast<list_kind>(f.choice("list", {"bans", "exceptions", "invites"}, 0));
    c.verb = f.has("set") ? mode_verb::entry : mode_verb::list;
    if (f.has("set") || f.has("who")) c.who = f.required("who", limit::room);
    c.by_account = read_by(f);
  } else if (f.has("slow")) {
    c.verb = mode_verb::slow;
    const std::int64_t every = f.integer("slow", 0);
    if (every < 0 || every > limit::slow_s) f.fail("slow", "must be at most an hour");
    c.every_s = static_cast<std::uint32_t>(every);
  } else {
    read_changes(f, c);
  }
  return c;
}
// A flag is a JSON boolean, what is a list an array, a number may be one.
std::vector<std::string> read_values(json_fields& f, const json& value) {
  if (value.is_boolean()) return {value.get<bool>() ? "1" : "0"};
  if (value.is_number_integer()) return {value.dump()};
  const json list = value.is_array() ? value : json::array({value});
  if (list.size() > limit::setting_changes) f.fail("set", "has a value of too many parts");
  std::vector<std::string> values;
  for (const json& one : list) {
    if (!one.is_string()) {
      f.fail("set", "may hold texts, numbers, flags and lists of texts");
      break;
    }
    values.push_back(one.get<std::string>());
    if (const auto fault = find_fault(values.back(), limit::topic, false)) f.fail("set", *fault);
  }
  return values;
}
command read_settings(json_fields& f) {
  settings_command c{f.required("room", limit::room), {}};
  const json* set = f.find("set");
  if (set == nullptr) return c;
  if (!set->is_object() || set->size() > limit::setting_changes) {
    f.fail("set", "must be an object of at most " + std::to_string(limit::setting_changes) +
                      " settings");
    return c;
  }
  for (const auto& [name, value] : set->items()) {
    if (const auto fault = find_fault(name, limit::nick, false)) f.fail("set", *fault);
    c.changes.push_back({name, read_values(f, value)});
  }
  return c;
}
command read_kick(json_fields& f) {
  return kick_command{f.required("room", limit::room), f.required("nick", limit::nick),
                      f.optional("text", limit::reason)};
}
command read_invite(json_fields& f) {
  return invite_command{f.required("room", limit::room), f.required("nick", limit::room),
                        f.optional("text", limit::reason)};
}
command read_register(json_fields& f) {
  return register_command{f.optional("account", limit::nick), f.required("password", limit::secret),
                          f.optional("email", limit::nick)};
}
command read_login(json_fields& f) {
  return login_command{f.required("account", limit::nick), f.required("password", limit::secret)};
}
command read_contacts(json_fields& f) {
  contacts_command c;
  c.verb = static_cast<contact_verb>(
      f.choice("verb", {"list", "add", "remove", "accept", "refuse"}, 0));
  c.who = c.verb == contact_verb::list ? "" : f.required("who", limit::room);
  return c;
}
command read_raw(json_fields& f) { return raw_command{f.required("line", limit::line)}; }
command read_ping(json_fields&) { return ping_command{}; }

struct verb {
  std::string_view name;
  command (*read)(json_fields&);
};
constexpr std::array verbs{
    verb{"join", read_join},         verb{"part", read_part},
    verb{"say", read_say},           verb{"nick", read_nick},
    verb{"topic", read_topic},       verb{"names", read_names},
    verb{"list", read_list},         verb{"whois", read_whois},
    verb{"away", read_away},         verb{"typing", read_typing},
    verb{"react", read_react},       verb{"edit", read_edit},
    verb{"retract", read_retract},   verb{"history", read_history},
    verb{"mode", read_mode},         verb{"kick", read_kick},
    verb{"invite", read_invite},     verb{"register", read_register},
    verb{"login", read_login},       verb{"contacts", read_contacts},
    verb{"raw", read_raw},           verb{"ping", read_ping},
    verb{"data", read_data},         verb{"read", read_read_marker},
    verb{"settings", read_settings},
};
static_assert(verbs.size() == std::variant_size_v<command>);

result<command, failure> read_named(std::string_view name, json_fields& f) {
  for (const verb& one : verbs) {
    if (one.name != name) continue;
    command read = one.read(f);
    if (!f.ok()) return f.why();
    return read;
  }
  return failure{failure_code::unknown_command,
                 "There is no command " + std::string(name) + '.', "do"};
}

std::variant<numbered_command, refused_command> read_numbered(std::uint64_t n, json_fields& f) {
  const std::string name = f.required("do", 64);
  if (!f.ok()) return refused_command{n, f.why()};
  auto read = read_named(name, f);
  if (!read) return refused_command{n, read.error()};
  return numbered_command{n, *std::move(read)};
}

// Nothing, or why the whole text must be refused: an item that cannot even be numbered. A mistake in
// a command's own fields refuses that command alone.
std::optional<failure> read_item(const json& item, inbound& into) {
  if (!item.is_object())
    return failure{failure_code::bad_request, "A command must be a JSON object.", ""};
  json_fields f(item);
  if (f.has("ack")) {
    const std::int64_t number = f.integer("ack", -1);
    if (number < 0) f.fail("ack", "must be a number from 0 on");
    if (!f.ok()) return f.why();
    into.acknowledged = static_cast<std::uint64_t>(number);
    if (!f.has("do")) return std::nullopt;
  }
  const std::int64_t n = f.integer("n", 0);
  if (n < 1) f.fail("n", "must be a number from 1 on");
  if (!f.ok()) return f.why();
  into.commands.push_back(read_numbered(static_cast<std::uint64_t>(n), f));
  return std::nullopt;
}

}  // namespace

result<command, failure> read_command(std::string_view name, const json& fields) {
  json_fields f(fields);
  return read_named(name, f);
}

result<inbound, failure> chat_dialect::decode(std::string_view text) const {
  auto parsed = parse_json(text);
  if (!parsed) return parsed.error();
  inbound out;
  if (!parsed->is_array()) {
    if (auto why = read_item(*parsed, out)) return *why;
    return out;
  }
  if (parsed->size() > limit::commands_in_one_body)
    return failure{failure_code::too_many,
                   "More than " + std::to_string(limit::commands_in_one_body) +
                       " commands in one body.",
                   ""};
  for (const json& item : *parsed)
    if (auto why = read_item(item, out)) return *why;
  return out;
}

namespace {

void read_rooms(json_fields& f, visitor& who) {
  const json* rooms = f.find("rooms");
  if (rooms == nullptr) return;
  if (!rooms->is_array()) return f.fail("rooms", "must be an array");
  if (rooms->size() > limit::rooms_at_entry)
    return f.fail("rooms", "has more than " + std::to_string(limit::rooms_at_entry) + " entries");
  for (const json& one : *rooms) {
    // "#a" is short for {"room":"#a"}.
    const json object = one.is_string() ? json{{"room", one}} : one;
    if (!object.is_object()) return f.fail("rooms", "must hold names or objects");
    json_fields inner(object);
    visitor::room room{inner.required("room", limit::room), inner.optional("key", limit::secret)};
    if (!inner.ok()) return f.fail("rooms", "has a bad entry: " + inner.why().text);
    who.rooms.push_back(std::move(room));
  }
}

}  // namespace

namespace {

// Long enough that nobody guesses another's: whoever knows the key gets the session.
bool is_entering_key(std::string_view text) {
  return text.size() >= 16 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

result<entering, failure> chat_dialect::decode_enter(std::string_view text) const {
  auto parsed = parse_json(text);
  if (!parsed) return parsed.error();
  if (!parsed->is_object())
    return failure{failure_code::bad_request, "The body must be a JSON object.", ""};
  json_fields f(*parsed);
  entering out;
  out.network = f.required("network", 64);
  out.key = f.optional("key", 64);
  if (f.ok() && !out.key.empty() && !is_entering_key(out.key))
    f.fail("key", "must be 16 to 64 of A-Z, a-z, 0-9, _ and -");
  out.who.nick = f.required("nick", limit::nick);
  out.who.account = f.optional("account", limit::nick);
  out.who.password = f.optional("password", limit::secret);
  read_rooms(f, out.who);
  if (f.ok() && !out.who.password.empty() && out.who.account.empty())
    out.who.account = out.who.nick;
  if (!f.ok()) return f.why();
  return out;
}

}  // namespace halley
