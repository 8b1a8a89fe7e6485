// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/irc_standing.hpp"

#include <algorithm>

#include "gateway/base/ascii.hpp"

namespace halley {
namespace {

constexpr std::size_t most_rooms = 200;     // whoever is in more comes back to these
constexpr std::size_t most_welcome = 24;    // lines; servers have some five of 005

std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return word;
}

}  // namespace

irc_words split_irc(std::string_view line) {
  irc_words out;
  if (line.starts_with('@')) out.tags = take_word(line).substr(1);
  if (line.starts_with(':')) out.source = take_word(line).substr(1);
  while (line.starts_with(' ')) line.remove_prefix(1);
  out.command = take_word(line);
  while (!line.empty()) {
    if (line.front() == ':') {
      out.params.push_back(line.substr(1));
      break;
    }
    out.params.push_back(take_word(line));
  }
  return out;
}

bool irc_standing::is_own(std::string_view source) const {
  return !nick_.empty() && equal_ignoring_case(source.substr(0, source.find('!')), nick_);
}

irc_standing::room* irc_standing::find(std::string_view name) {
  const auto at = std::find_if(rooms_.begin(), rooms_.end(),
                               [name](const room& it) { return equal_ignoring_case(it.name, name); });
  return at == rooms_.end() ? nullptr : &*at;
}

void irc_standing::leave(std::string_view name) {
  std::erase_if(rooms_, [name](const room& it) { return equal_ignoring_case(it.name, name); });
}

void irc_standing::take(std::string_view line) {
  const irc_words said = split_irc(line);
  const auto& params = said.params;
  const auto has = [&](std::string_view command, std::size_t least) {
    return said.command == command && params.size() >= least;
  };
  if (has("001", 1)) {
    nick_ = params[0];
    server_ = said.source;
    welcome_.clear();
  }
  if (said.command.size() == 3 && said.command >= "001" && said.command <= "005" &&
      !params.empty() && welcome_.size() < most_welcome) {
    // Up to the nick, which may change, and behind it.
    const auto after = static_cast<std::size_t>(params[0].data() - line.data()) + params[0].size();
    welcome_.push_back(std::string(said.command) + std::string(line.substr(after)));
  } else if (has("332", 3)) {
    if (room* const at = find(params[1])) at->topic = params[2];
  } else if (has("331", 2)) {
    if (room* const at = find(params[1])) at->topic.clear();
  } else if (has("TOPIC", 2)) {
    if (room* const at = find(params[0])) at->topic = params[1];
  } else if (has("KICK", 2)) {
    if (is_own(params[1])) leave(params[0]);
  } else if (is_own(said.source)) {
    self_ = said.source;
    if (has("JOIN", 1) && find(params[0]) == nullptr && rooms_.size() < most_rooms)
      rooms_.push_back({std::string(params[0]), {}});
    else if (has("PART", 1))
      leave(params[0]);
    else if (has("NICK", 1))
      nick_ = params[0];
  }
}

std::vector<std::string> irc_standing::tell() const {
  std::vector<std::string> out;
  const auto numeric = [&](std::string_view number, std::string_view rest) {
    out.push_back(':' + server_ + ' ' + std::string(number) + ' ' + nick_ + std::string(rest));
  };
  for (const std::string& one : welcome_)
    numeric(std::string_view(one).substr(0, 3), std::string_view(one).substr(3));
  numeric("376", " :End of message of the day.");
  const std::size_t mark = self_.find('!');
  const std::string self =
      nick_ + (mark == std::string::npos ? std::string() : self_.substr(mark));
  for (const room& one : rooms_) {
    out.push_back(':' + self + " JOIN " + one.name);
    if (!one.topic.empty()) numeric("332", ' ' + one.name + " :" + one.topic);
  }
  return out;
}

std::string irc_standing::rooms() const {
  std::string out;
  for (const room& one : rooms_) {
    if (out.size() + one.name.size() > 400) break;
    if (!out.empty()) out += ',';
    out += one.name;
  }
  return out;
}

}  // namespace halley
