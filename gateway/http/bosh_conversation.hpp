// SPDX-License-Identifier: GPL-3.0-or-later
//
// One BOSH session with its tunnels, its places and its timer: joins the pure session to the shard it
// lives on. Owned by the hall.
#pragma once

#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/timer_wheel.hpp"
#include "gateway/http/bosh_hall.hpp"
#include "gateway/session/tunnel.hpp"

namespace halley {

class bosh_conversation final : private bosh_session::host {
 public:
  bosh_conversation(bosh_hall& hall, const raw_context& context, tunnel_network& network,
                    session_place place, std::string sid, const visitor& from);
  ~bosh_conversation();
  bosh_conversation(const bosh_conversation&) = delete;
  bosh_conversation& operator=(const bosh_conversation&) = delete;

  const std::string& sid() const { return session_.sid(); }
  bool is_secure() const { return secure_; }
  bool is_over() const { return session_.is_over(); }
  bosh_counts& counts() { return hall_.counts_; }

  void begin(const bosh_request& first, bosh_reply& reply);
  void take(bosh_request&& request, bosh_reply& reply);
  // Each reply from its making to its end, which may come after this one's.
  void add(bosh_reply& reply);
  void remove(bosh_reply& reply);
  void forget(bosh_reply& gone);
  void on_answer_lost(std::uint64_t rid);
  void shut_down() { session_.on_shut_down(now()); }

 private:
  class way;  // a stream's, to its server
  void on_bytes(unsigned stream, std::string_view bytes);
  void on_lost(unsigned stream);
  // Whether any server is behind may have changed.
  void on_pace();
  void on_timer();
  void set_timer();
  visitor who(const session_place& place) const;
  steady_ms now() const { return context_.loop.now(); }

  void answer(bosh_reply& to, int status, const std::string& content_type,
              std::string body) override;
  std::optional<bosh_session::way> open_way(unsigned stream, std::string_view domain) override;
  void close_way(unsigned stream, std::string_view last_words) override;
  void read_way(unsigned stream, bool wanted) override;
  void on_over(std::string_view condition) override;

  bosh_hall& hall_;
  const raw_context& context_;
  std::forward_list<way> ways_;  // of each stream; the newest first
  bosh_reply* replies_ = nullptr;
  wheel_timer timer_;
  const std::uint16_t port_;  // of the visitor, for further streams
  const bool secure_;
  bosh_session session_;
};

}  // namespace halley
