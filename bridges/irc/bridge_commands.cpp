// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the visitor asks: each command checked, printed through `outgoing`, paced, and remembered
// until the server answers.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/refusal.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
void irc_bridge::submit(std::uint64_t n, const command& what) {
  if (phase_ != phase::online)
    return refuse(n, {failure_code::not_online, "The network is not connected just now.", {}});
  std::visit([this, n](const auto& one) { carry_out(n, one); }, what);
  flush();
  if (pacing_.waiting()) tell_waiting(n);
}

// Puts a line on its way and remembers the command. Where the server does not label its answers and
// may have none to give, a PING behind it marks the end of waiting.
bool irc_bridge::send(std::uint64_t n, outgoing line, pending_command wait, bool needs_barrier) {
  const bool labels = caps_.has(cap::labeled_response);
  if (labels) line.tag("label", print_label(n, 0));
  // Reasons and the like are cut; text that matters was split or measured before.
  line.fit(names().line_length);
  if (line.refused()) {
    refuse(n, bad_field("It has characters that IRC cannot carry.", {}));
    return false;
  }
  if (!pacing_.has_room(2)) {
    refuse(n, too_fast(pacing_.has_room_in(2)));
    return false;
  }
  pacing_.push(line.line());
  if (needs_barrier && !labels) pacing_.push(outgoing("PING").text(print_label(n, 0)).line(), true);
  wait.n = n;
  wait.deadline = now() + patience_ms + pacing_.delay();
  pending_.add(std::move(wait));
  return true;
}

bool irc_bridge::check_room(std::uint64_t n, const std::string& room) {
  if (const auto fault = fault_in_room(room, names().channel_types); !fault.empty()) {
    refuse(n, {failure_code::bad_room, std::string(fault), "room"});
    return false;
  }
  if (is_in(room)) return true;
  refuse(n, {failure_code::not_in_room, "You are not in " + room + ".", "room"});
  return false;
}

bool irc_bridge::check_nick(std::uint64_t n, const std::string& nick) {
  const auto fault = fault_in_nick(nick);
  if (fault.empty()) return true;
  refuse(n, {failure_code::bad_nick, std::string(fault), "nick"});
  return false;
}

// A room I am in (with a STATUSMSG mark or without), or a person. Never a list, a mask or a server.
bool irc_bridge::check_target(std::uint64_t n, const std::string& to) {
  std::string_view bare = to;
  while (!bare.empty() && names().status_marks.find(bare.front()) != std::string::npos)
    bare.remove_prefix(1);
  if (names().is_channel(bare) && fault_in_room(bare, names().channel_types).empty()) {
    if (is_in(bare)) return true;
    refuse(n, {failure_code::not_in_room, "You are not in " + std::string(bare) + ".", "to"});
    return false;
  }
  const auto fault = fault_in_nick(to);
  if (fault.empty()) return true;
  refuse(n, bad_field(std::string(fault), "to"));
  return false;
}

void irc_bridge::carry_out(std::uint64_t n, const join_command& what) {
  if (const auto fault = fault_in_room(what.room, names().channel_types); !fault.empty())
    return refuse(n, {failure_code::bad_room, std::string(fault), "room"});
  if (what.key.find_first_of(" ,") != std::string::npos || what.key.starts_with(':'))
    return refuse(n, bad_field("The key of a room has no spaces, commas or colons.", "key"));
  if (is_in(what.room)) return answer(n);
  outgoing line("JOIN");
  line.with(what.room);
  if (!what.key.empty()) line.with(what.key);
  pending_command wait;
  wait.what = waiting_for::join;
  wait.target = what.room;
  wait.other = what.key;
  send(n, std::move(line), std::move(wait), false);
}

void irc_bridge::carry_out(std::uint64_t n, const part_command& what) {
  if (!check_room(n, what.room)) return;
  outgoing line("PART");
  line.with(what.room);
  if (!what.text.empty()) line.text(what.text);
  pending_command wait;
  wait.what = waiting_for::part;
  wait.target = what.room;
  send(n, std::move(line), std::move(wait), false);
}

