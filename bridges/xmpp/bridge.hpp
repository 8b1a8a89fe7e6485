// SPDX-License-Identifier: GPL-3.0-or-later
//
// One session's client on an XMPP network: connects, logs in, stays connected, and hands stanzas
// and commands to the parts that know them. Owns its stream and parts; refers to the network's
// state on the shard and to its listener, which both outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bridges/backoff.hpp"
#include "bridges/xmpp/account_opening.hpp"
#include "bridges/xmpp/conversations.hpp"
#include "bridges/xmpp/displayed.hpp"
#include "bridges/xmpp/healing.hpp"
#include "bridges/xmpp/history.hpp"
#include "bridges/xmpp/leg.hpp"
#include "bridges/xmpp/moderation.hpp"
#include "bridges/xmpp/network_state.hpp"
#include "bridges/xmpp/queries.hpp"
#include "bridges/xmpp/rooms.hpp"
#include "bridges/xmpp/roster.hpp"
#include "bridges/xmpp/speaking.hpp"
#include "bridges/xmpp/stream.hpp"

namespace halley::xmpp {

// The nick a visitor wants: his own, or that of his account.
std::string nick_of(const visitor& who);
// The account's bare address; nothing if it is none.
std::optional<std::string> account_jid(const visitor& who, const network& config);

class xmpp_bridge final : public bridge, private stream_listener {
 public:
  xmpp_bridge(network_state& shared, const visitor& who, bridge_listener& listener);
  ~xmpp_bridge() override;

  void submit(std::uint64_t n, const command& what) override;
  void on_attached(bool attached) override;
  void describe(std::vector<event_ptr>& into) override;
  bool heal(unix_ms since) override;
  void end(std::string_view reason) override;

 private:
  enum class state : std::uint8_t { connecting, online, waiting, ended };
  void on_stream_ready(stream_start&& start) override;
  void on_stream_acknowledged(std::uint64_t number) override { leg_.on_acknowledged(number); }
  void on_stream_stanza(std::string_view text, const stanza_head& head) override;
  void on_stream_down(login_step step, const stream_failure& why) override;

  void connect();
  login login_of_visitor() const;
  void on_timer();
  void watch_login();
  void keep_alive();
  void on_resumed();
  void on_not_resumed();
  void on_room_service_known();
  void announce();
  online_event describe_network() const;
  void send_activity();
  void on_message(std::string_view text, const stanza_head& head);
  void on_presence(std::string_view text, const stanza_head& head);
  void on_iq(std::string_view text, const stanza_head& head);
  void set_away(std::uint64_t n, const std::string& text);
  void send_raw(std::uint64_t n, const std::string& line);
  void open_account(std::uint64_t n, const register_command& what);
  void leave_network(std::string_view reason);

  network_state& shared_;
  visitor who_;
  stream stream_;
  leg leg_;
  healing healing_;
  rooms rooms_;
  speaking speaking_;
  conversations conversations_;
  moderation moderation_;
  queries queries_;
  history history_;
  std::unique_ptr<roster> roster_;            // accounts only
  std::unique_ptr<displayed> displayed_;      // where the server of the account keeps it
  std::unique_ptr<account_opening> opening_;  // while a register command is under way, and after
  std::unique_ptr<offline_event> offline_;    // the last one, while not online
  wheel_timer timer_;  // login, keepalive or the wait before the next attempt
  std::unique_ptr<endpoint> server_;  // where the server sent us, for the next attempt
  std::uint32_t next_server_;
  std::uint32_t not_proven_ = 0;  // servers in turn whose TLS has failed, since the visitor was told
  backoff backoff_;
  steady_ms heard_at_ = 0;  // by the stream that was lost
  state state_ = state::connecting;
  stream_offers offers_;
  bool attached_ = true;
  bool told_online_ = false;
  bool was_online_ = false;
  bool was_told_online_ = false;  // before the stream that may be resumed was lost
  bool suspended_ = false;  // lost, but the stream may yet be resumed
};

}  // namespace halley::xmpp
