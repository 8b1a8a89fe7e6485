// SPDX-License-Identifier: GPL-3.0-or-later
//
// One IRC server, from the name to the flood limit. At most eight connections at a time and a few
// dozen lines, in a room of our own: a stranger's server is a guest's house.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "gateway/check/advice.hpp"
#include "gateway/check/irc_login.hpp"
#include "gateway/check/report.hpp"

namespace halley {

class irc_check {
 public:
  irc_check(const network& config, const endpoint& server, const check_options& options)
      : config_(config), server_(server), options_(options) {
    report_.network = config.name;
    report_.server = name_of(server);
  }

  report run();

 private:
  void add(std::string name, outcome how, std::string text, std::int64_t ms = -1) {
    report_.steps.push_back({std::move(name), how, std::move(text), ms});
  }
  irc_client& first() { return *visitors_.front().client; }
  bool has_second() const { return visitors_.size() > 1; }
  bool tells_address() const { return uses_webirc_ || config_.proxy_header != proxy_version::none; }
  check_clock::time_point soon() const {
    return check_clock::now() + std::chrono::seconds(std::min(config_.connect_timeout_s, 10u));
  }
  std::vector<irc_client*> everybody() {
    std::vector<irc_client*> all;
    for (irc_login& one : visitors_) all.push_back(one.client.get());
    return all;
  }
  irc_login_wants wants(std::size_t visitor) const {
    return {documentation_address(visitor), uses_webirc_, false, false};
  }
  irc_login log_in(const irc_login_wants& what) {
    irc_login login = begin_login(config_, server_, what);
    finish_login(login, config_, what, options_);
    return login;
  }

  bool enter();
  void explain_webirc_refusal(const irc_login& with, const irc_login& without);
  void read_welcome();
  void see_address();
  void list_features();
  void bring_second();
  void enter_room();
  std::string join(irc_client& who, const std::string& room, std::int64_t& ms);
  void talk();
  void enter_configured_rooms();
  void count_connections();
  void write_fast();
  void judge_pace(irc_client& writer, std::size_t sent, const std::vector<std::int64_t>& arrivals);

  const network& config_;
  const endpoint& server_;
  const check_options& options_;
  report report_;
  findings seen_;
  bool reached_ = false;             // something that speaks IRC answered
  bool uses_webirc_ = false;         // still: not after it was refused
  bool address_told_ = false;        // the server sees the visitor's
  std::string room_;                 // ours; empty: could not be joined
  std::vector<irc_login> visitors_;  // those that are in
};

}  // namespace halley
