// SPDX-License-Identifier: GPL-3.0-or-later
//
// One XMPP server, from the name to the rate limit. Two guests in a room of our own, some thirty
// kilobytes in all.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gateway/check/advice.hpp"
#include "gateway/check/check.hpp"
#include "gateway/check/report.hpp"
#include "gateway/check/xmpp_client.hpp"

namespace halley {

class xmpp_check {
 public:
  xmpp_check(const network& config, const endpoint& server, const check_options& options)
      : config_(config), server_(server), options_(options) {
    report_.network = config.name;
    report_.server = name_of(server);
  }

  report run() {
    if (reach() && enter()) {
      ask_software();
      if (find_rooms_service() && enter_room()) {
        talk();
        look_for_archive();
        write_fast();
        remove_room();
        enter_configured_rooms();
      }
      for (auto& one : people_) one->disconnect();
    }
    if (reached_) report_.advice = xmpp_advice(config_, seen_);
    return std::move(report_);
  }

 private:
  void add(std::string name, outcome how, std::string text, std::int64_t ms = -1) {
    report_.steps.push_back({std::move(name), how, std::move(text), ms});
  }
  check_clock::time_point soon() const {
    return check_clock::now() + std::chrono::seconds(std::min(config_.connect_timeout_s, 10u));
  }
  std::vector<xmpp_client*> everybody() {
    std::vector<xmpp_client*> all;
    for (auto& one : people_) all.push_back(one.get());
    return all;
  }
  const std::string& guest_domain() const {
    return config_.anonymous_domain.empty() ? config_.domain : config_.anonymous_domain;
  }
  const disco_found& ask(const std::string& address, bool items);

  dialled open(const std::string& to);
  std::unique_ptr<xmpp_client> log_in(const std::string& domain, bool with_account,
                                      std::string& why, std::int64_t& ms);
  bool reach();
  bool enter();
  void ask_software();
  bool find_rooms_service();
  bool enter_room();
  void talk();
  void look_for_archive();
  void write_fast();
  void remove_room();
  void enter_configured_rooms();

  const network& config_;
  const endpoint& server_;
  const check_options& options_;
  report report_;
  findings seen_;
  bool reached_ = false;
  bool is_near_ = false;  // loopback or a Unix socket: a password may go in clear
  std::string service_, room_;
  std::vector<std::unique_ptr<xmpp_client>> people_;
};

}  // namespace halley
