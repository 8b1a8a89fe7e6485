// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/sockjs_hall.hpp"

#include <utility>
#include <vector>

#include "gateway/dialects/kiwi_session.hpp"

namespace halley {
namespace {

constexpr steady_ms absence = 5000;               // sockjs-protocol: then the session is gone
constexpr std::size_t enough_waiting = 64 * 1024;  // then the network is slowed down

http_response plain(int status, std::string body) {
  return fresh_response(status, "text/plain; charset=UTF-8", std::move(body));
}

}  // namespace

// One waiting request.
class sockjs_hall::receiver final : public waiting_answer {
 public:
  receiver(sockjs_hall& hall, exchange& with, std::string id, sockjs_form form)
      : hall_(hall), with_(with), id_(std::move(id)), form_(std::move(form)) {}
  ~receiver() override;
  void on_answer_lost() override;
  void answer(std::string_view frame) {
    answered_ = true;
    http_response out = fresh_response(200, std::string(sockjs_content_type(form_.kind)),
                                       print_sockjs_answer(form_, frame));
    // Whatever a proxy might make of it, a stream has to come through at once.
    out.fields = {{"Cache-Control", "no-store, no-cache, no-transform, max-age=0"}};
    with_.answer(std::move(out));
  }

 private:
  sockjs_hall& hall_;
  exchange& with_;
  const std::string id_;
  const sockjs_form form_;
  bool answered_ = false;
};

class sockjs_hall::session final : public raw_leg {
 public:
  session(sockjs_hall& hall, std::string id, raw_talk& with)
      : hall_(hall),
        id_(std::move(id)),
        talk_(&with),
        timer_(on_expiry<&session::on_timer>, this) {}
  ~session() { lose_talk(); }

  const std::string& id() const { return id_; }
  raw_talk* talk() const { return talk_; }

  void wait(receiver& one) {
    if (receiver_ != nullptr)
      return one.answer(print_sockjs_close(2010, "Another connection still open"));
    receiver_ = &one;
    arrived_ = given_ - waiting_bytes_;  // who asks has read the answer before
    in_answer_.clear();
    if (!opened_) {
      opened_ = true;
      arm(absence);
      std::exchange(receiver_, nullptr)->answer("o");
      return talk_->begin(*this);
    }
    arm(hall_.context_.limits.hold_ms);
    answer_now();
  }
  void forget(receiver& gone) {
    if (receiver_ != &gone) return;
    receiver_ = nullptr;
    arm(absence);
  }
  // What the last answer had is said again, first.
  void on_answer_lost() {
    waiting_.insert(waiting_.begin(), std::make_move_iterator(in_answer_.begin()),
                    std::make_move_iterator(in_answer_.end()));
    for (const std::string& one : in_answer_) waiting_bytes_ += one.size();
    in_answer_.clear();
    answer_now();
  }

  std::uint64_t deliver(std::string_view frame) override {
    given_ += frame.size();
    waiting_bytes_ += frame.size();
    waiting_.emplace_back(frame);
    if (!gathering_) answer_now();
    if (waiting_bytes_ >= enough_waiting && talk_ != nullptr) talk_->on_leg_full();
    return given_;
  }
  void gather() override { gathering_ = true; }
  void flush() override {
    gathering_ = false;
    answer_now();
  }
  std::uint64_t arrived() const override { return arrived_; }
  bool is_text() const override { return true; }
  void hold_back(bool) override {}  // requests are small, and the link has a bound of its own
  void serve(raw_talk& other) override { talk_ = &other; }
  bool look_elsewhere(std::string_view, std::string_view) override { return false; }
  void end(farewell, std::string_view text) override {
    talk_ = nullptr;
    end_ = print_sockjs_close(3000, text.empty() ? "Go away!" : text);
    answer_now();
  }

 private:
  void arm(steady_ms ms) {
    timer_.arm(hall_.context_.loop.timers(), hall_.context_.loop.now() + ms);
  }
  void on_timer() {
    if (receiver_ == nullptr) {
      lose_talk();
      return hall_.bury(*this);
    }
    arm(absence);
    std::exchange(receiver_, nullptr)->answer("h");
    if (talk_ != nullptr) talk_->on_heartbeat();
  }
  void lose_talk() {
    if (raw_talk* const had = std::exchange(talk_, nullptr)) had->on_leg_gone(false);
  }
  void answer_now() {
    if (receiver_ == nullptr || (waiting_.empty() && end_.empty())) return;
    std::string frames;
    if (!waiting_.empty()) frames = print_sockjs(waiting_);
    if (waiting_.empty()) frames = end_;
    in_answer_ = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    arm(absence);
    std::exchange(receiver_, nullptr)->answer(frames);
    if (talk_ != nullptr) talk_->on_leg_room();
  }

  sockjs_hall& hall_;
  const std::string id_;
  raw_talk* talk_;
  receiver* receiver_ = nullptr;
  std::vector<std::string> waiting_;    // for the next answer
  std::vector<std::string> in_answer_;  // in the last one
  std::string end_;
  wheel_timer timer_;
  std::uint64_t given_ = 0;
  std::uint64_t arrived_ = 0;
  std::size_t waiting_bytes_ = 0;
  bool opened_ = false;
  bool gathering_ = false;
};

sockjs_hall::receiver::~receiver() {
  if (answered_) return;
  if (auto* const of = hall_.find(id_)) of->forget(*this);
}

void sockjs_hall::receiver::on_answer_lost() {
  if (auto* const of = hall_.find(id_)) of->on_answer_lost();
}

sockjs_hall::sockjs_hall(const raw_context& context, const host_directory& hosts)
    : context_(context), hosts_(hosts) {}

sockjs_hall::~sockjs_hall() = default;

sockjs_hall::session* sockjs_hall::find(const std::string& id) const {
  const auto at = all_.find(id);
  return at == all_.end() ? nullptr : at->second.get();
}

void sockjs_hall::receive(exchange& with, const std::string& id, sockjs_form form) {
  session* of = find(id);
  if (of == nullptr) {
    auto talk = std::make_unique<kiwi_session>(context_, hosts_, visitor_of(with.client()));
    auto made = std::make_unique<session>(*this, id, *talk);
    context_.hall.add(std::move(talk));
    of = made.get();
    all_.emplace(id, std::move(made));
  }
  auto waiting = std::make_unique<receiver>(*this, with, id, std::move(form));
  receiver& one = *waiting;
  with.hold(std::move(waiting));
  of->wait(one);
}

void sockjs_hall::send(exchange& with, const std::string& id, std::string_view body,
                       http_response taken) {
  session* const of = find(id);
  if (of == nullptr) return with.respond(plain(404, ""));
  if (body.empty()) return with.respond(plain(500, "Payload expected."));
  const bool whole = sockjs.unwrap(body, [of](std::string_view one) {
    if (of->talk() != nullptr) of->talk()->on_frame(one);
    return of->talk() != nullptr;
  });
  with.respond(whole ? std::move(taken) : plain(500, "Broken JSON encoding."));
}

// Not at once: it may be in the middle of a call.
void sockjs_hall::bury(session& over) {
  context_.loop.at_batch_end([this, id = over.id(), alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) all_.erase(id);
  });
}

}  // namespace halley
