// SPDX-License-Identifier: GPL-3.0-or-later
//
// Getting in: one login to an IRC server as `halley check` makes it, and why it failed.
#pragma once

#include <memory>
#include <string>

#include "gateway/check/check.hpp"
#include "gateway/check/irc_client.hpp"
#include "gateway/check/irc_words.hpp"
#include "gateway/check/names.hpp"

namespace halley {

struct irc_login {
  std::unique_ptr<irc_client> client;  // empty: no connection came about
  std::vector<step> dial_steps;
  std::string capabilities;     // of CAP LS, separated by spaces
  step sasl;                    // no name: not tried
  refusal why = refusal::none;  // not in: what the server said
  std::string words;            // the same in plain words
  std::int64_t ms = -1;         // from the first byte sent to the welcome

  bool is_in() const { return client && client->is_online(); }
};

// Which of the things a visitor's login may carry this one carries.
struct irc_login_wants {
  std::string visitor;  // told by WEBIRC or the PROXY header; a documentation address
  bool webirc = true;   // if the settings have a password for it
  bool capabilities = false;
  bool account = false;  // SASL with the options' account
};

// Sends the first lines and returns at once; finish_login() waits.
irc_login begin_login(const network& config, const endpoint& server, const irc_login_wants& wants);
void finish_login(irc_login& login, const network& config, const irc_login_wants& wants,
                  const check_options& options);
// What kept a connection out that is over, or never answered.
void judge_login(irc_login& login, const network& config);

}  // namespace halley
