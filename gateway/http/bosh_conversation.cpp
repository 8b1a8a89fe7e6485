// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/bosh_conversation.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/log.hpp"

namespace halley {

class bosh_conversation::way final : public framing_sink, private tunnel_listener {
 public:
  way(bosh_conversation& of, unsigned stream, tunnel_network& network, session_place place)
      : of_(of), stream_(stream), network_(network), place_(std::move(place)) {}
  ~way() { leave({}); }

  unsigned stream() const { return stream_; }
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
  void on_tunnel_open(bool secure) override { of_.session_->on_open(stream_, secure); }
  void on_tunnel_secure() override { of_.session_->on_secure(stream_); }
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
  unsigned stream_;
  tunnel_network& network_;
  session_place place_;
  std::unique_ptr<tunnel> tunnel_;
  bool full_ = false;  // the server is behind
};

bosh_conversation::bosh_conversation(bosh_hall& hall, const raw_context& context,
                                     tunnel_network& network, session_place place,
                                     std::string sid, const visitor& from)
    : hall_(hall),
      context_(context),
      address_(from.address),
      port_(from.port),
      secure_(from.secure),
      timer_(on_expiry<&bosh_conversation::on_timer>, this) {
  ways_.push_back(std::make_unique<way>(*this, 0, network, std::move(place)));
  session_ = std::make_unique<bosh_session>(
      hall.terms_, static_cast<bosh_session::host&>(*this), bosh_session::way{&network.config(), ways_.front().get()},
      std::move(sid));
}

bosh_conversation::~bosh_conversation() {
  for (const auto& one : ways_) one->leave(session_->last_words(one->stream()));
}

visitor bosh_conversation::who() const {
  visitor out;
  out.address = address_;
  out.port = port_;
  out.secure = secure_;
  return out;
}

// --- requests -------------------------------------------------------------------------------------

void bosh_conversation::begin(const bosh_request& first, bosh_reply& reply) {
  ways_.front()->open(who());
  session_->begin(first, reply, now());
  set_timer();
}

void bosh_conversation::take(bosh_request&& request, bosh_reply& reply) {
  session_->take(std::move(request), reply, now());
  set_timer();
}

void bosh_conversation::forget(bosh_reply& gone) {
  session_->forget(gone, now());
  set_timer();
}

void bosh_conversation::on_answer_lost(std::uint64_t rid) {
  session_->on_answer_lost(rid, now());
  set_timer();
}

void bosh_conversation::answer(bosh_reply& to, int status, const std::string& content_type,
                               std::string body) {
  to.answer(status, content_type, std::move(body));
}

// --- ways -----------------------------------------------------------------------------------------

void bosh_conversation::on_bytes(unsigned stream, std::string_view bytes) {
  session_->from_server(stream, bytes, now());
  set_timer();
}

void bosh_conversation::on_lost(unsigned stream) {
  session_->on_lost(stream, now());
  set_timer();
}

void bosh_conversation::on_pace() {
  const bool behind =
      std::any_of(ways_.begin(), ways_.end(), [](const auto& one) { return one->is_full(); });
  session_->hold_back(behind, now());
  set_timer();
}

std::optional<bosh_session::way> bosh_conversation::open_way(unsigned stream,
                                                             std::string_view domain) {
  tunnel_network* const network = context_.networks.by_domain(domain);
  if (network == nullptr) return std::nullopt;
  auto place = context_.sessions.take_place(address_);
  if (!place) return std::nullopt;
  ways_.push_back(std::make_unique<way>(*this, stream, *network, *std::move(place)));
  ways_.back()->open(who());
  ++hall_.counts_.streams;
  return bosh_session::way{&network->config(), ways_.back().get()};
}

// The way may be in the middle of a call: it lives until the end of the batch.
void bosh_conversation::close_way(unsigned stream, std::string_view last_words) {
  const auto at = std::find_if(ways_.begin(), ways_.end(),
                               [stream](const auto& one) { return one->stream() == stream; });
  if (at == ways_.end()) return;
  (*at)->leave(last_words);
  context_.loop.at_batch_end([gone = std::shared_ptr<way>(std::move(*at))] {});
  ways_.erase(at);
}

void bosh_conversation::read_way(unsigned stream, bool wanted) {
  for (const auto& one : ways_)
    if (one->stream() == stream) one->read(wanted);
}

// --- time, end ------------------------------------------------------------------------------------

void bosh_conversation::on_timer() {
  session_->on_time(now());
  set_timer();
}

void bosh_conversation::set_timer() {
  const steady_ms next = session_->next_deadline();
  if (session_->is_over() || next == INT64_MAX) return timer_.cancel();
  timer_.arm(context_.loop.timers(), next);
}

void bosh_conversation::on_over(std::string_view condition) {
  spdlog::debug("bosh {}: over ({})", log_id(sid()), condition);
  timer_.cancel();
  hall_.bury(*this);
}

}  // namespace halley
