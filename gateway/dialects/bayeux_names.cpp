// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bayeux_names.hpp"

#include <algorithm>
#include <array>

#include "gateway/base/utf8.hpp"
#include "gateway/chat/limits.hpp"

namespace halley {
namespace {

constexpr std::size_t longest_channel = 2048;  // what clients put into a URL
constexpr std::ptrdiff_t deepest_channel = 8;

constexpr std::string_view digits = "0123456789abcdef";

bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '@';
}

// Every casemapping of IRC and nodeprep agree on these letters. What else a network takes for the
// same, it spells in one way when it tells of it.
void append_escaped(std::string& out, std::string_view text, bool fold) {
  for (char c : text) {
    if (fold && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (stands_for_itself(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '~';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

bool is_prefix(char c) {
  return c == '#' || c == '&' || c == '+' || c == '!';
}

// "#a" loses its "#", since nearly every room has it; a name that would then begin like another
// kind of room keeps it ("##a", "#&a"), so that the way back is clear.
std::string_view without_hash(std::string_view room) {
  const bool plain = room.size() > 1 && room[0] == '#' && !is_prefix(room[1]);
  return plain ? room.substr(1) : room;
}

// A room on the network's own service goes without it, where the configuration names that service.
std::string_view without_service(std::string_view room, std::string_view service) {
  const std::size_t at = room.rfind('@');
  const bool own =
      !service.empty() && at != std::string_view::npos && at > 0 && room.substr(at + 1) == service;
  return own ? room.substr(0, at) : room;
}

int digit_value(char c) {
  const std::size_t at = digits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::optional<std::string> unescape(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '~') {
      out += segment[i];
      continue;
    }
    const int high = i + 2 < segment.size() ? digit_value(segment[i + 1]) : -1;
    const int low = high >= 0 ? digit_value(segment[i + 2]) : -1;
    if (low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

std::string escape_name(std::string_view name, bool is_room, const network& of) {
  std::string out;
  if (of.kind == network_kind::irc) {
    append_escaped(out, is_room ? without_hash(name) : name, true);
    return out;
  }
  if (is_room) name = without_service(name, of.muc_service);
  // The part of a Jabber id after the slash is the only one in which case matters.
  const std::size_t slash = std::min(name.find('/'), name.size());
  append_escaped(out, name.substr(0, slash), true);
  append_escaped(out, name.substr(slash), false);
  return out;
}

std::optional<std::string> unescape_name(std::string_view segment, bool is_room, const network& of,
                                         std::string* instead) {
  auto name = unescape(segment);
  if (!name || name->empty() || name->size() > limit::room || !is_utf8(*name)) return std::nullopt;
  if (is_room && of.kind == network_kind::irc && !is_prefix(name->front()))
    name->insert(name->begin(), '#');
  std::string right = escape_name(*name, is_room, of);
  if (right == segment) return name;
  if (instead != nullptr) *instead = std::move(right);
  return std::nullopt;
}

failure bad_channel(std::string text) {
  return {failure_code::bad_field, std::move(text), "channel"};
}

// The room or person a channel stands for, as the network spells it.
result<std::string, failure> name_of(const bayeux_address& where, const network& of) {
  const bool is_room = where.realm != bayeux_realm::dm;
  std::string instead;
  auto name = unescape_name(where.segment, is_room, of, &instead);
  if (!name)
    return bad_channel(instead.empty() ? "This name is not escaped as names in channels are"
                                       : "This name is spelled " + instead);
  if (!is_room || of.kind != network_kind::xmpp || name->find('@') != std::string::npos)
    return *name;
  if (of.muc_service.empty()) return bad_channel("Name the room with its service after an @");
  return *name + '@' + of.muc_service;
}

std::optional<bayeux_address> parse_address(std::string_view channel) {
  static constexpr std::array<std::string_view, 6> realms{"chat", "data",    "dm",
                                                          "members", "net", "service"};
  if (!channel.starts_with('/') || is_pattern(channel)) return std::nullopt;
  channel.remove_prefix(1);
  const auto next = [&channel] {
    const std::string_view segment = channel.substr(0, channel.find('/'));
    channel.remove_prefix(std::min(channel.size(), segment.size() + 1));
    return segment;
  };
  const std::string_view realm = next();
  const auto found = std::find(realms.begin(), realms.end(), realm);
  if (found == realms.end()) return std::nullopt;
  bayeux_address out;
  out.realm = static_cast<bayeux_realm>(found - realms.begin());
  out.network = next();
  out.segment = next();
  const bool has_segment = !out.segment.empty();
  if (out.network.empty() || !channel.empty() || has_segment != (out.realm != bayeux_realm::net))
    return std::nullopt;
  return out;
}

bool is_pattern(std::string_view channel) {
  return channel.ends_with("/*") || channel.ends_with("/**");
}

bool is_channel(std::string_view text) {
  if (text.size() < 2 || text.size() > longest_channel || text[0] != '/') return false;
  if (std::count(text.begin(), text.end(), '/') > deepest_channel) return false;
  if (is_pattern(text)) text = text.substr(0, text.rfind('/'));
  char before = 'x';
  for (const char c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("-_!~()$@").find(c) != std::string_view::npos;
    if (!word && (c != '/' || before == '/')) return false;
    before = c;
  }
  return before != '/';
}

bool matches(std::string_view pattern, std::string_view channel) {
  if (!is_pattern(pattern)) return pattern == channel;
  const bool deep = pattern.ends_with("**");
  const std::string_view stem = pattern.substr(0, pattern.rfind('/') + 1);
  if (!channel.starts_with(stem) || channel.size() == stem.size()) return false;
  return deep || channel.find('/', stem.size()) == std::string_view::npos;
}

}  // namespace halley
