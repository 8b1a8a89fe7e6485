// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/kiwi_session.hpp"

#include <algorithm>
#include <utility>

#include "gateway/dialects/irc_lines.hpp"

namespace halley {
namespace {

constexpr std::size_t longest_id = 32;
// Of a session's name that a client has made up.
constexpr std::size_t shortest_chosen = 16;
constexpr std::size_t longest_chosen = 128;

constexpr std::string_view connected_words = "control connected";

// The lines of one channel: IRC's, with the words by which Kiwi knows that there is a server.
class kiwi_lines final : public irc_lines {
 public:
  explicit kiwi_lines(const network& config) : irc_lines(config, returning{}) {}
  void on_open(bool, framing_sink& out) override { out.to_this_leg(connected_words); }
  void on_resumed(missed_frames& missed, std::string_view since, framing_sink& out) override {
    out.to_this_leg(connected_words);
    irc_lines::on_resumed(missed, since, out);
  }
};

bool is_verb(std::string_view line, std::string_view verb) {
  return line.starts_with(verb) && (line.size() == verb.size() || line[verb.size()] == ' ');
}

}  // namespace

// One IRC connection as its conversation sees it: a leg that is part of another.
class kiwi_session::channel final : public raw_leg {
 public:
  channel(kiwi_session& of, std::string id) : of_(of), id_(std::move(id)) {}

  std::uint64_t deliver(std::string_view frame) override {
    if (frame == connected_words) connected = true;
    if (of_.leg_ == nullptr) return UINT64_MAX;
    return of_.leg_->deliver(':' + id_ + ' ' + std::string(frame));
  }
  void gather() override {
    if (of_.leg_ != nullptr) of_.leg_->gather();
  }
  void flush() override {
    if (of_.leg_ != nullptr) of_.leg_->flush();
  }
  std::uint64_t arrived() const override { return of_.leg_ == nullptr ? 0 : of_.leg_->arrived(); }
  bool is_text() const override { return true; }
  void hold_back(bool held) override {
    if (std::exchange(held_, held) == held) return;
    of_.held_ += held ? 1 : -1;
    if (of_.leg_ != nullptr) of_.leg_->hold_back(of_.held_ > 0);
  }
  void serve(raw_talk& other) override { talk = static_cast<raw_conversation*>(&other); }
  bool look_elsewhere(std::string_view, std::string_view) override { return false; }
  // Why stands in the line before, in the server's words or ours (ERROR).
  void end(farewell how, std::string_view) override {
    talk = nullptr;
    hold_back(false);
    deliver(how == farewell::lost && !connected ? "control closed err_refused" : "control closed ");
  }
  void acknowledge() {
    if (of_.leg_ != nullptr) of_.leg_->deliver(':' + id_);
  }

  raw_conversation* talk = nullptr;
  std::string waits;  // the token of its conversation, while nobody has opened it again
  std::string host;
  bool connected = false;

