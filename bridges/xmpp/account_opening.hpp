// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens an account (XEP-0077) on a second, short stream, because servers allow it only before a
// login. Lives for one register command; owned by the bridge.
#pragma once

#include <cstdint>
#include <string>

#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/stream.hpp"
#include "gateway/chat/command.hpp"

namespace halley::xmpp {

class account_opening final : private stream_listener {
 public:
  // The account's prepared address is `jid`.
  account_opening(leg& session, const visitor& from, std::uint64_t n, const std::string& jid,
                  const register_command& what);

  bool is_over() const { return over_; }
  // The session ends or loses its network: no answer will come.
  void give_up();

 private:
  void on_stream_ready(stream_start&& start) override;
  void on_stream_stanza(std::string_view, const stanza_head&) override {}
  void on_stream_down(login_step step, const stream_failure& why) override;
  void on_time_up();

  leg& leg_;
  stream stream_;
  wheel_timer timer_;
  std::uint64_t n_;
  bool over_ = false;
};

}  // namespace halley::xmpp
