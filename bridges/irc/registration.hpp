// SPDX-License-Identifier: GPL-3.0-or-later
//
// From an open connection to the end of the welcome: WEBIRC, PASS, CAP, SASL, NICK and USER, nick
// collisions, ISUPPORT and the MOTD. Pure: messages in, lines out. Exists only until it is done;
// never waits for another session (servers that finish registrations once a second finish them all
// then).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridges/irc/caps.hpp"
#include "bridges/irc/farewell.hpp"
#include "bridges/irc/isupport.hpp"
#include "bridges/irc/message.hpp"
#include "bridges/irc/sasl.hpp"
#include "gateway/chat/event.hpp"
#include "gateway/chat/network.hpp"

namespace halley::irc {

class registration {
 public:
  enum class outcome : std::uint8_t { going_on, done, failed };

  // `config` outlives it. `nick` may differ from the visitor's after a reconnection.
  registration(const network& config, const visitor& who, std::string nick);

  // All that can be said at once.
  void begin(std::string& out);
  // One line of the server; may append lines to `out`.
  outcome take(const message& line, std::string& out);
  // When it is done: whether the server takes TBAN, which none announces. It is done again when the
  // answer is there; not to be asked of servers that have no such command for sure.
  bool may_know_tban() const { return may_know_tban_; }
  void ask_for_tban(std::string& out);
  void take_for_known(bool timed_bans);

  // When it has failed, or as far as it has come.
  login_step step() const { return step_; }
  const failure& why() const { return why_; }
  fate what_follows() const { return fate_; }

  // When it is done.
  const std::string& nick() const { return nick_; }
  bool was_taken() const { return nick_tries_ > 0; }  // the name asked for
  const std::string& account() const { return account_; }
  const std::string& server() const { return server_; }
  const std::string& motd() const { return motd_; }
  const isupport& support() const { return support_; }
  cap_set caps() const { return caps_; }
  std::size_t user_at_host() const { return user_at_host_; }  // bytes; 0: not told

 private:
  outcome fail(login_step step, failure why, fate what);
  outcome take_cap(const message& line, std::string& out);
  outcome take_numeric(int number, const message& line, std::string& out);
  outcome take_error(const message& line);
  outcome try_next_nick(const message& line, std::string& out);
  outcome begin_sasl(std::string& out);
  outcome end_caps(std::string& out);
  void ask_for_caps(std::string& out);

  const network& config_;
  const visitor& who_;
  std::string first_nick_;
  std::string nick_;
  std::string account_;
  std::string server_;
  std::string motd_;
  std::string sasl_value_;
  isupport support_;
  cap_set caps_;
  cap_set offered_;
  failure why_;
  login_step step_ = login_step::login;
  std::size_t user_at_host_ = 0;
  int asked_ = 0;  // CAP REQ without an answer
  int nick_tries_ = 0;
  bool heard_ = false;  // the server has answered anything but an error
  bool cap_ended_ = false;
  bool welcomed_ = false;  // 001
  fate fate_ = fate::come_back;
  bool vendor_replies_ = false;
  bool may_know_tban_ = false;
};

// What the templates of the configuration become: "%n" the nick, "%h" the visitor's IPv4 in hex.
std::string fill_template(std::string_view text, std::string_view nick, std::string_view address);
// The address as a WEBIRC parameter: IPv4-mapped ones unmapped, "0" before a leading ':'.
std::string webirc_address(std::string_view address);

}  // namespace halley::irc