void irc_bridge::carry_out(std::uint64_t n, const nick_command& what) {
  if (!check_nick(n, what.nick)) return;
  if (names().nick_length && what.nick.size() > names().nick_length)
    return refuse(
        n, {failure_code::bad_nick,
            "A name here has at most " + std::to_string(names().nick_length) + " bytes.", "nick"});
  if (what.nick == nick_) return answer(n);
  pending_command wait;
  wait.what = waiting_for::nick;
  wait.target = what.nick;
  send(n, outgoing("NICK").with(what.nick), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const topic_command& what) {
  if (!check_room(n, what.room)) return;
  pending_command wait;
  wait.what = what.set ? waiting_for::topic : waiting_for::topic_asked;
  wait.target = what.room;
  outgoing line("TOPIC");
  line.with(what.room);
  if (what.set) {
    if (names().topic_length && what.text.size() > names().topic_length)
      return refuse(n, bad_field("A topic here has at most " +
                                     std::to_string(names().topic_length) + " bytes.",
                                 "text"));
    line.text(what.text);
  }
  send(n, std::move(line), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const names_command& what) {
  if (const auto fault = fault_in_room(what.room, names().channel_types); !fault.empty())
    return refuse(n, {failure_code::bad_room, std::string(fault), "room"});
  pending_command wait;
  wait.what = waiting_for::names;
  wait.target = what.room;
  if (send(n, outgoing("NAMES").with(what.room), std::move(wait), false)) arrival_of(what.room);
}

void irc_bridge::carry_out(std::uint64_t n, const list_command& what) {
  outgoing line("LIST");
  // ELIST=M: the server can look for a part of the name itself; the topic only we can search.
  pending_command wait;
  wait.what = waiting_for::list;
  wait.other = what.filter;
  wait.answer.data = std::vector<room_entry>{};
  send(n, std::move(line), std::move(wait), false);
}

void irc_bridge::carry_out(std::uint64_t n, const whois_command& what) {
  if (!check_nick(n, what.nick)) return;
  pending_command wait;
  wait.what = waiting_for::whois;
  wait.target = what.nick;
  send(n, outgoing("WHOIS").with(what.nick), std::move(wait), false);
}

void irc_bridge::carry_out(std::uint64_t n, const away_command& what) {
  outgoing line("AWAY");
  if (!what.text.empty()) line.text(what.text);
  pending_command wait;
  wait.what = waiting_for::away;
  wait.target = what.text;
  away_by_us_ = false;
  send(n, std::move(line), std::move(wait), false);
}

void irc_bridge::carry_out(std::uint64_t n, const kick_command& what) {
  if (!check_room(n, what.room) || !check_nick(n, what.nick)) return;
  outgoing line("KICK");
  line.with(what.room).with(what.nick);
  if (!what.text.empty()) line.text(what.text);
  pending_command wait;
  wait.what = waiting_for::kick;
  wait.target = what.room;
  wait.other = what.nick;
  send(n, std::move(line), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const invite_command& what) {
  if (!check_room(n, what.room) || !check_nick(n, what.nick)) return;
  pending_command wait;
  wait.what = waiting_for::invite;
  wait.target = what.room;
  wait.other = what.nick;
  send(n, outgoing("INVITE").with(what.nick).with(what.room), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const register_command& what) {
  if (!caps_.has(cap::account_registration))
    return refuse(n, not_supported("Accounts cannot be made on this network from here."));
  pending_command wait;
  wait.what = waiting_for::account;
  outgoing line("REGISTER");
  line.with(what.account.empty() ? "*" : what.account)
      .with(what.email.empty() ? "*" : what.email)
      .text(what.password);
  send(n, std::move(line), std::move(wait), false);
}

// SASL once more, where the server still takes it; never a password to whoever is called NickServ.
void irc_bridge::carry_out(std::uint64_t n, const login_command& what) {
  if (!caps_.has(cap::sasl))
    return refuse(n, not_supported("This network takes a login only when entering."));
  if (what.account.empty() || what.password.empty())
    return refuse(n, bad_field("An account and its password are needed.", "account"));
  if (pending_.find(waiting_for::login, {}, names()))
    return refuse(n, {failure_code::too_fast, "A login is under way.", {}});
  pending_command wait;
  wait.what = waiting_for::login;
  wait.target = what.account;
  wait.other = what.password;
  send(n, outgoing("AUTHENTICATE").with("PLAIN"), std::move(wait), false);
}

void irc_bridge::carry_out(std::uint64_t n, const contacts_command&) {
  refuse(n, not_supported("IRC has no contact list."));
}

void irc_bridge::carry_out(std::uint64_t n, const raw_command& what) {
  if (!home_.config().allow_raw)
    return refuse(n, {failure_code::not_allowed, "Raw lines are not allowed here.", {}});
  const outgoing line = outgoing::whole(what.line);
  if (line.refused() || what.line.size() > 4096)
    return refuse(n, bad_field("This is not one line of IRC.", "line"));
  if (!pacing_.has_room(1)) return refuse(n, too_fast(pacing_.has_room_in(1)));
  pacing_.push(line.line());
  answer(n);
}

void irc_bridge::carry_out(std::uint64_t n, const ping_command&) {
  pending_command wait;
  wait.what = waiting_for::ping;
  wait.n = n;
  wait.deadline = now() + patience_ms;
  pending_.add(std::move(wait));
  // Past the queue: what is asked is how far the network is.
  link_.send(outgoing("PING").text(print_label(n, 0)).line());
}

}  // namespace halley::irc