 private:
  kiwi_session& of_;
  const std::string id_;
  bool held_ = false;
};

kiwi_session::kiwi_session(const raw_context& context, const host_directory& hosts, visitor from)
    : context_(context),
      hosts_(hosts),
      from_(std::move(from)),
      grace_(on_expiry<&kiwi_session::on_grace_over>, this) {}

kiwi_session::~kiwi_session() = default;

std::size_t kiwi_session::frame_limit() const {
  return irc_lines::tags_most + irc_lines::body_most + 2 + longest_id + 2;
}

// --- messages -------------------------------------------------------------------------------------

void kiwi_session::on_frame(std::string_view message) {
  if (over_ || !message.starts_with(':')) return;
  message.remove_prefix(1);
  const std::string_view id = message.substr(0, message.find(' '));
  if (id.empty() || id.size() > longest_id) return;
  const bool opens = id.size() == message.size();
  const std::string_view line = opens ? std::string_view() : message.substr(id.size() + 1);
  if (id == "0") return take_control(line);
  if (opens) return open_channel(std::string(id));
  const auto at = channels_.find(id);
  if (at != channels_.end()) take_line(*at->second, line);
}

// Only who names a session will name it again: for others nothing is kept, as their name would be
// taken when they come back.
void kiwi_session::take_control(std::string_view said) {
  constexpr std::string_view named = "CONTROL SESSION ";
  if (!said.starts_with(named)) {
    if (is_verb(said, "CONTROL START")) give_session();
    return;
  }
  const std::string_view id = said.substr(named.size());
  returns_ = true;
  if (!channels_.empty() || join(id)) return;
  if (id.size() >= shortest_chosen && id.size() <= longest_chosen) chosen_ = id;
  look_on();
}

// A name of the client's own may be known to any shard.
void kiwi_session::look_on() {
  while (!chosen_.empty() && looked_ < hosts_.shard_count())
    if (join(context_.hall.token_of(chosen_, looked_++))) return;
  give_session();
}

// True: this session is over, or the answer comes later.
bool kiwi_session::join(std::string_view token) {
  raw_talk* const other = context_.hall.find(token);
  if (other == nullptr) return leg_->look_elsewhere(token, {});
  if (other == this || !other->can_resume_on(true)) return false;
  raw_leg& leg = *std::exchange(leg_, nullptr);
  finish();
  other->resume(leg, token, {});
  return true;
}

void kiwi_session::give_session() {
  if (!chosen_.empty()) {
    context_.hall.forget(token_);
    token_ = context_.hall.give_token(*this, chosen_);
  } else if (token_.empty()) {
    token_ = context_.hall.give_token(*this);
  }
  leg_->deliver("SESSION " + token_);
}

// Opened while it is open, a channel is closed (so does the gateway this protocol comes from).
void kiwi_session::open_channel(const std::string& id) {
  auto at = channels_.find(id);
  if (at == channels_.end()) {
    if (channels_.size() >= most_channels) return;
    at = channels_.emplace(id, std::make_unique<channel>(*this, id)).first;
  }
  channel& one = *at->second;
  one.acknowledge();
  if (!one.waits.empty()) {
    // Its client says hello to a server that has known it for long.
    const std::string token = std::exchange(one.waits, {});
    if (raw_talk* const same = context_.hall.find(token)) return same->resume(one, token, {});
  }
  if (one.talk == nullptr) return;
  std::exchange(one.talk, nullptr)->on_leg_gone(true);
  one.end(farewell::finished, {});
}

void kiwi_session::take_line(channel& to, std::string_view line) {
  // ENCODING is always UTF-8; there is no CAPTCHA to answer.
  if (is_verb(line, "ENCODING") || is_verb(line, "CAPTCHA")) return;
  if (is_verb(line, "HOST")) {
    if (line.size() > 5) to.host = line.substr(5, line.rfind(':') - 5);
    return;
  }
  if (to.talk == nullptr && !begin_conversation(to)) return;
  to.talk->on_frame(line);
}

bool kiwi_session::begin_conversation(channel& on) {
  tunnel_network* const network = hosts_.irc_by_host(on.host);
  auto place = context_.sessions.take_place(from_.address);
  if (network == nullptr || !place) {
    on.deliver("ERROR :" + (network == nullptr ? std::string("There is no IRC network here")
                                               : place.error().text));
    on.deliver("control closed err_forbidden");
    return false;
  }
  auto made = std::make_unique<raw_conversation>(
      context_, std::make_unique<kiwi_lines>(network->config()), from_, network, *std::move(place));
  on.talk = made.get();
  on.connected = false;
  context_.hall.add(std::move(made));
  on.talk->begin(on);
  return true;
}

// --- the leg --------------------------------------------------------------------------------------

void kiwi_session::on_leg_full() {
  for (const auto& [id, one] : channels_)
    if (one->talk != nullptr) one->talk->on_leg_full();
}

void kiwi_session::on_leg_room() {
  for (const auto& [id, one] : channels_)
    if (one->talk != nullptr) one->talk->on_leg_room();
}

void kiwi_session::on_heartbeat() {
  for (const auto& [id, one] : channels_)
    if (one->talk != nullptr) one->talk->on_heartbeat();
}

void kiwi_session::let_channels_go(bool for_good) {
  for (const auto& [id, one] : channels_) {
    if (one->talk == nullptr) continue;
    one->waits = one->talk->token();
    std::exchange(one->talk, nullptr)->on_leg_gone(for_good);
    if (for_good) one->waits.clear();
  }
}

// COMPAT(sockjs-client): closes the same way when its page is loaded again and when it has had enough,
// so `wanted` says nothing. Who wants to leave a network says QUIT.
void kiwi_session::on_leg_gone(bool) {
  if (over_) return;
  let_channels_go(!returns_);
  leg_ = nullptr;
  held_ = 0;
  const bool waits = std::any_of(channels_.begin(), channels_.end(), [](const auto& one) {
    return !one.second->waits.empty();
  });
  if (!waits) return finish();
  grace_.arm(context_.loop.timers(), context_.loop.now() + context_.limits.grace_ms);
}

// The client says the next name only when it comes again, so until then both are its.
void kiwi_session::resume(raw_leg& on, std::string_view token, std::string_view) {
  grace_.cancel();
  if (leg_ != nullptr) {
    let_channels_go(false);
    std::exchange(leg_, nullptr)->end(farewell::finished, "Resumed by another connection");
  }
  leg_ = &on;
  on.serve(*this);
  if (token == token_) std::swap(token_, came_with_);
  context_.hall.forget(std::exchange(token_, {}));
  give_session();
}

void kiwi_session::on_grace_over() { finish(); }

void kiwi_session::finish() {
  if (std::exchange(over_, true)) return;
  grace_.cancel();
  context_.hall.forget(token_);
  context_.hall.forget(came_with_);
  let_channels_go(true);
  context_.hall.retire(*this);
}

void kiwi_session::on_shut_down() {
  if (over_) return;
  let_channels_go(true);
  if (raw_leg* const leg = std::exchange(leg_, nullptr))
    leg->end(farewell::lost, "The chat service is restarting");
  finish();
}

}  // namespace halley
