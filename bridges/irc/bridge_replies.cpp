// SPDX-License-Identifier: GPL-3.0-or-later
//
// Answers in several lines: numerics, and whom they answer.
#include <algorithm>
#include <charconv>

#include "bridges/irc/bridge.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

constexpr std::size_t most_rooms_listed = 5000;
constexpr std::size_t most_listed = 1000;

std::int64_t number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc() ? value : 0;
}

bool contains_folded(const isupport& names, std::string_view text, std::string_view part) {
  return part.empty() || names.fold(text).find(names.fold(part)) != std::string::npos;
}

}  // namespace

pending_command* irc_bridge::awaited(waiting_for what, std::string_view target) {
  if (labelled_)
    if (pending_command* one = pending_.find(labelled_); one && one->what == what) return one;
  return pending_.find(what, target, names());
}

void irc_bridge::finish(std::uint64_t n) {
  std::optional<pending_command> done = pending_.take(n);
  if (!done) return;
  if (done->what == waiting_for::data && !done->pieces.empty()) tell_data_without_echo(*done);
  // Nothing but a notice tells why: it was there already, or the mask is none.
  if (done->what == waiting_for::timed_ban && !done->collecting)
    return refuse(n, {failure_code::refused, "The network did not set this ban.", {}});
  done->answer.n = n;
  done->answer.ok = true;
  listener_.on_result(std::move(done->answer));
}

void irc_bridge::finish(waiting_for what, std::string_view target) {
  if (pending_.empty()) return;
  if (const pending_command* one = awaited(what, target)) finish(one->n);
}

void irc_bridge::refuse(std::uint64_t n, failure why) {
  pending_.take(n);
  result_event told;
  told.n = n;
  told.ok = false;
  told.why = std::move(why);
  listener_.on_result(std::move(told));
}

void irc_bridge::take_numeric(int number, const message& line) {
  if (recovery_ && take_nick_news(number, line)) return;
  switch (number) {
    case 301: {  // away: while somebody is looked at, or as the answer to a message
      if (pending_.find(waiting_for::whois, line.param(1), names()))
        return take_whois(number, line);
      presence_event told;
      told.from = clean_field(line.param(1));
      told.away = 1;
      told.text = read_text(line.last()).text;
      return emit(std::move(told));
    }
    case 305:
    case 306:
      if (const pending_command* asked = awaited(waiting_for::away, {})) {
        away_text_ = number == 306 ? asked->target : std::string();
        presence_event told;
        told.from = clean_field(nick_);
        told.away = number == 306 ? 1 : 0;
        told.text = away_text_;
        emit(std::move(told));
        finish(asked->n);
      }
      return;
    case 307:
    case 311:
    case 312:
    case 313:
    case 317:
    case 318:
    case 319:
    case 320:
    case 330:
    case 335:
    case 338:
    case 276:
    case 671:
    case 378:
    case 379:
    case 344:
    case 350:
      return take_whois(number, line);
    case 322:
      return take_list_entry(line);
    case 323:
      return finish(waiting_for::list, {});
    case 324:
      return take_channel_modes(line);
    case 331:
    case 332:
    case 333:
      return take_topic_reply(number, line);
    case 341:
      return finish(waiting_for::invite, {});
    case 353:
      return take_names(line);
    case 366:
      return finish_names(line.param(1));
    case 346:
    case 347:
      return take_list(waiting_for::invites, number == 347, line);
    case 348:
    case 349:
      return take_list(waiting_for::exceptions, number == 349, line);
    case 367:
    case 368:
      return take_list(waiting_for::bans, number == 368, line);
    case 396:  // my host, as others see it from now on
      if (const std::size_t size = line.param(1).size(); size > 0 && size < 256)
        mask_size_ = static_cast<std::uint16_t>(size + 13);  // with the longest user in use
      return;
    case 900:
    case 901: {
      account_ = number == 900 ? line.param(2) : std::string_view();
      presence_event told;
      told.from = clean_field(nick_);
      told.has_account = true;
      told.account = clean_field(account_);
      return emit(std::move(told));
    }
    case 903:
    case 907:
      return finish(waiting_for::login, {});
    case 463:
    case 465:
    case 466:
      parting_ = read_farewell(line.last()).what == fate::slow_down ? fate::slow_down : fate::never;
      return;
    case 372:  // the MOTD once more, asked for by a raw line
    case 371:
    case 351:
    case 391:
    case 364:
    case 381: {
      notice_event told;
      told.body = read_text(line.last());
      told.kind = "server";
      told.at = home_.loop().wall_now();
      return emit(std::move(told));
    }
    default:
      if (is_refusal(number)) take_refusal(line);
  }
}

void irc_bridge::take_refusal(const message& line) {
  if (line.raw_tag("label") == unheard_label) return;
  pending_command* asked = labelled_ ? pending_.find(labelled_) : nullptr;
  if (!asked) asked = pending_.find_refused(line, names());
  if (asked) {
    if (keep_refusal(*asked, line)) return;
    // WHOIS: 401 is followed by 318; the refusal is the answer.
    if (asked->what == waiting_for::join)
      std::erase_if(rooms_, [&](const own_room& one) {
        return !one.table && !one.was_in && names().same(one.name, asked->target);
      });
    return refuse(asked->n, failure_of(line));
  }
  if (drop_refused_room(line)) return;
  if (line.numeric() == 422 || line.numeric() == 406) return;  // no MOTD is no error
  error_event told;
  if (names().is_channel(line.param(1))) told.room = clean_field(line.param(1));
  told.why = failure_of(line);
  emit(std::move(told));
}

