// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/pending.hpp"

#include <algorithm>
#include <charconv>

namespace halley::irc {

std::string_view irc_word(waiting_for what) {
  switch (what) {
    case waiting_for::join:
      return "JOIN";
    case waiting_for::part:
      return "PART";
    case waiting_for::said:
      return "PRIVMSG";
    case waiting_for::nick:
      return "NICK";
    case waiting_for::topic:
    case waiting_for::topic_asked:
      return "TOPIC";
    case waiting_for::names:
      return "NAMES";
    case waiting_for::list:
      return "LIST";
    case waiting_for::whois:
      return "WHOIS";
    case waiting_for::away:
      return "AWAY";
    case waiting_for::mode:
    case waiting_for::bans:
    case waiting_for::exceptions:
    case waiting_for::invites:
    case waiting_for::settings:
      return "MODE";
    case waiting_for::timed_ban:
      return "TBAN";
    case waiting_for::kick:
      return "KICK";
    case waiting_for::invite:
      return "INVITE";
    case waiting_for::account:
      return "REGISTER";
    case waiting_for::login:
      return "AUTHENTICATE";
    case waiting_for::history:
      return "CHATHISTORY";
    case waiting_for::ping:
      return "PING";
    case waiting_for::redact:
      return "REDACT";
    case waiting_for::data:
      return "TAGMSG";
  }
  return "";
}

pending_command& pending_commands::add(pending_command what) {
  commands_.push_back(std::move(what));
  return commands_.back();
}

pending_command* pending_commands::find(std::uint64_t n) {
  const auto it = std::find_if(commands_.begin(), commands_.end(),
                               [n](const pending_command& one) { return one.n == n; });
  return it == commands_.end() ? nullptr : &*it;
}

pending_command* pending_commands::find(waiting_for what, std::string_view target,
                                        const isupport& names) {
  const auto it = std::find_if(commands_.begin(), commands_.end(), [&](const pending_command& one) {
    return one.what == what && (target.empty() || names.same(one.target, target));
  });
  return it == commands_.end() ? nullptr : &*it;
}

pending_command* pending_commands::find_refused(const message& refusal, const isupport& names) {
  const int number = refusal.numeric();
  // What can only be said of a change of name.
  if (number == 431 || number == 432 || number == 433 || number == 436 || number == 438 ||
      number == 447 || number == 435)
    return find(waiting_for::nick, {}, names);
  if (number == 902 || (number >= 904 && number <= 906)) return find(waiting_for::login, {}, names);
  const auto last_name = refusal.count > 1 ? refusal.count - 1 : 0;
  const auto it = std::find_if(commands_.begin(), commands_.end(), [&](const pending_command& one) {
    for (std::size_t i = 1; i < last_name; ++i) {
      const std::string_view param = refusal.params[i];
      if ((!one.target.empty() && names.same(one.target, param)) ||
          (!one.other.empty() && names.same(one.other, param)) || param == irc_word(one.what) ||
          (one.what == waiting_for::said && param == "NOTICE"))
        return true;
    }
    return false;
  });
  if (it != commands_.end()) return &*it;
  // 412 No text to send, 472 unknown mode, 696 and the like name no target.
  if (number == 412 || number == 411 || number == 417) return find(waiting_for::said, {}, names);
  if (number == 472 || number == 501) {
    pending_command* mode = find(waiting_for::mode, {}, names);
    return mode != nullptr ? mode : find(waiting_for::settings, {}, names);
  }
  return nullptr;
}

std::optional<pending_command> pending_commands::take(std::uint64_t n) {
  const auto it = std::find_if(commands_.begin(), commands_.end(),
                               [n](const pending_command& one) { return one.n == n; });
  if (it == commands_.end()) return std::nullopt;
  std::optional<pending_command> taken(std::move(*it));
  commands_.erase(it);
  if (commands_.empty()) std::vector<pending_command>().swap(commands_);
  return taken;
}

pending_command* pending_commands::find_late(steady_ms now) {
  const auto it = std::find_if(commands_.begin(), commands_.end(),
                               [now](const pending_command& one) { return one.deadline <= now; });
  return it == commands_.end() ? nullptr : &*it;
}

std::optional<pending_command> pending_commands::take_any() {
  return commands_.empty() ? std::nullopt : take(commands_.front().n);
}

steady_ms pending_commands::next_deadline() const {
  steady_ms first = INT64_MAX;
  for (const pending_command& one : commands_) first = std::min(first, one.deadline);
  return first;
}

std::string print_label(std::uint64_t n, std::size_t piece) {
  std::string label = "h" + std::to_string(n);
  if (piece > 0) label += '.' + std::to_string(piece);
  return label;
}

std::uint64_t parse_label(std::string_view label) {
  if (!label.starts_with('h')) return 0;
  std::uint64_t n = 0;
  const auto [end, ec] = std::from_chars(label.data() + 1, label.data() + label.size(), n);
  return ec == std::errc() ? n : 0;
}

std::uint32_t piece_in_label(std::string_view label) {
  std::uint32_t piece = 0;
  const std::size_t dot = label.find('.');
  if (dot != std::string_view::npos)
    std::from_chars(label.data() + dot + 1, label.data() + label.size(), piece);
  return piece;
}

}  // namespace halley::irc
