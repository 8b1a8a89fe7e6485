// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the visitor says, and what belongs to a message: typing, data, reactions, taking back, history.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/refusal.hpp"
#include "bridges/irc/text.hpp"
#include "bridges/irc/translate.hpp"

namespace halley::irc {
namespace {

constexpr steady_ms echo_ms = 5000;  // then a PING asks whether there will be one
constexpr std::size_t unknown_mask = 10 + 1 + 63;  // user@host as long as it can be in use

}  // namespace

std::size_t irc_bridge::room_for_line(std::string_view word, std::string_view target) const {
  return room_for_text(names().line_length, word, nick_, mask_size_ ? mask_size_ : unknown_mask,
                       target);
}

// For what nobody waits for (typing): dropped rather than queued.
bool irc_bridge::send_quietly(outgoing line) {
  if (line.refused() || pacing_.waiting() > 0) return false;
  pacing_.push(line.line());
  return true;
}

void irc_bridge::carry_out(std::uint64_t n, const say_command& what) {
  if (!check_target(n, what.to)) return;
  const std::string_view word = what.kind == said_kind::notice ? "NOTICE" : "PRIVMSG";
  std::size_t limit = room_for_line(word, what.to);
  constexpr std::string_view action_start = "\1ACTION ";
  if (what.kind == said_kind::action) limit -= std::min(limit - 16, action_start.size() + 1);
  const std::vector<std::string_view> pieces = split_text(what.text, limit);
  if (pieces.empty()) return refuse(n, bad_field("There is nothing to say.", "text"));
  const bool echoes = caps_.has(cap::echo_message);
  const bool labels = caps_.has(cap::labeled_response) && echoes;
  if (!pacing_.has_room(pieces.size() + 1))
    return refuse(n, too_fast(pacing_.has_room_in(pieces.size() + 1)));

  std::vector<std::string> lines;
  pending_command wait;
  wait.what = waiting_for::said;
  wait.n = n;
  wait.target = what.to;
  wait.kind = what.kind;
  for (const std::string_view piece : pieces) {
    outgoing line(word);
    if (labels) line.tag("label", print_label(n, lines.size()));
    if (!what.reply_to.empty() && caps_.has(cap::message_tags))
      line.tag("+draft/reply", what.reply_to);
    line.with(what.to);
    if (what.kind == said_kind::action)
      line.text(std::string(action_start).append(piece).append(1, '\1'));
    else
      line.text(piece);
    if (line.refused())
      return refuse(n, bad_field("It has characters that IRC cannot carry.", "text"));
    lines.push_back(line.line());
    wait.pieces.push_back({std::string(piece), static_cast<std::uint32_t>(wait.pieces.size())});
  }
  if (const std::size_t at = what.to.find_first_not_of(names().status_marks);
      at != 0 && at != std::string::npos && names().is_channel(what.to.substr(at)))
    wait.other = what.to.substr(at);
  wait.begins_at = pacing_.mark() + 1;
  for (std::string& line : lines) pacing_.push(std::move(line));
  wait.ends_at = pacing_.mark();
  wait.barrier = !echoes;
  if (wait.barrier) pacing_.push(outgoing("PING").text(print_label(n, 0)).line(), true);
  wait.deadline = now() + (echoes ? echo_ms : patience_ms) + pacing_.delay();
  pending_.add(std::move(wait));
}

void irc_bridge::carry_out(std::uint64_t n, const typing_command& what) {
  if (!caps_.has(cap::message_tags))
    return refuse(n, not_supported("This network does not pass on who is typing."));
  if (!check_target(n, what.to)) return;
  const char* state = what.state == typing_state::active   ? "active"
                      : what.state == typing_state::paused ? "paused"
                                                           : "done";
  outgoing line("TAGMSG");
  line.tag("+typing", state);
  // Nobody waits for a refusal: who may not write there is told so when he does.
  if (caps_.has(cap::labeled_response)) line.tag("label", unheard_label);
  line.with(what.to);
  send_quietly(std::move(line));
  answer(n);
}

void irc_bridge::carry_out(std::uint64_t n, const data_command& what) {
  if (!caps_.has(cap::message_tags) || !names().passes_tag(data_tag.substr(1)))
    return refuse(n, not_supported("This network does not pass on data."));
  if (!check_target(n, what.to)) return;
  pending_command wait;
  wait.what = waiting_for::data;
  wait.target = what.to;
  wait.pieces.push_back({what.type + ' ' + what.value, 0});
  outgoing line("TAGMSG");
  line.tag(data_tag, wait.pieces.front().text).with(what.to);
  constexpr std::size_t most = 4095;  // IRCv3 message-tags: "@" and 4,094 bytes
  constexpr std::size_t label = 32;
  if (line.tags_size() + label > most)
    return refuse(n, bad_field("It is longer than this network can carry.", "value"));
  send(n, std::move(line), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const react_command& what) {
  if (!caps_.has(cap::message_tags))
    return refuse(n, not_supported("This network does not pass on reactions."));
  if (!check_target(n, what.to)) return;
  if (what.id.empty()) return refuse(n, bad_field("The message to react to is missing.", "id"));
  // IRC can only add to what was there.
  for (const std::string& reaction : what.reactions) {
    if (!pacing_.has_room(1)) break;
    outgoing line("TAGMSG");
    line.tag("+draft/reply", what.id).tag("+draft/react", reaction).with(what.to);
    if (line.refused()) return refuse(n, bad_field("A reaction cannot be sent.", "reactions"));
    pacing_.push(line.line());
  }
  if (!caps_.has(cap::echo_message) && !what.reactions.empty()) {
    reacted_event told;
    told.where = {what.to, names().is_channel(what.to)};
    told.from = clean_field(nick_);
    told.id = what.id;
    told.reactions = what.reactions;
    told.self = true;
    emit(std::move(told));
  }
  answer(n);
}

void irc_bridge::carry_out(std::uint64_t n, const edit_command&) {
  refuse(n, not_supported("Messages cannot be changed on this network."));
}

void irc_bridge::carry_out(std::uint64_t n, const retract_command& what) {
  if (!caps_.has(cap::message_redaction))
    return refuse(n, not_supported("Messages cannot be taken back on this network."));
  if (!check_target(n, what.to)) return;
  outgoing line("REDACT");
  line.with(what.to).with(what.id);
  if (!what.text.empty()) line.text(what.text);
  pending_command wait;
  wait.what = waiting_for::redact;
  wait.target = what.to;
  send(n, std::move(line), std::move(wait), true);
}

void irc_bridge::carry_out(std::uint64_t n, const history_command& what) {
  if (!caps_.has(cap::chathistory))
    return refuse(n, not_supported("This network keeps no history."));
  if (!check_target(n, what.to)) return;
  const bool by_id = names().history_references.empty() ||
                     names().history_references.find("msgid") != std::string::npos;
  const auto reference = [by_id](const std::string& id, unix_ms at) {
    return !id.empty() && by_id ? "msgid=" + id : "timestamp=" + print_iso_time(at);
  };
  std::string verb = "LATEST", bound = "*";
  if (!what.before.empty() || what.before_at) {
    verb = "BEFORE";
    bound = reference(what.before, what.before_at);
  } else if (!what.after.empty() || what.after_at) {
    verb = "AFTER";
    bound = reference(what.after, what.after_at);
  }
  std::uint32_t limit = std::clamp(what.limit, 1u, 500u);
  if (names().history_limit > 0)
    limit = std::min(limit, static_cast<std::uint32_t>(names().history_limit));
  pending_command wait;
  wait.what = waiting_for::history;
  wait.target = what.to;
  wait.limit = limit;
  send(n, outgoing("CHATHISTORY").with(verb).with(what.to).with(bound).with(std::to_string(limit)),
       std::move(wait), false);
}

}  // namespace halley::irc