void irc_bridge::take_whois(int number, const message& line) {
  pending_command* asked = awaited(waiting_for::whois, line.param(1));
  if (!asked) return;
  if (!std::holds_alternative<person>(asked->answer.data)) asked->answer.data = person{};
  person& who = std::get<person>(asked->answer.data);
  if (who.nick.empty()) who.nick = clean_field(line.param(1));
  switch (number) {
    case 311:
      who.nick = clean_field(line.param(1));
      who.user = clean_field(line.param(2));
      who.host = clean_field(line.param(3));
      who.real_name = clean_field(line.last());
      break;
    case 312:
      who.server = clean_field(line.param(2));
      break;
    case 313:
      who.operator_ = true;
      break;
    case 301:
      who.away = read_text(line.last()).text;
      break;
    case 317:
      who.idle = number_in(line.param(2));
      if (line.count > 4) who.signed_on = number_in(line.param(3)) * 1000;
      break;
    case 318:
      return finish(asked->n);
    case 319: {
      std::string_view rest = line.last();
      while (!rest.empty()) {
        const std::string_view room = rest.substr(0, rest.find(' '));
        rest.remove_prefix(room.size() < rest.size() ? room.size() + 1 : rest.size());
        if (!room.empty() && who.rooms.size() < 200) who.rooms.push_back(clean_field(room));
      }
      break;
    }
    case 330:
      who.account = clean_field(line.param(2));
      break;
    case 335:
      who.bot = true;
      break;
    case 671:
      who.secure = true;
      break;
    default:
      if (who.lines.size() < 20) {
        std::string words;
        for (std::size_t i = 2; i < line.count; ++i)
          (words += words.empty() ? "" : " ") += clean_field(line.params[i]);
        who.lines.push_back(std::move(words));
      }
  }
}

// 322 me #room 12 :topic
void irc_bridge::take_list_entry(const message& line) {
  pending_command* asked = awaited(waiting_for::list, {});
  if (!asked) return;
  using rooms = std::vector<room_entry>;
  if (!std::holds_alternative<rooms>(asked->answer.data)) asked->answer.data = rooms{};
  auto& list = std::get<rooms>(asked->answer.data);
  if (list.size() >= most_rooms_listed || line.param(1) == "*") return;
  room_entry one;
  one.room = clean_field(line.param(1));
  one.members = static_cast<std::uint32_t>(std::max<std::int64_t>(0, number_in(line.param(2))));
  std::string_view topic = line.count > 3 ? line.last() : std::string_view();
  // COMPAT(inspircd 3): "[+nt] " stands before the topic.
  if (topic.starts_with("[+"))
    if (const std::size_t close = topic.find(']'); close != std::string_view::npos)
      topic.remove_prefix(std::min(close + 2, topic.size()));
  one.topic = read_text(topic).text;
  if (contains_folded(names(), one.room, asked->other) ||
      contains_folded(names(), one.topic, asked->other))
    list.push_back(std::move(one));
}

// 367 me #room mask who when
void irc_bridge::take_list(waiting_for which, bool is_end, const message& line) {
  pending_command* asked = awaited(which, line.param(1));
  if (!asked) return;
  using entries = std::vector<list_entry>;
  if (!std::holds_alternative<entries>(asked->answer.data)) asked->answer.data = entries{};
  if (is_end) return finish(asked->n);
  auto& list = std::get<entries>(asked->answer.data);
  if (list.size() < most_listed)
    list.push_back(
        {clean_field(line.param(2)), clean_field(line.param(3)), number_in(line.param(4)) * 1000});
}

void irc_bridge::take_topic_reply(int number, const message& line) {
  const auto coming = std::find_if(arrivals_.begin(), arrivals_.end(), [&](const arrival& one) {
    return one.joining && names().same(one.room, line.param(1));
  });
  const pending_command* asked = awaited(waiting_for::topic_asked, line.param(1));
  if (coming != arrivals_.end() && !asked) {
    if (number == 332) {
      coming->topic = read_text(line.last());
      coming->has_topic = true;
    } else if (number == 333) {
      const std::string_view by = line.param(2);
      coming->topic_from = clean_field(by.substr(0, by.find('!')));
      coming->topic_at = number_in(line.param(3)) * 1000;
    }
    return;
  }
  if (number == 333) return;  // the text has been told
  topic_event told;
  told.room = clean_field(line.param(1));
  if (number == 332) told.topic = read_text(line.last());
  told.initial = true;
  const own_room* room = find_room(told.room);
  if (room && room->table && room->table->topic() == told.topic) {
    told.from = room->table->topic_from();
    told.at = room->table->topic_at();
  }
  emit(std::move(told));
  if (asked) finish(asked->n);
}

}  // namespace halley::irc
