// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/account_opening.hpp"

#include "bridges/xmpp/jid.hpp"
#include "gateway/base/random.hpp"

namespace halley::xmpp {

account_opening::account_opening(leg& session, const visitor& from, std::uint64_t n,
                                 const std::string& jid, const register_command& what)
    : leg_(session),
      stream_(session.shared().links, *this),
      timer_(on_expiry<&account_opening::on_time_up>, this),
      n_(n) {
  login who;
  who.domain = domain(jid);
  who.user = local(jid);
  who.password = what.password;
  who.email = what.email;
  who.opens_account = true;
  const network& config = session.shared().config;
  const auto& servers = config.servers;
  timer_.arm(session.loop().timers(), session.now() + config.connect_timeout_s * 2000LL);
  stream_.open(servers[random_u64() % servers.size()], from, who);
}

void account_opening::give_up() {
  if (over_) return;
  over_ = true;
  timer_.cancel();
  stream_.close();
  leg_.fail(n_, failure_code::lost, "The connection to the network was lost.");
}

void account_opening::on_stream_ready(stream_start&&) {
  over_ = true;
  timer_.cancel();
  stream_.close();
  leg_.succeed(n_);
}

void account_opening::on_stream_down(login_step, const stream_failure& why) {
  if (over_) return;
  over_ = true;
  timer_.cancel();
  failure told = why.why;
  if (told.field.empty() && told.code == failure_code::nick_in_use) told.field = "account";
  leg_.fail(n_, std::move(told));
}

void account_opening::on_time_up() {
  on_stream_down(stream_.step(),
                 {{failure_code::timed_out, "The server did not answer in time.", ""}, false});
  stream_.close();
}

}  // namespace halley::xmpp
