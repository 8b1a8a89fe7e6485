// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/message.hpp"

#include "gateway/base/utf8.hpp"

namespace halley::irc {
namespace {

using namespace std::string_view_literals;

void skip_spaces(std::string_view& rest) {
  const std::size_t at = rest.find_first_not_of(' ');
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at);
}

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(word.size());
  skip_spaces(rest);
  return word;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string_view message::nick() const {
  return prefix.substr(0, prefix.find_first_of("!@"));
}

std::string_view message::user_at_host() const {
  const std::size_t bang = prefix.find('!');
  return bang == std::string_view::npos ? std::string_view() : prefix.substr(bang + 1);
}

std::string_view message::host() const {
  const std::size_t at = prefix.rfind('@');
  return at == std::string_view::npos ? std::string_view() : prefix.substr(at + 1);
}

bool message::from_server() const {
  return prefix.find_first_of("!@") == std::string_view::npos &&
         (prefix.empty() || prefix.find('.') != std::string_view::npos);
}

bool message::has_tag(std::string_view key) const {
  std::string_view rest = tags;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(';'));
    if (one.substr(0, one.find('=')) == key) return true;
    rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : rest.size());
  }
  return false;
}

std::string_view message::raw_tag(std::string_view key) const {
  std::string_view rest = tags;
  std::string_view found;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(';'));
    const std::size_t equals = one.find('=');
    // IRCv3 message-tags: the last of several equal keys counts.
    if (one.substr(0, equals) == key)
      found = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
    rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : rest.size());
  }
  return found;
}

std::string message::tag(std::string_view key) const {
  return unescape_tag(raw_tag(key));
}

int message::numeric() const {
  if (command.size() != 3 || !is_digit(command[0]) || !is_digit(command[1]) ||
      !is_digit(command[2]))
    return 0;
  return (command[0] - '0') * 100 + (command[1] - '0') * 10 + (command[2] - '0');
}

bool parse_message(std::string_view line, message& into) {
  into.tags = into.prefix = {};
  into.count = 0;
  if (line.starts_with('@')) into.tags = take_word(line).substr(1);
  if (line.starts_with(':')) into.prefix = take_word(line).substr(1);
  skip_spaces(line);
  into.command = take_word(line);
  while (!line.empty()) {
    if (line.front() == ':') {
      into.params[into.count++] = line.substr(1);
      break;
    }
    if (into.count + 1 == message::most_params) {
      into.params[into.count++] = line;
      break;
    }
    into.params[into.count++] = take_word(line);
  }
  return !into.command.empty();
}

std::string unescape_tag(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
      continue;
    }
    if (++i == raw.size()) break;  // a lone backslash at the end is dropped
    switch (raw[i]) {
      case ':':
        out += ';';
        break;
      case 's':
        out += ' ';
        break;
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      default:
        out += raw[i];
    }
  }
  return out;
}

void append_escaped_tag(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case ';':
        out += "\\:";
        break;
      case ' ':
        out += "\\s";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        out += c;
    }
  }
}

outgoing::outgoing(std::string_view command) {
  with(command);
}

void outgoing::check(std::string_view part) {
  if (part.find_first_of("\r\n\0"sv) != std::string_view::npos) refused_ = true;
}

outgoing& outgoing::tag(std::string_view key, std::string_view value) {
  if (key.empty() || key.find_first_of("=; \r\n\0"sv) != std::string_view::npos ||
      value.find('\0') != std::string_view::npos)
    refused_ = true;
  tags_ += tags_.empty() ? '@' : ';';
  tags_ += key;
  if (!value.empty()) {
    tags_ += '=';
    append_escaped_tag(tags_, value);
  }
  return *this;
}

outgoing& outgoing::with(std::string_view middle) {
  check(middle);
  if (middle.empty() || middle.front() == ':' || middle.find(' ') != std::string_view::npos)
    refused_ = true;
  if (!body_.empty()) body_ += ' ';
  body_ += middle;
  return *this;
}

outgoing& outgoing::text(std::string_view trailing) {
  check(trailing);
  body_ += " :";
  text_at_ = body_.size();
  body_ += trailing;
  return *this;
}

outgoing& outgoing::fit(std::size_t bytes) {
  if (body_.size() + 2 <= bytes) return *this;
  if (text_at_ == std::string::npos || text_at_ + 2 > bytes) {
    refused_ = true;
    return *this;
  }
  const std::string_view kept =
      utf8_prefix(std::string_view(body_).substr(text_at_), bytes - 2 - text_at_);
  body_.resize(text_at_ + kept.size());
  return *this;
}

outgoing outgoing::whole(std::string_view line) {
  outgoing made("x");
  made.body_.assign(line);
  made.check(line);
  if (line.find_first_not_of(' ') == std::string_view::npos) made.refused_ = true;
  return made;
}

std::string outgoing::line() const {
  std::string whole_line;
  if (refused_) return whole_line;
  whole_line.reserve(tags_.size() + body_.size() + 3);
  if (!tags_.empty()) whole_line.append(tags_).append(1, ' ');
  whole_line.append(body_).append("\r\n");
  return whole_line;
}

}  // namespace halley::irc
