// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/bridge.hpp"

#include <algorithm>
#include <utility>

#include "bridges/irc/features.hpp"
#include "bridges/irc/text.hpp"
#include "gateway/base/random.hpp"
#include "gateway/base/utf8.hpp"

namespace halley::irc {
namespace {

constexpr steady_ms goodbye_ms = 2000;             // how long a server may take to close after QUIT
constexpr steady_ms absence_ms = 10000;            // a reload must not be seen by the room
constexpr steady_ms steady_connection_ms = 30000;  // after that a loss starts the backoff anew
constexpr const char* keepalive_token = "halley";
constexpr const char* absent_text = "Connection lost, may be back";

}  // namespace

irc_bridge::irc_bridge(irc_network& home, const visitor& who, bridge_listener& listener)
    : home_(home),
      listener_(listener),
      who_(who),
      link_(home.links(), *this),
      nick_(who.nick),
      pacing_(home.config().flood_rate, home.config().flood_burst),
      timer_(on_expiry<&irc_bridge::on_timer>, this),
      next_server_(home.config().servers.empty() ? 0
                                                 : random_u64() % home.config().servers.size()) {
  for (const visitor::room& room : who.rooms)
    rooms_.push_back({room.name, room.key});
  std::vector<visitor::room>().swap(who_.rooms);
  connect();
}

irc_bridge::~irc_bridge() {
  if (phase_ == phase::online || phase_ == phase::registering)
    link_.send(outgoing("QUIT").text(home_.config().quit_text).line());
  stand_up_everywhere();
}

void irc_bridge::connect() {
  phase_ = phase::connecting;
  deadline_ = INT64_MAX;  // the link has its own
  const auto& servers = home_.config().servers;
  link_.open(servers[next_server_ % servers.size()], who_);
  rearm();
}

void irc_bridge::on_link_up() {
  phase_ = phase::registering;
  registration_ = std::make_unique<registration>(home_.config(), who_, nick_);
  std::string out;
  registration_->begin(out);
  link_.send(out);
  last_heard_ = now();
  deadline_ = now() + home_.config().connect_timeout_s * 1000LL;
  rearm();
}

void irc_bridge::on_link_bytes(std::string_view bytes) {
  last_heard_ = now();
  const bool fits = splitter_.feed(bytes, [this](std::string_view line) {
    take_line(line);
    return phase_ == phase::online || phase_ == phase::registering;
  });
  if (!fits && (phase_ == phase::online || phase_ == phase::registering))
    lose(login_step::running,
         {failure_code::lost, "The network sent a line longer than any may be.", {}});
}

void irc_bridge::on_link_down(const link_error& why) {
  if (phase_ == phase::ending) return finish_for_good({failure_code::lost, "You have left.", {}});
  if (phase_ == phase::ended || phase_ == phase::waiting) return;
  const bool webirc = !home_.config().webirc_password.empty();
  if (phase_ == phase::registering) {
    // COMPAT(solanum): some servers close without a word when WEBIRC is refused.
    const login_step step = registration_->step();
    const char* text =
        step == login_step::gateway_password && webirc
            ? "The network closed the connection while this gateway introduced itself."
            : "The network closed the connection during login.";
    return lose(step, {failure_code::lost, text, {}});
  }
  // Whoever does not prove who it is is no server of this network: the others are asked first.
  if (phase_ == phase::connecting && why.step == login_step::tls &&
      ++not_proven_ < home_.config().servers.size()) {
    ++next_server_;
    return connect();
  }
  lose(phase_ == phase::online ? login_step::running : why.step, why.why, parting_);
}

void irc_bridge::come_online() {
  registration& done = *registration_;
  const std::string wished = std::exchange(nick_, done.nick());
  account_ = done.account();
  caps_ = done.caps();
  mask_size_ = static_cast<std::uint16_t>(std::min<std::size_t>(done.user_at_host(), 255));
  profile_ = home_.profile(done.server(), done.support());
  const bool resumed = std::exchange(was_online_, true);
  phase_ = phase::online;
  deadline_ = INT64_MAX;
  online_since_ = now();
  pinged_at_ = 0;
  offline_.reset();
  emit(online_now(resumed));
  if (!done.motd().empty() && !resumed) listener_.on_event(profile_->motd(done.motd()));
  // Somebody else's name is left alone; what was mine a moment ago is mostly held by my own ghost.
  if (resumed && done.was_taken()) recovery_ = std::make_unique<nick_recovery>(wished);
  registration_.reset();

  std::vector<room_and_key> wanted;
  for (const own_room& room : rooms_) wanted.push_back({room.name, room.key});
  for (std::string& line : join_lines(std::move(wanted), names().join_targets))
    pacing_.push(std::move(line));
  if (healing_) begin_healing();
  if (recovery_) recover_nick();
  away_by_us_ = false;
  if (!away_text_.empty()) pacing_.push(outgoing("AWAY").text(away_text_).line());
  if (!attached_ && absent_at_ == INT64_MAX) absent_at_ = now();
  flush();
}

event irc_bridge::online_now(bool resumed) const {
  online_event told;
  told.nick = clean_field(nick_);
  told.account = clean_field(account_);
  told.features = features_of(caps_, names(), home_.config().allow_raw);
  told.nick_limit = names().nick_length;
  told.room_limit = names().channel_length;
  told.topic_limit = names().topic_length;
  told.line_limit = static_cast<std::uint32_t>(room_for_line("PRIVMSG"));
  told.room_prefixes = names().channel_types;
  told.resumed = resumed;
  return told;
}

event irc_bridge::offline_now() const {
  if (offline_) return *offline_;
  return offline_event{
      login_step::connect, {failure_code::not_online, "Connecting to the network.", {}}, 0, false};
}

void irc_bridge::lose(login_step step, failure why, fate what) {
  const bool ending = phase_ == phase::ending;
  if (phase_ == phase::online) prepare_healing();
  forget_connection();
  if (ending) return finish_for_good({failure_code::lost, "You have left.", {}});
  // A password that was good once may fail while the account service is away.
  if (what == fate::never && step == login_step::sasl && was_online_ && backoff_.attempts() < 3)
    what = fate::slow_down;
  const bool final = what == fate::never;
  offline_ = std::make_unique<offline_event>(offline_event{step, why, 0, final});
  if (final) {
    emit(*offline_);
    return finish_for_good(std::move(why));
  }
  if (online_since_ && now() - online_since_ > steady_connection_ms) backoff_.reset();
  online_since_ = 0;
  phase_ = phase::waiting;
  not_proven_ = 0;
  ++next_server_;
  offline_->retry_in = what == fate::slow_down ? backoff_.next_slow(random_u64())
                                              : backoff_.next(random_u64());
  deadline_ = now() + offline_->retry_in;
  emit(*offline_);
  rearm();
}

void irc_bridge::forget_connection() {
  link_.close();
  while (auto left = pending_.take_any())
    refuse(left->n, {failure_code::lost, "The network went away before it answered.", {}});
  stand_up_everywhere();
  registration_.reset();
  profile_.reset();
  splitter_.reset();
  pacing_ = pacing(home_.config().flood_rate, home_.config().flood_burst);
  std::vector<arrival>().swap(arrivals_);
  std::vector<open_batch>().swap(batches_);
  labelled_ = 0;
  parting_ = fate::come_back;
  if (recovery_) nick_ = recovery_->wished();
  recovery_.reset();
}

void irc_bridge::finish_for_good(failure why) {
  if (phase_ == phase::ended) return;
  drop_healing();
  forget_connection();
  phase_ = phase::ended;
  timer_.cancel();
  listener_.on_ended(std::move(why));
}

void irc_bridge::end(std::string_view reason) {
  if (phase_ == phase::ending || phase_ == phase::ended) return;
  if (phase_ == phase::online || phase_ == phase::registering) {
    std::string text(utf8_prefix(reason, 300));
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (phase_ == phase::online) tell_last_marks();
    link_.send(outgoing("QUIT").text(text).line());
    deadline_ = now() + goodbye_ms;
  } else {
    link_.close();
    deadline_ = now();
  }
  phase_ = phase::ending;
  stand_up_everywhere();
  drop_healing();
  // What was asked before and not answered yet will not be.
  while (auto left = pending_.take_any())
    refuse(left->n, {failure_code::lost, "You have left.", {}});
  rearm();
}

void irc_bridge::describe(std::vector<event_ptr>& into) {
  if (phase_ != phase::online) {
    into.push_back(share(offline_now()));
    return;
  }
  into.push_back(share(online_now(false)));
  for (const own_room& room : rooms_) {
    if (!room.table) continue;
    joined_event joined;
    joined.room = room.name;
    joined.from = clean_field(nick_);
    joined.self = true;
    const shared_member* me = room.table->find(nick_);
    if (me) joined.roles = me->who.roles;
    into.push_back(share(std::move(joined)));
    if (!room.table->topic().text.empty())
      into.push_back(share(topic_event{room.name, room.table->topic(), room.table->topic_from(),
                                       room.table->topic_at(), true}));
    if (room.table->has_modes())
      into.push_back(share(mode_event{room.name, {}, room.table->modes(), true}));
    if (room.read_at != 0)
      into.push_back(share(read_marker_event{{room.name, true}, {}, room.read_at}));
    if (room.table->is_fresh() && me) {
      room.table->append_members(nick_, into);
    } else if (std::none_of(arrivals_.begin(), arrivals_.end(), [&](const arrival& one) {
                 return names().same(one.room, room.name);
               })) {
      arrival_of(room.name);  // the members follow
      pacing_.push(outgoing("NAMES").with(room.name).line());
    }
  }
  flush();
}

void irc_bridge::on_attached(bool attached) {
  attached_ = attached;
  absent_at_ = INT64_MAX;
  if (!attached) {
    absent_at_ = now() + absence_ms;
  } else if (away_by_us_ && phase_ == phase::online) {
    away_by_us_ = false;
    pacing_.push(outgoing("AWAY").line());
    flush();
  }
  rearm();
}

void irc_bridge::flush() {
  if (phase_ != phase::online) return;
  std::string out;
  pacing_.release(now(), out);
  if (!out.empty()) {
    link_.send(out);
    tell_sent();
  }
  rearm();
}

void irc_bridge::rearm() {
  steady_ms first = deadline_;
  if (healing_) first = std::min(first, healing_->deadline);
  if (recovery_) first = std::min(first, recovery_->next_turn());
  if (phase_ == phase::online) {
    first = std::min(first, pending_.next_deadline());
    if (pacing_.waiting()) first = std::min(first, pacing_.next_release(now()));
    first = std::min(first, absent_at_);
    if (marks_) first = std::min(first, marks_->next_turn());
    const steady_ms keepalive = home_.config().keepalive_s * 1000LL;
    if (keepalive > 0) first = std::min(first, std::max(last_heard_, pinged_at_) + keepalive);
  }
  if (first == INT64_MAX) return timer_.cancel();
  if (!timer_.armed() || timer_.deadline() != first) timer_.arm(home_.loop().timers(), first);
}

void irc_bridge::on_timer() {
  if (healing_ && healing_->deadline <= now()) give_up_healing();
  if (phase_ == phase::online) {
    while (pending_command* late = pending_.find_late(now()))
      if (!wait_for_barrier(*late))
        refuse(late->n, {failure_code::timed_out, "The network has not answered in time.", {}});
    if (told_) {
      told_->forget_old(now());
      if (told_->empty()) told_.reset();
    }
    if (recovery_ && recovery_->next_turn() <= now()) {
      std::string out;
      recovery_->on_turn(now(), random_u64(), out);
      link_.send(out);
    }
    if (absent_at_ <= now()) {
      absent_at_ = INT64_MAX;
      if (away_text_.empty()) {
        away_by_us_ = true;
        pacing_.push(outgoing("AWAY").text(absent_text).line());
      }
    }
    tell_due_marks();
    check_keepalive();
    if (phase_ == phase::online) flush();
    return;
  }
  if (deadline_ > now()) return rearm();
  deadline_ = INT64_MAX;
  if (phase_ == phase::waiting) {
    connect();
  } else if (phase_ == phase::registering) {
    lose(registration_->step(),
         {failure_code::timed_out, "The network did not finish the login in time.", {}});
  } else if (phase_ == phase::ending) {
    finish_for_good({failure_code::lost, "You have left.", {}});
  }
}

// Nothing is done per line but noting when it came: silence is looked for only when the timer
// fires.
void irc_bridge::check_keepalive() {
  const steady_ms keepalive = home_.config().keepalive_s * 1000LL;
  if (keepalive <= 0 || now() < std::max(last_heard_, pinged_at_) + keepalive) return;
  if (pinged_at_ > last_heard_)
    return lose(login_step::running,
                {failure_code::lost, "The network has stopped answering.", {}});
  pinged_at_ = now();
  link_.send(outgoing("PING").text(keepalive_token).line());
}

}  // namespace halley::irc
