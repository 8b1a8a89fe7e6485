// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the server says about itself and to our commands besides numerics: capabilities, standard
// replies, our PING coming back, logging in; and CTCP, which other people ask.
#include "bridges/irc/bridge.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

constexpr steady_ms ctcp_every_ms = 2000;

}  // namespace

void irc_bridge::take_cap(const message& line) {
  const std::string_view verb = line.param(1);
  const cap_set before = caps_;
  std::string wanted;
  for_each_cap(line.last(), [&](std::string_view name, std::string_view) {
    const bool minus = name.starts_with('-');
    const cap known = find_cap(minus ? name.substr(1) : name);
    if (known == cap::count) return;
    if (verb == "DEL" || (verb == "ACK" && minus)) {
      caps_.remove(known);
    } else if (verb == "ACK") {
      caps_.add(known);
    } else if (verb == "NEW" && !caps_.has(known)) {
      wanted += wanted.empty() ? "" : " ";
      wanted += name;
    }
  });
  if (!wanted.empty()) link_.send(outgoing("CAP").with("REQ").text(wanted).line());
  if (!(caps_ == before)) emit(online_now(false));
}

void irc_bridge::take_fail(word what, const message& line) {
  failure why = failure_of_fail(line);
  if (what == word::fail) {
    if (!labelled_ && take_history_refusal(line)) return;
    pending_command* asked = labelled_ ? pending_.find(labelled_) : nullptr;
    if (!asked) asked = pending_.find_refused(line, names());
    const std::string_view about = line.param(0);
    if (!asked && (about == "REGISTER" || about == "VERIFY"))
      asked = pending_.find(waiting_for::account, {}, names());
    if (!asked && about == "CHATHISTORY") asked = pending_.find(waiting_for::history, {}, names());
    if (!asked && about == "REDACT") asked = pending_.find(waiting_for::redact, {}, names());
    if (!asked && about == "AUTHENTICATE") asked = pending_.find(waiting_for::login, {}, names());
    if (asked) return refuse(asked->n, std::move(why));
    return emit(error_event{{}, std::move(why)});
  }
  emit(notice_event{{}, formatted{why.text, {}}, "server", home_.loop().wall_now()});
}

// Our PING comes back behind everything the server had to say before: what needed no answer of its
// own is done, and what was said to a server without echo-message has been taken.
void irc_bridge::take_pong(const message& line) {
  if (line.last() == healing_token) return on_healing_barrier();
  const std::uint64_t n = parse_label(line.last());
  pending_command* asked = n ? pending_.find(n) : nullptr;
  if (!asked) return;
  if (asked->what == waiting_for::settings) return on_modes_told(*asked);
  if (asked->what == waiting_for::said) return tell_without_echo(*asked);
  finish(n);
}

// AUTHENTICATE, REGISTER and VERIFY after the login.
void irc_bridge::take_login(const message& line) {
  if (line.command == "AUTHENTICATE") {
    const pending_command* asked = pending_.find(waiting_for::login, {}, names());
    if (!asked || line.param(0) != "+") return;
    std::string out;
    append_sasl_answer(out, {asked->target, asked->other});
    link_.send(out);
    return;
  }
  pending_command* asked = pending_.find(waiting_for::account, {}, names());
  if (!asked) return;
  const std::string words = clean_field(line.last());
  if (!words.empty())
    emit(notice_event{{}, formatted{words, {}}, "service", home_.loop().wall_now()});
  finish(asked->n);
}

void irc_bridge::answer_ctcp(const message& line) {
  if (now() - last_ctcp_ < ctcp_every_ms || pacing_.waiting() > 0) return;
  const ctcp asked = read_ctcp(line.last());
  std::string reply;
  if (asked.verb == "VERSION")
    reply = "VERSION Halley";
  else if (asked.verb == "PING")
    reply = "PING " + std::string(asked.rest.substr(0, 64));
  else if (asked.verb == "TIME")
    reply = "TIME " + print_iso_time(home_.loop().wall_now());
  else if (asked.verb == "CLIENTINFO")
    reply = "CLIENTINFO ACTION CLIENTINFO PING TIME VERSION";
  else
    return;
  last_ctcp_ = now();
  pacing_.push(outgoing("NOTICE").with(line.nick()).text('\1' + reply + '\1').line());
  flush();
}

}  // namespace halley::irc
