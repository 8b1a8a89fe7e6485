// SPDX-License-Identifier: GPL-3.0-or-later
//
// A conversation in the network's own protocol: a framing between a browser's leg and a tunnel.
// Slows each side down by the other (nothing is dropped, nothing grows without bound) and has the
// framing ask a quiet network. Without a leg it ends, and the server hears the framing's last words;
// unless the framing has offered resumption: then it waits for the grace time, keeps what the browser
// misses (undelivered.hpp), and goes on with whatever leg brings the token.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/timer_wheel.hpp"
#include "gateway/session/framing.hpp"
#include "gateway/session/raw_hall.hpp"
#include "gateway/session/raw_leg.hpp"
#include "gateway/session/tunnel.hpp"
#include "gateway/session/undelivered.hpp"

namespace halley {

class raw_conversation final : public raw_talk, private tunnel_listener, private framing_sink {
 public:
  // `network` null: the conversation names it.
  raw_conversation(const raw_context& context, std::unique_ptr<framing> speech, visitor from,
                   tunnel_network* network, session_place place);
  ~raw_conversation() override;
  raw_conversation(const raw_conversation&) = delete;
  raw_conversation& operator=(const raw_conversation&) = delete;

  // What raw_hall::find() knows it by while it can be resumed; empty before.
  std::string token() const { return resumption_ ? resumption_->token : std::string(); }

  void begin(raw_leg& on) override;
  void resume(raw_leg& on, std::string_view token, std::string_view detail) override;
  bool can_resume_on(bool text) const override { return text == text_; }
  void on_frame(std::string_view frame) override;
  std::size_t frame_limit() const override { return speech_->frame_limit(); }
  void on_leg_full() override;
  void on_leg_room() override;
  void on_heartbeat() override;
  void on_nothing_elsewhere() override { speech_->on_resume_refused(*this); }
  void on_leg_gone(bool wanted) override;
  void on_shut_down() override { speech_->on_shut_down(*this); }

 private:
  // What only a conversation has that can be resumed.
  struct resumption {
    resumption(wheel_timer::callback expired, void* owner) : grace(expired, owner) {}
    std::string token;
    std::string came_with;  // holds until the browser is known to have read `token`
    undelivered missed;
    wheel_timer grace;  // armed while there is no leg
  };
  void take_token(std::string_view said);
  void forget_arrived();
  void wait_for_browser();
  void on_grace_over();
  void finish();
  void leave_network();

  // --- the network's side
  void on_tunnel_open(bool secure) override;
  void on_tunnel_bytes(std::string_view bytes) override;
  void on_tunnel_secure() override { speech_->on_secure(*this); }
  void on_tunnel_room() override;
  void on_tunnel_lost(const failure& why) override { speech_->on_lost(why, *this); }

  // --- what the framing says
  bool connect(std::string_view name) override;
  void to_browser(std::string_view frame) override;
  void to_server(std::string_view bytes) override;
  void start_tls() override;
  bool try_other_server() override { return tunnel_ && tunnel_->try_other_server(); }
  void end(farewell how, std::string_view text) override;
  void to_this_leg(std::string_view frame) override;
  std::string offer_resumption() override;
  void on_token_read() override;
  bool resume_other(std::string_view token, std::string_view detail) override;
  std::int64_t grace_seconds() const override { return context_.limits.grace_ms / 1000; }
  void let_browser_go(std::string_view text) override;

  const raw_context& context_;
  std::unique_ptr<framing> speech_;
  session_place place_;
  std::unique_ptr<visitor> from_;  // until connected
  tunnel_network* network_;
  std::unique_ptr<tunnel> tunnel_;
  raw_leg* leg_ = nullptr;
  std::unique_ptr<resumption> resumption_;
  steady_ms heard_at_ = 0;  // the network's last byte, or our last question
  std::uint8_t asked_ = 0;
  bool text_ = true;
  bool network_paused_ = false;  // while the browser is behind
  bool over_ = false;
};

}  // namespace halley
