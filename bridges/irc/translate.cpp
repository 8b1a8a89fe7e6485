// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/translate.hpp"

#include "bridges/irc/text.hpp"
#include "gateway/chat/limits.hpp"

namespace halley::irc {
namespace {

std::string name_of(std::string_view raw) {
  return clean_field(raw);
}

// Where a line to `target` happens, without the STATUSMSG mark before a room.
place place_of(std::string_view target, const message& line, const isupport& names,
               std::string& audience) {
  std::size_t at = 0;
  while (at < target.size() && names.status_marks.find(target[at]) != std::string::npos) ++at;
  if (names.is_channel(target.substr(at))) {
    audience = target.substr(0, at);
    return {name_of(target.substr(at)), true};
  }
  if (names.is_channel(target)) return {name_of(target), true};
  return {name_of(line.nick()), false};
}

std::string reply_of(const message& line) {
  std::string id = line.tag("+draft/reply");
  if (id.empty()) id = line.tag("+reply");
  return clean_field(id);
}

std::optional<event> translate_text(word what, const message& line, const isupport& names,
                                    unix_ms arrived) {
  if (line.count < 2) return std::nullopt;
  if (line.from_server()) {
    notice_event told;
    told.from = name_of(line.prefix);
    told.body = read_text(line.last());
    told.kind = "server";
    told.at = time_of(line, arrived);
    return told;
  }
  said_event said;
  std::string_view text = line.last();
  if (const ctcp special = read_ctcp(text); !special.verb.empty()) {
    if (special.verb != "ACTION" || what == word::notice) return std::nullopt;
    said.kind = said_kind::action;
    text = special.rest;
  } else if (what == word::notice) {
    said.kind = said_kind::notice;
  }
  said.where = place_of(line.param(0), line, names, said.audience);
  said.from = name_of(line.nick());
  said.body = read_text(text);
  said.at = time_of(line, arrived);
  if (!line.tags.empty()) {
    said.id = clean_field(line.tag("msgid"));
    said.account = clean_field(line.tag("account"));
    said.reply_to = reply_of(line);
  }
  return said;
}

std::optional<event> translate_data(const message& line, place where, unix_ms arrived) {
  const std::string both = clean_field(line.tag(data_tag));
  const std::size_t space = both.find(' ');
  if (space == 0 || space > limit::data_type || space == std::string::npos) return std::nullopt;
  data_event told;
  told.where = std::move(where);
  told.from = name_of(line.nick());
  told.type = both.substr(0, space);
  told.value = both.substr(space + 1);
  told.at = time_of(line, arrived);
  return told;
}

std::optional<event> translate_tagmsg(const message& line, const isupport& names,
                                      unix_ms arrived) {
  std::string audience;
  const place where = place_of(line.param(0), line, names, audience);
  std::string_view typing = line.raw_tag("+typing");
  if (typing.empty()) typing = line.raw_tag("+draft/typing");
  if (!typing.empty()) {
    typing_event told{where, name_of(line.nick()), typing_state::done};
    if (typing == "active") told.state = typing_state::active;
    if (typing == "paused") told.state = typing_state::paused;
    return told;
  }
  if (line.has_tag(data_tag)) return translate_data(line, where, arrived);
  std::string reaction = clean_field(line.tag("+draft/react"));
  std::string id = reply_of(line);
  if (reaction.empty() || id.empty()) return std::nullopt;
  reacted_event told;
  told.where = where;
  told.from = name_of(line.nick());
  told.id = std::move(id);
  told.reactions.push_back(std::move(reaction));
  return told;
}

event translate_join(const message& line, unix_ms arrived) {
  joined_event told;
  told.room = name_of(line.param(0));
  told.from = name_of(line.nick());
  // extended-join: account ("*": none) and real name
  const std::string_view account =
      line.count > 1 ? line.param(1) : std::string_view(line.raw_tag("account"));
  if (account != "*") told.account = clean_field(account);
  told.real_name = clean_field(line.param(2));
  told.at = time_of(line, arrived);
  return told;
}

event translate_presence(word what, const message& line) {
  presence_event told;
  told.from = name_of(line.nick());
  if (what == word::away) {
    told.away = line.count > 0 && !line.last().empty() ? 1 : 0;
    told.text = read_text(line.last()).text;
  } else if (what == word::account) {
    told.has_account = true;
    if (line.param(0) != "*") told.account = clean_field(line.param(0));
  } else {
    told.real_name = clean_field(line.last());
  }
  return told;
}

std::optional<event> translate_mode(const message& line, const isupport& names) {
  if (!names.is_channel(line.param(0))) return std::nullopt;
  mode_event told;
  told.room = name_of(line.param(0));
  told.from = name_of(line.nick());
  told.changes = read_modes(line, 1, names);
  if (told.changes.empty()) return std::nullopt;
  return told;
}

}  // namespace

unix_ms time_of(const message& line, unix_ms arrived) {
  if (line.tags.empty()) return arrived;
  return parse_iso_time(line.raw_tag("time")).value_or(arrived);
}

std::vector<mode_change> read_modes(const message& line, std::size_t from, const isupport& names) {
  std::vector<mode_change> changes;
  bool set = true;
  std::size_t value = from + 1;
  for (const char letter : line.param(from)) {
    if (letter == '+' || letter == '-') {
      set = letter == '+';
      continue;
    }
    mode_change change;
    change.set = set;
    change.mode = letter;
    change.as_role = names.role_of_mode(letter);
    if (names.takes_value(letter, set) && value < line.count)
      change.value = clean_field(line.params[value++]);
    changes.push_back(std::move(change));
  }
  return changes;
}

member read_names_entry(std::string_view entry, const isupport& names, std::string_view& mask) {
  member one;
  while (!entry.empty()) {
    const int which = names.role_of_mark(entry.front());
    if (which < 0) break;
    one.roles.add(static_cast<role>(which));
    entry.remove_prefix(1);
  }
  const std::size_t bang = entry.find('!');
  mask = bang == std::string_view::npos ? std::string_view() : entry.substr(bang + 1);
  one.nick = clean_field(entry.substr(0, bang));
  return one;
}

std::optional<event> translate(word what, const message& line, const isupport& names,
                               unix_ms arrived) {
  switch (what) {
    case word::privmsg:
    case word::notice:
      return translate_text(what, line, names, arrived);
    case word::tagmsg:
      return translate_tagmsg(line, names, arrived);
    case word::join:
      return translate_join(line, arrived);
    case word::part:
      return left_event{name_of(line.param(0)), name_of(line.nick()), read_text(line.param(1)).text,
                        false, time_of(line, arrived)};
    case word::quit:
      return left_event{
          {}, name_of(line.nick()), read_text(line.param(0)).text, false, time_of(line, arrived)};
    case word::nick:
      return nick_event{
          {}, name_of(line.nick()), name_of(line.param(0)), false, time_of(line, arrived)};
    case word::kick: {
      kicked_event told;
      told.room = name_of(line.param(0));
      told.from = name_of(line.nick());
      told.who = name_of(line.param(1));
      told.text = read_text(line.param(2)).text;
      told.at = time_of(line, arrived);
      return told;
    }
    case word::mode:
      return translate_mode(line, names);
    case word::topic:
      return topic_event{name_of(line.param(0)), read_text(line.param(1)), name_of(line.nick()),
                         time_of(line, arrived), false};
    case word::away:
    case word::account:
    case word::setname:
      return translate_presence(what, line);
    case word::redact: {
      std::string audience;
      retracted_event told;
      told.where = place_of(line.param(0), line, names, audience);
      told.from = name_of(line.nick());
      told.id = clean_field(line.param(1));
      told.text = read_text(line.param(2)).text;
      return told;
    }
    case word::invite:
      return invited_event{name_of(line.param(1)), name_of(line.nick()), {}, {}};
    case word::wallops: {
      notice_event told;
      told.from = name_of(line.nick());
      told.body = read_text(line.last());
      told.kind = "server";
      told.at = time_of(line, arrived);
      return told;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace halley::irc
