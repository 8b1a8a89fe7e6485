// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/bosh_conversation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/base/log.hpp"

namespace halley {

class bosh_conversation::way final : public framing_sink, private tunnel_listener {
 public:
  way(bosh_conversation& of, unsigned stream, tunnel_network& network, session_place place)
      : of_(of), network_(network), place_(std::move(place)), stream_(stream) {}
  ~way() { leave({}); }

  unsigned stream() const { return stream_; }
  const session_place& place() const { return place_; }
  const network& config() const { return network_.config(); }
  void open(const visitor& from) { tunnel_ = network_.open(from, *this); }
  void read(bool wanted) {
    if (tunnel_) tunnel_->read(wanted);
  }
  void leave(std::string_view last_words) {
    if (tunnel_) network_.leave(std::move(tunnel_), last_words);
  }
  bool is_full() const { return full_; }

  bool connect(std::string_view) override { return true; }
  void to_browser(std::string_view) override {}
  void to_server(std::string_view bytes) override {
    if (!tunnel_ || tunnel_->send(bytes) || full_) return;
    full_ = true;
    of_.on_pace();
  }
  void start_tls() override {
    if (tunnel_) tunnel_->start_tls();
  }
  bool try_other_server() override { return tunnel_ && tunnel_->try_other_server(); }
  void end(farewell, std::string_view) override {}

 private:
  void on_tunnel_open(bool secure) override { of_.session_.on_open(stream_, secure); }
  void on_tunnel_secure() override { of_.session_.on_secure(stream_); }
  void on_tunnel_bytes(std::string_view bytes) override { of_.on_bytes(stream_, bytes); }
  void on_tunnel_room() override {
    full_ = false;
    of_.on_pace();
  }
  void on_tunnel_lost(const failure&) override {
    full_ = false;
    of_.on_lost(stream_);
    of_.on_pace();
  }

  bosh_conversation& of_;
  tunnel_network& network_;
  session_place place_;
  std::unique_ptr<tunnel> tunnel_;
  unsigned stream_;
  bool full_ = false;  // the server is behind
};

bosh_conversation::bosh_conversation(bosh_hall& hall, const raw_context& context,
                                     tunnel_network& network, session_place place,
                                     std::string sid, const visitor& from)
    : hall_(hall),
      context_(context),
      timer_(on_expiry<&bosh_conversation::on_timer>, this),
      port_(from.port),
      secure_(from.secure),
      session_(hall.terms_, *this,
               {&network.config(), &ways_.emplace_front(*this, 0u, network, std::move(place))},
               std::move(sid)) {}

bosh_conversation::~bosh_conversation() {
  for (way& one : ways_) one.leave(session_.last_words(one.stream()));
  while (replies_ != nullptr) remove(*replies_);
}

visitor bosh_conversation::who(const session_place& place) const {
  visitor out;
  out.address = place.address();
  out.port = port_;
  out.secure = secure_;
  return out;
}

// --- requests -------------------------------------------------------------------------------------

void bosh_conversation::add(bosh_reply& reply) {
  reply.of_ = this;
  reply.next_ = replies_;
  replies_ = &reply;
}

void bosh_conversation::remove(bosh_reply& reply) {
  bosh_reply** at = &replies_;  // of two or three
  while (*at != &reply) at = &(*at)->next_;
  *at = reply.next_;
  reply.of_ = nullptr;
}

void bosh_conversation::begin(const bosh_request& first, bosh_reply& reply) {
  way& only = ways_.front();
  only.open(who(only.place()));
  session_.begin(first, reply, now());
  set_timer();
}

void bosh_conversation::take(bosh_request&& request, bosh_reply& reply) {
  session_.take(std::move(request), reply, now());
  set_timer();
}

void bosh_conversation::forget(bosh_reply& gone) {
  session_.forget(gone, now());
  set_timer();
}

void bosh_conversation::on_answer_lost(std::uint64_t rid) {
  session_.on_answer_lost(rid, now());
  set_timer();
}

void bosh_conversation::answer(bosh_reply& to, int status, const std::string& content_type,
                               std::string body) {
  to.answer(status, content_type, std::move(body));
}

// --- ways -----------------------------------------------------------------------------------------

void bosh_conversation::on_bytes(unsigned stream, std::string_view bytes) {
  session_.from_server(stream, bytes, now());
  set_timer();
}

void bosh_conversation::on_lost(unsigned stream) {
  session_.on_lost(stream, now());
  set_timer();
}

void bosh_conversation::on_pace() {
  const bool behind =
      std::any_of(ways_.begin(), ways_.end(), [](const way& one) { return one.is_full(); });
  session_.hold_back(behind, now());
  set_timer();
}

std::optional<bosh_session::way> bosh_conversation::open_way(unsigned stream,
                                                             std::string_view domain) {
  tunnel_network* const network = context_.networks.by_domain(domain);
  if (network == nullptr) return std::nullopt;
  auto place = context_.sessions.take_place(ways_.front().place().address());
  if (!place) return std::nullopt;
  way& made = ways_.emplace_front(*this, stream, *network, *std::move(place));
  made.open(who(made.place()));
  ++hall_.counts_.streams;
  return bosh_session::way{&network->config(), &made};
}

// The way may be in the middle of a call: it lives until the end of the batch.
void bosh_conversation::close_way(unsigned stream, std::string_view last_words) {
  const auto gone = std::make_shared<std::forward_list<way>>();
  for (auto before = ways_.before_begin(); std::next(before) != ways_.end(); ++before) {
    if (std::next(before)->stream() != stream) continue;
    gone->splice_after(gone->before_begin(), ways_, before);
    gone->front().leave(last_words);
    return context_.loop.at_batch_end([gone] {});
  }
}

void bosh_conversation::read_way(unsigned stream, bool wanted) {
  for (way& one : ways_)
    if (one.stream() == stream) one.read(wanted);
}

// --- time, end ------------------------------------------------------------------------------------

void bosh_conversation::on_timer() {
  session_.on_time(now());
  set_timer();
}

void bosh_conversation::set_timer() {
  const steady_ms next = session_.next_deadline();
  if (session_.is_over() || next == INT64_MAX) return timer_.cancel();
  timer_.arm(context_.loop.timers(), next);
}

void bosh_conversation::on_over(std::string_view condition) {
  spdlog::debug("bosh {}: over ({})", log_id(sid()), condition);
  timer_.cancel();
  hall_.bury(*this);
}

}  // namespace halley
