// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the server says. The frequent case is a line some other session of this server has already
// had: then it is found, the sender compared with my nick, and the shared event handed on.
#include <algorithm>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

// A line without its own time gets that of its arrival; copies for other sessions come at once.
constexpr steady_ms copies_within_ms = 50;

// The note kept with an interned line: where the sender's nick stands in it, and whether the line
// changes a room or asks for a closer look.
constexpr std::uint32_t changes_a_room = 1;
constexpr std::uint32_t is_a_kick = 2;
constexpr std::uint32_t make_tag(std::size_t offset, std::size_t length, std::uint32_t flags) {
  return static_cast<std::uint32_t>(offset) << 16 | static_cast<std::uint32_t>(length) << 8 | flags;
}

std::uint32_t flags_of(word what) {
  switch (what) {
    case word::privmsg:
    case word::notice:
    case word::tagmsg:
    case word::redact:
      return 0;
    case word::kick:
      return changes_a_room | is_a_kick;
    default:
      return changes_a_room;
  }
}

}  // namespace

void irc_bridge::take_line(std::string_view line) {
  if (phase_ == phase::online) {
    const interner::entry* known = home_.lines().find(profile_->domain(), line, now());
    if (known) return take_known(line, *known);
    return take_new(line);
  }
  if (phase_ != phase::registering) return;
  message parsed;
  if (!parse_message(line, parsed)) return;
  std::string out;
  const auto outcome = registration_->take(parsed, out);
  if (!out.empty()) link_.send(out);
  if (outcome == registration::outcome::done) {
    if (!must_ask_for_tban()) come_online();
    return;
  }
  if (outcome == registration::outcome::failed) {
    const registration& failed = *registration_;
    lose(failed.step(), failed.why(), failed.what_follows());
  }
}

void irc_bridge::take_known(std::string_view line, const interner::entry& known) {
  const std::string_view sender = line.substr(known.tag >> 16, known.tag >> 8 & 0xFF);
  if (sender == nick_) {
    message parsed;
    parse_message(line, parsed);
    return take_personal(word_of(parsed.command), parsed);
  }
  if ((known.tag & is_a_kick) || ((known.tag & changes_a_room) && leads_a_room())) {
    const event_ptr shared = known.what;  // the entry may be replaced below
    message parsed;
    parse_message(line, parsed);
    const word what = word_of(parsed.command);
    if (what == word::kick && names().same(parsed.param(1), nick_))
      return take_personal(what, parsed);
    apply(what, parsed);
    if (shared) deliver(shared);
    return;
  }
  if (known.what) deliver(known.what);
}

void irc_bridge::take_new(std::string_view line) {
  message parsed;
  if (!parse_message(line, parsed)) return;
  const word what = word_of(parsed.command);
  if (!is_complete(what, parsed)) return;
  labelled_ = 0;
  if (!parsed.tags.empty()) {
    if (caps_.has(cap::labeled_response)) labelled_ = parse_label(parsed.raw_tag("label"));
    if (parsed.has_tag("batch")) {
      open_batch* batch = find_batch(parsed.raw_tag("batch"));
      if (batch && batch->type == "chathistory" && what != word::batch)
        return collect(*batch, what, parsed);
      if (batch && !labelled_) labelled_ = batch->n;
      take_personal(what, parsed);
      labelled_ = 0;
      return;
    }
  }
  if (labelled_ == 0 && parsed.nick() != nick_ && share_line(what, parsed, line)) return;
  take_personal(what, parsed);
  // The one line that answers a labelled command; what was still open is done.
  if (labelled_ && what != word::batch) {
    const pending_command* left = pending_.find(labelled_);
    if (left && left->what != waiting_for::said && left->what != waiting_for::login &&
        left->what != waiting_for::history)
      finish(labelled_);
  }
  labelled_ = 0;
}

// Makes the event that all sessions share; false for a line that is mine alone.
bool irc_bridge::share_line(word what, const message& line, std::string_view bytes) {
  if (!goes_to_many(what, line, names()) || line.from_server()) return false;
  if (what == word::kick && names().same(line.param(1), nick_)) return false;
  std::optional<event> made = translate(what, line, names(), home_.loop().wall_now());
  event_ptr shared = made ? share(std::move(*made)) : nullptr;
  const std::string_view nick = line.nick();
  const std::size_t offset = static_cast<std::size_t>(nick.data() - bytes.data());
  if (nick.size() < 256 && offset < 65536) {
    const bool timed = line.has_tag("time");
    home_.lines().store(profile_->domain(), bytes,
                        {shared, make_tag(offset, nick.size(), flags_of(what))},
                        timed ? interner::forever : now() + copies_within_ms);
  }
  if (flags_of(what)) apply(what, line);
  if (shared) deliver(std::move(shared));
  return true;
}

void irc_bridge::take_personal(word what, const message& line) {
  if (const int number = line.numeric()) return take_numeric(number, line);
  const bool mine = line.nick() == nick_;
  switch (what) {
    case word::ping:
      link_.send(outgoing("PONG").text(line.last()).line());
      return;
    case word::pong:
      return take_pong(line);
    case word::error: {
      farewell said = read_farewell(line.last());
      return lose(login_step::running, std::move(said.why), std::max(said.what, parting_));
    }
    case word::batch:
      return take_batch(line);
    case word::cap:
      return take_cap(line);
    case word::fail:
    case word::warn:
    case word::note:
      return take_fail(what, line);
    case word::markread:
      return take_marker(line);
    case word::ack:
      if (labelled_) finish(labelled_);
      return;
    case word::authenticate:
    case word::register_:
    case word::verify:
      return take_login(line);
    case word::privmsg:
    case word::notice:
    case word::tagmsg:
      return mine ? take_own_text(what, line) : take_text(what, line);
    case word::join:
      if (mine) return take_join(line);
      break;
    case word::part:
    case word::kick:
      if (mine || names().same(line.param(1), nick_)) return take_leave(what, line);
      break;
    case word::nick:
      // COMPAT(inspircd 3): a labelled NICK comes from the new name already.
      if (mine || (labelled_ && awaited(waiting_for::nick, line.param(0))))
        return take_own_nick(line);
      break;
    case word::invite:
      if (!names().same(line.param(0), nick_)) return;
      break;
    default:
      break;
  }
  apply(what, line);
  std::optional<event> told = translate(what, line, names(), home_.loop().wall_now());
  if (!told) return;
  if (auto* redacted = std::get_if<retracted_event>(&*told); redacted && mine) {
    if (!redacted->where.is_room) redacted->where.name = clean_field(line.param(0));
  }
  emit(std::move(*told));
  if (!mine) return;
  if (what == word::topic) finish(waiting_for::topic, line.param(0));
  if (what == word::mode) finish_mode(line.param(0));
  if (what == word::redact) finish(waiting_for::redact, line.param(0));
}

// A private message, or one that came in a batch.
void irc_bridge::take_text(word what, const message& line) {
  if (what != word::tagmsg && read_ctcp(line.last()).verb.size() &&
      read_ctcp(line.last()).verb != "ACTION") {
    if (what == word::privmsg && names().same(line.param(0), nick_)) answer_ctcp(line);
    return;
  }
  if (std::optional<event> told = translate(what, line, names(), home_.loop().wall_now()))
    emit(std::move(*told));
}

}  // namespace halley::irc
