// SPDX-License-Identifier: GPL-3.0-or-later
//
// `halley check`: logs in to each configured network as an independent client (libircclient and
// gloox, not our bridges), tries what visitors will need, and says in plain words what failed and
// which lines to add to that server's configuration. A short-lived process of its own: it blocks,
// uses few descriptors and shares nothing with `serve`.
#pragma once

#include <iosfwd>
#include <string>

#include "gateway/settings/settings.hpp"

namespace halley {

struct check_options {
  std::string only_network;   // empty: all
  bool show_secrets = false;  // print passwords in the lines to add, instead of placeholders
  bool json = false;          // one JSON document instead of text
  std::string account;        // log in to this account too; empty: only as a guest
  std::string password;       // of the account
};

// The exit status: 0 all fine, 1 something failed, 2 nothing could be tried (no such network).
int run_check(const settings& config, const check_options& options, std::ostream& out);

}  // namespace halley
