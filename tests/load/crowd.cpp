// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/load/crowd.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace load {
namespace {

constexpr std::string_view stamp_mark = "stamp=";
constexpr std::uint64_t ack_every = 16;  // gateway/dialects/README.md, "Acknowledging"

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

crowd::crowd(options what) : what_(std::move(what)), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}

crowd::~crowd() {
  close_all();
  ::close(poll_);
}

void crowd::add(member who, const target& to, int source) {
  auto kept = std::make_unique<member>(std::move(who));
  kept->socket = std::make_unique<wire>(to, source);
  member* it = kept.get();
  if (it->is_speaker)
    speaker_ = std::move(kept);
  else
    members_.push_back(std::move(kept));
  if (it->socket->has_failed()) return fail(*it, "connect");
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLET;
  wanted.data.ptr = it;
  ::epoll_ctl(poll_, EPOLL_CTL_ADD, it->socket->fd(), &wanted);
  if (to.how != framing::websocket) on_open(*it);
}

void crowd::fail(member& who, std::string_view why) {
  if (who.failed) return;
  who.failed = true;
  ++failed_;
  trouble_ = who.nick + ": " + std::string(why.substr(0, 300));
}

void crowd::on_open(member& who) {
  if (who.speaks == language::irc) {
    who.socket->send("NICK " + who.nick);
    who.socket->send("USER " + who.nick + " 0 * :load");
    return;
  }
  if (who.speaks == language::xmpp || who.speaks == language::bosh)
    return send_xmpp(who, {xmpp_login::step::kind::open, {}});
  who.socket->send(R"({"do":"enter","network":")" + what_.network + R"(","nick":")" + who.nick +
                   R"(","rooms":[")" + who.room + R"("]})");
}

void crowd::on_stamp(std::string_view rest) {
  std::uint64_t sent = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), sent);
  ++delivered_;
  delays_us_.push_back(static_cast<std::uint32_t>((now_ns() - sent) / 1000));
}

void crowd::on_message(member& who, std::string_view message) {
  switch (who.speaks) {
    case language::irc:
      return on_irc_line(who, message);
    case language::xmpp:
    case language::bosh:
      return on_stanzas(who, message);
    case language::chat_dialect:
      return on_chat_event(who, message);
  }
}

// A frame has one stanza, a BOSH answer what has come since the last.
void crowd::on_stanzas(member& who, std::string_view message) {
  if (!who.is_speaker)
    for (std::size_t at = message.find(stamp_mark); at != std::string_view::npos;
         at = message.find(stamp_mark, at + stamp_mark.size()))
      on_stamp(message.substr(at + stamp_mark.size()));
  if (who.session.empty() && who.speaks == language::bosh)
    who.session = attribute(message, "sid");
  const xmpp_login::step next = who.login.take(message, who.room, who.nick);
  if (next.what == xmpp_login::step::kind::failed) return fail(who, message);
  if (who.login.is_in() && !who.joined) {
    who.joined = true;
    if (!who.is_speaker) ++joined_;
  }
  send_xmpp(who, next);
}

void crowd::send_xmpp(member& who, const xmpp_login::step& what) {
  if (who.speaks == language::bosh) {  // without anything to say it asks for more
    who.request = who.request == 0 ? 1'000'000 : who.request + 1;
    return who.socket->send(bosh_body(what, what_.domain, who.request, who.session));
  }
  const std::string frame = frame_of(what, what_.domain);
  if (!frame.empty()) who.socket->send(frame);
}

void crowd::on_chat_event(member& who, std::string_view message) {
  if (who.events == 0 && !who.registered && has(message, R"("ev":"hello")")) {
    who.registered = true;
    return;
  }
  if (++who.events - who.acked >= ack_every) {
    who.acked = who.events;
    who.socket->send(R"({"ack":)" + std::to_string(who.events) + "}");
  }
  const std::size_t at = message.find(stamp_mark);
  if (at != std::string_view::npos) return on_stamp(message.substr(at + stamp_mark.size()));
  if (has(message, R"("ev":"offline")") || message.starts_with(R"({"error")") ||
      has(message, R"("ev":"closing")"))
    return fail(who, message);
  if (!who.joined && has(message, R"("ev":"members")") && has(message, R"("last":true)")) {
    who.joined = true;
    ++joined_;
  }
}

void crowd::on_irc_line(member& who, std::string_view message) {
  if (message.starts_with("PING")) return who.socket->send("PONG" + std::string(message.substr(4)));
  const std::size_t at = message.find(stamp_mark);
  if (at != std::string_view::npos) {
    if (!who.is_speaker) on_stamp(message.substr(at + stamp_mark.size()));
    return;
  }
  if (!who.registered && has(message, " 001 ")) {
    who.registered = true;
    if (!who.room.empty()) who.socket->send("JOIN " + who.room);
  } else if (!who.joined && has(message, " 366 ")) {
    who.joined = true;
    if (!who.is_speaker) ++joined_;
  } else if (message.starts_with("ERROR") || has(message, " 433 ")) {
    fail(who, message);
  }
}

bool crowd::turn(int wait_ms) {
  std::array<epoll_event, 512> ready{};
  const int count = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), wait_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& what = ready[static_cast<std::size_t>(i)];
    auto& who = *static_cast<member*>(what.data.ptr);
    if ((what.events & EPOLLOUT) != 0) who.socket->on_writable();
    if ((what.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
      who.socket->on_readable([&] { on_open(who); },
                              [&](std::string_view message) { on_message(who, message); });
    if (who.socket->has_failed()) fail(who, "closed");
  }
  return count > 0;
}

