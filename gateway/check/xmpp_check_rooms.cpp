// SPDX-License-Identifier: GPL-3.0-or-later
//
// A room, messages, history and the rate limit.
#include "gateway/check/names.hpp"
#include "gateway/check/xmpp_check.hpp"

namespace halley {

namespace {

using std::chrono::seconds;
constexpr std::size_t most_rooms = 5;
// So much that the usual limits (10 KB/s, the first 10 or 20 KB free) take twice as long for it as a
// server without a limit on a busy machine.
constexpr std::size_t rate_messages = 60;
constexpr std::size_t rate_bytes = 1000;  // each
constexpr std::int64_t unlimited_ms = 2000;

}  // namespace

bool xmpp_check::enter_room() {
  room_ = check_nick() + "@" + service_;
  const auto start = check_clock::now();
  std::string why;
  for (auto& one : people_) {
    one->join(room_, check_nick());
    bool ended = run_until(everybody(), soon(), [&] {
      return one->in_room || !one->room_error.empty() || one->is_over();
    });
    if (one->in_room) continue;
    why = !ended ? "no answer in time" : one->is_over() ? one->over_words() : one->room_error;
    break;
  }
  if (!why.empty()) {
    seen_.needs_muc = true;
    add("room", outcome::failed, "the room " + room_ + " could not be joined: " + why,
        ms_since(start));
    return false;
  }
  add("room", outcome::ok, "joined " + room_ + ", made for this check", ms_since(start));
  return true;
}

void xmpp_check::talk() {
  xmpp_client& writer = *people_.front();
  xmpp_client& reader = *people_.back();  // the same one, if it is alone: MUC reflects
  const auto start = check_clock::now();
  auto pass_on = [&](xmpp_client& by, xmpp_client& to_whom) {
    const std::size_t from = to_whom.messages.size();
    by.say(sample_text);
    return run_until(everybody(), soon(), [&] {
      return std::any_of(to_whom.messages.begin() + static_cast<std::ptrdiff_t>(from),
                         to_whom.messages.end(),
                         [&](const room_message& one) { return one.body == sample_text; });
    });
  };
  bool there = pass_on(writer, reader);
  bool back = there && (people_.size() == 1 || pass_on(reader, writer));
  if (!back)
    return add("message", outcome::failed,
               "a message to " + room_ + " was not relayed to the other visitor", ms_since(start));
  add("message", outcome::ok,
      people_.size() == 1 ? "to the room and back to myself"
                          : "from one visitor to the other and back, through the room",
      ms_since(start));
}

void xmpp_check::look_for_archive() {
  const disco_found& room = ask(room_, false);
  if (room.has_feature("urn:xmpp:mam:2"))
    return add("archive", outcome::ok, "the room keeps an archive (MAM), so gaps can be filled");
  seen_.needs_archive = true;
  add("archive", outcome::warning,
      "the room keeps no archive (MAM): what was said while a visitor was away is lost");
}

void xmpp_check::write_fast() {
  xmpp_client& writer = *people_.front();
  xmpp_client& reader = *people_.back();
  const std::size_t from = reader.messages.size();
  const auto start = check_clock::now();
  // In parts: a shaper lets what it has read pass and is slow to read on.
  for (std::size_t said = 0; said < rate_messages;) {
    for (const std::size_t end = said + rate_messages / 3; said < end; ++said)
      writer.say("halley check, line " + std::to_string(said + 1) + " " +
                 std::string(rate_bytes - 200, '.'));
    const bool in_time = run_until(everybody(), start + seconds(10), [&] {
      return reader.messages.size() - from >= said || writer.is_over() || reader.is_over();
    });
    if (!in_time || writer.is_over() || reader.is_over()) break;
  }
  const std::size_t arrived = reader.messages.size() - from;
  const std::int64_t ms = ms_since(start);
  if (writer.is_over())
    return add("rate", outcome::failed,
               "rate limit: the server closed the connection after " + std::to_string(arrived) +
                   " of " + std::to_string(rate_messages) + " KB: " + writer.over_words(),
               ms);
  if (arrived == rate_messages && ms < unlimited_ms)
    return add("rate", outcome::ok, std::to_string(rate_messages) + " KB passed without a pause", ms);
  seen_.bytes_per_second =
      arrived * rate_bytes * 1000 / static_cast<std::size_t>(std::max<std::int64_t>(ms, 1));
  add("rate", outcome::warning,
      "rate limit: the server takes about " + std::to_string(seen_.bytes_per_second / 1000) +
          " KB a second from one client (limits.c2s.rate in Prosody, a shaper in ejabberd): who "
          "pastes waits",
      ms);
}

// Where rooms are lasting by default, it would stay.
void xmpp_check::remove_room() {
  xmpp_client& maker = *people_.front();
  maker.destroy_room();
  run_until(everybody(), soon(), [&] { return !maker.in_room || maker.is_over(); });
}

void xmpp_check::enter_configured_rooms() {
  xmpp_client& me = *people_.front();
  std::string missed;
  std::size_t tried = 0;
  for (const std::string& name : config_.rooms) {
    if (tried++ == most_rooms) break;
    me.leave();
    const std::string room = name.find('@') == std::string::npos ? name + "@" + service_ : name;
    me.join(room, check_nick());
    run_until(everybody(), soon(),
              [&] { return me.in_room || !me.room_error.empty() || me.is_over(); });
    if (!me.in_room)
      missed += (missed.empty() ? "" : "; ") + room + ": " +
                (me.room_error.empty() ? "no answer" : me.room_error);
  }
  if (tried == 0) return;
  if (missed.empty())
    add("rooms", outcome::ok, "the rooms offered on the sign-in page can be joined");
  else
    add("rooms", outcome::failed, "offered on the sign-in page, but closed to us: " + missed);
}

}  // namespace halley
