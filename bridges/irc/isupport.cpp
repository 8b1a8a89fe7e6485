// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/isupport.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace halley::irc {
namespace {

std::uint32_t number_in(std::string_view text, std::uint32_t otherwise) {
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc() ? value : otherwise;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "\x20" and the like stand for characters that cannot be in a parameter.
std::string unescape_value(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw.substr(i, 2) == "\\x" && i + 3 < raw.size() && hex_digit(raw[i + 2]) >= 0 &&
        hex_digit(raw[i + 3]) >= 0) {
      out += static_cast<char>(hex_digit(raw[i + 2]) * 16 + hex_digit(raw[i + 3]));
      i += 3;
    } else {
      out += raw[i];
    }
  }
  return out;
}

void take_prefix(isupport& into, std::string_view value) {
  into.prefix_modes.clear();
  into.prefix_marks.clear();
  const std::size_t close = value.find(')');
  if (!value.starts_with('(') || close == std::string_view::npos) return;
  const std::string_view modes = value.substr(1, close - 1);
  const std::string_view marks = value.substr(close + 1);
  const std::size_t size = std::min(modes.size(), marks.size());
  into.prefix_modes = modes.substr(0, size);
  into.prefix_marks = marks.substr(0, size);
}

void take_chanmodes(isupport& into, std::string_view value) {
  std::array<std::string*, 4> kinds{&into.list_modes, &into.param_modes, &into.set_modes,
                                    &into.flag_modes};
  for (std::string* kind : kinds) {
    const std::size_t comma = value.find(',');
    *kind = value.substr(0, comma);
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
}

void take_targmax(isupport& into, std::string_view value) {
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find(','));
    if (one.starts_with("JOIN:")) into.join_targets = number_in(one.substr(5), 0);
    value.remove_prefix(one.size() < value.size() ? one.size() + 1 : value.size());
  }
}

void take_extban(isupport& into, std::string_view value) {
  const std::size_t comma = value.find(',');
  into.extban_prefix = value.substr(0, comma);
  into.extban_types =
      comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
}

void take_mapping(isupport& into, std::string_view value) {
  if (value == "ascii")
    into.mapping = case_mapping::ascii;
  else if (value == "strict-rfc1459" || value == "rfc1459-strict")
    into.mapping = case_mapping::strict_rfc1459;
  else
    into.mapping = case_mapping::rfc1459;
}

}  // namespace

void isupport::take(const message& line) {
  for (std::size_t i = 1; i + 1 < line.count; ++i) take_token(line.params[i]);
}

void isupport::take_token(std::string_view token) {
  const std::size_t equals = token.find('=');
  const std::string_view key = token.substr(0, equals);
  const std::string value =
      equals == std::string_view::npos ? std::string() : unescape_value(token.substr(equals + 1));
  if (key == "CASEMAPPING")
    take_mapping(*this, value);
  else if (key == "CHANTYPES")
    channel_types = value;
  else if (key == "PREFIX")
    take_prefix(*this, value);
  else if (key == "CHANMODES")
    take_chanmodes(*this, value);
  else if (key == "STATUSMSG")
    status_marks = value;
  else if (key == "EXTBAN")
    take_extban(*this, value);
  else if (key == "ACCOUNTEXTBAN")
    account_extban = value.substr(0, value.find(','));
  else if (key == "EXCEPTS")
    except_mode = value.empty() ? "e" : value;
  else if (key == "INVEX")
    invite_mode = value.empty() ? "I" : value;
  else if (key == "BOT")
    bot_mode = value;
  else if (key == "NETWORK")
    network = value;
  else if (key == "ELIST")
    list_filters = value;
  else if (key == "MSGREFTYPES")
    history_references = value;
  else if (key == "CLIENTTAGDENY")
    denied_tags = value;
  else if (key == "NICKLEN")
    nick_length = number_in(value, nick_length);
  else if (key == "CHANNELLEN")
    channel_length = number_in(value, channel_length);
  else if (key == "TOPICLEN")
    topic_length = number_in(value, topic_length);
  // Below 512 no server may go; past 4096 nobody reads a line.
  else if (key == "LINELEN")
    line_length = std::clamp(number_in(value, 512), 512u, 4096u);
  else if (key == "MODES")
    modes_a_line = std::max(1u, number_in(value, 20));
  else if (key == "TARGMAX")
    take_targmax(*this, value);
  else if (key == "CHATHISTORY" || key == "draft/CHATHISTORY")
    history_limit = static_cast<std::int32_t>(std::min(number_in(value, 0), 100000u));
  else if (key == "MONITOR")
    monitor = true;
  else if (key == "UTF8ONLY")
    utf8_only = true;
}

// IRCv3 message-tags: a list of tags, where "*" is all of them and "-tag" is none the less passed on.
bool isupport::passes_tag(std::string_view tag) const {
  bool denied = false;
  for (std::string_view rest = denied_tags; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (one == "*" || one == tag) denied = true;
    if (one.starts_with('-') && one.substr(1) == tag) return true;
  }
  return !denied;
}

int isupport::role_of_mode(char mode) const {
  const std::size_t at = prefix_modes.find(mode);
  if (at == std::string::npos) return -1;
  switch (mode) {
    case 'q':
      return static_cast<int>(role::owner);
    case 'a':
      return static_cast<int>(role::admin);
    case 'o':
      return static_cast<int>(role::op);
    case 'h':
      return static_cast<int>(role::halfop);
    case 'v':
      return static_cast<int>(role::voice);
    default:
      break;
  }
  const std::size_t op = prefix_modes.find('o');
  return static_cast<int>(op != std::string::npos && at < op ? role::owner : role::voice);
}

int isupport::role_of_mark(char mark) const {
  const std::size_t at = prefix_marks.find(mark);
  return at == std::string::npos ? -1 : role_of_mode(prefix_modes[at]);
}

char isupport::mode_of_role(role which) const {
  const char wanted = which == role::owner    ? 'q'
                      : which == role::admin  ? 'a'
                      : which == role::op     ? 'o'
                      : which == role::halfop ? 'h'
                      : which == role::voice  ? 'v'
                                              : '\0';
  return wanted && prefix_modes.find(wanted) != std::string::npos ? wanted : '\0';
}

bool isupport::takes_value(char mode, bool set) const {
  if (prefix_modes.find(mode) != std::string::npos) return true;
  if (list_modes.find(mode) != std::string::npos) return true;
  if (param_modes.find(mode) != std::string::npos) return true;
  return set && set_modes.find(mode) != std::string::npos;
}

char isupport::fold(char c) const {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c + ('a' - 'A'));
  if (mapping == case_mapping::ascii) return c;
  switch (c) {
    case '[':
      return '{';
    case ']':
      return '}';
    case '\\':
      return '|';
    case '~':
      return mapping == case_mapping::rfc1459 ? '^' : c;
    default:
      return c;
  }
}

std::string isupport::fold(std::string_view name) const {
  std::string out(name);
  for (char& c : out) c = fold(c);
  return out;
}

bool isupport::same(std::string_view a, std::string_view b) const {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [this](char x, char y) { return fold(x) == fold(y); });
}

}  // namespace halley::irc