bool crowd::open(std::size_t count, std::size_t per_room, const std::string& prefix,
                 std::size_t in_flight, double timeout_s) {
  const std::uint64_t end = now_ns() + static_cast<std::uint64_t>(timeout_s * 1e9);
  const std::size_t before = joined_;
  const std::size_t failed_before = failed_;
  std::size_t started = 0;
  while (joined_ - before < count && now_ns() < end) {
    while (started < count &&
           started - (joined_ - before) - (failed_ - failed_before) < in_flight) {
      member who;
      const std::size_t number = members_.size();
      who.nick = what_.nick_prefix + std::to_string(number);
      who.room = prefix + std::to_string(started / per_room) + what_.room_suffix;
      who.speaks = what_.speaks;
      ++room_sizes_[who.room];
      const int source = what_.sources == 0
                             ? 0
                             : 2 + static_cast<int>(number % static_cast<std::size_t>(what_.sources));
      add(std::move(who), what_.to, source);
      ++started;
    }
    turn(20);
    if (failed_ > failed_before + 20) break;
  }
  return joined_ - before == count;
}

void crowd::settle(int quiet_ms) {
  while (turn(quiet_ms)) {
  }
  acknowledge_all();
  while (turn(quiet_ms)) {
  }
}

// The dialect asks for it every 5 s; a page that has gone quiet has done it.
void crowd::acknowledge_all() {
  if (what_.speaks != language::chat_dialect) return;
  for (const auto& one : members_) {
    if (one->failed || one->acked == one->events) continue;
    one->acked = one->events;
    one->socket->send(R"({"ack":)" + std::to_string(one->events) + "}");
  }
}

crowd::member* crowd::speaker_of(const std::string& room) {
  if (what_.speaker.port == 0) {
    for (const auto& one : members_)
      if (one->room == room && !one->failed) return one.get();
    return nullptr;
  }
  if (speaker_ == nullptr || speaker_->room != room) {
    member who;
    who.nick = "speaker";
    who.room = room;
    const bool on_xmpp = what_.speaks == language::xmpp || what_.speaks == language::bosh;
    who.speaks = on_xmpp ? language::xmpp : language::irc;
    who.is_speaker = true;
    add(std::move(who), what_.speaker, 0);
    const std::uint64_t end = now_ns() + 10'000'000'000u;
    while (!speaker_->joined && now_ns() < end) turn(20);
  }
  return speaker_->joined ? speaker_.get() : nullptr;
}

void crowd::say(member& who, const std::string& room, std::size_t size) {
  std::string text(stamp_mark);
  text += std::to_string(now_ns());
  while (text.size() < size) text += " and so on";
  if (who.speaks == language::irc)
    who.socket->send("PRIVMSG " + room + " :" + text);
  else if (who.speaks == language::xmpp)
    who.socket->send("<message xmlns='jabber:client' type='groupchat' to='" + room + "'><body>" +
                     text + "</body></message>");
  else
    who.socket->send(R"({"n":)" + std::to_string(++who.said) + R"(,"do":"say","to":")" + room +
                     R"(","text":")" + text + R"("})");
}

outcome crowd::speak(const std::string& room, std::size_t count, int interval_ms,
                     std::size_t window, std::size_t size) {
  outcome found;
  member* who = speaker_of(room);
  settle(100);
  if (who == nullptr) return found;
  const std::size_t listeners = room_sizes_[room];
  found.expected = count * listeners;
  delivered_ = 0;
  delays_us_.clear();
  delays_us_.reserve(found.expected);
  const std::uint64_t start = now_ns();
  const std::uint64_t end = start + 120'000'000'000u;
  std::uint64_t last_heard = start;
  std::size_t sent = 0;
  while (delivered_ < found.expected && now_ns() < end) {
    int wait = 1000;
    if (interval_ms > 0) {
      const std::uint64_t due = start + sent * static_cast<std::uint64_t>(interval_ms) * 1'000'000;
      const std::uint64_t now = now_ns();
      if (sent < count && now >= due) {
        say(*who, room, size);
        ++sent;
        continue;
      }
      if (sent < count) wait = static_cast<int>((due - now) / 1'000'000 + 1);
    } else {
      while (sent < count && sent * listeners < delivered_ + window * listeners) {
        say(*who, room, size);
        ++sent;
      }
    }
    // Prosody may need a second for one line into a room of 200; ten of silence mean lost.
    if (turn(wait)) last_heard = now_ns();
    if (now_ns() - last_heard > 10'000'000'000u) break;
  }
  found.seconds = static_cast<double>(now_ns() - start) / 1e9;
  found.delivered = delivered_;
  std::sort(delays_us_.begin(), delays_us_.end());
  if (!delays_us_.empty()) {
    found.p50_ms = delays_us_[delays_us_.size() / 2] / 1000.0;
    found.p99_ms = delays_us_[delays_us_.size() * 99 / 100] / 1000.0;
  }
  return found;
}

void crowd::close_all() {
  members_.clear();
  speaker_.reset();
  room_sizes_.clear();
  joined_ = failed_ = 0;
}

}  // namespace load
