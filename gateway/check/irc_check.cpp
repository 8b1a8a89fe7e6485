// SPDX-License-Identifier: GPL-3.0-or-later
//
// Getting in, and what the server sees of a visitor.
#include "gateway/check/irc_check.hpp"

#include <arpa/inet.h>

#include "gateway/check/check_networks.hpp"

namespace halley {

namespace {

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

}  // namespace

report check_irc(const network& config, const endpoint& server, const check_options& options) {
  return irc_check(config, server, options).run();
}

report irc_check::run() {
  using part = void (irc_check::*)();
  static constexpr part parts[] = {
      &irc_check::read_welcome,           &irc_check::see_address,       &irc_check::list_features,
      &irc_check::bring_second,           &irc_check::enter_room,        &irc_check::talk,
      &irc_check::enter_configured_rooms, &irc_check::count_connections, &irc_check::write_fast};
  const bool entered = enter();
  for (part each : parts) {
    if (!entered) break;
    (this->*each)();
    if (!first().is_over()) continue;
    add("lost", outcome::failed,
        "the server closed our connection before the check was through: \"" + first().error_text() +
            "\"");
    break;
  }
  for (irc_login& one : visitors_) one.client->quit();
  if (reached_) report_.advice = irc_advice(config_, seen_, options_.show_secrets);
  return std::move(report_);
}

bool irc_check::enter() {
  uses_webirc_ = !config_.webirc_password.empty();
  irc_login_wants what = wants(0);
  what.capabilities = true;
  what.account = !options_.account.empty();
  irc_login login = log_in(what);
  for (step& one : login.dial_steps) report_.steps.push_back(one);
  if (!login.client) return false;
  seen_.gateway = login.client->connection().local_address();
  seen_.is_local =
      seen_.gateway.empty() || seen_.gateway.starts_with("127.") || seen_.gateway == "::1";
  reached_ = !login.client->all().empty();
  if (!login.is_in() && uses_webirc_) {
    uses_webirc_ = what.webirc = false;
    irc_login again = log_in(what);
    explain_webirc_refusal(login, again);
    login = std::move(again);
  }
  if (login.sasl.name == "sasl") report_.steps.push_back(login.sasl);
  if (!login.is_in()) {
    add("login", outcome::failed, "not let in: " + login.words);
    return false;
  }
  add("login", outcome::ok, "in as " + login.client->nick(), login.ms);
  visitors_.push_back(std::move(login));
  return true;
}

void irc_check::explain_webirc_refusal(const irc_login& with, const irc_login& without) {
  if (!without.is_in()) {
    if (with.why == refusal::webirc)
      add("webirc", outcome::failed, "WEBIRC is refused: " + with.words);
    return;
  }
  add("webirc", outcome::failed,
      "WEBIRC is refused: " + with.words +
          ". Without WEBIRC the server lets us in, so the password, the address it allows (" +
          (seen_.gateway.empty() ? "a Unix socket" : seen_.gateway) +
          ") or the WEBIRC block is wrong");
}

void irc_check::read_welcome() {
  irc_client& me = first();
  me.send("VERSION");
  run_until({&me}, soon(), [&] { return me.find("351") || me.is_over(); });
  const heard* mine = me.find("004");
  const heard* version = me.find("351");
  std::string software(mine ? mine->param(2) : "");
  if (version && server_kind_of(software) == server_kind::unknown) software = version->param(1);
  seen_.kind = server_kind_of(software);
  report_.software = quoted(software);
  for (const heard& line : me.all())
    if (line.command == "005")
      for (const std::string& token : line.params)
        if (token.starts_with("NICKLEN="))
          seen_.nick_length = std::strtoul(token.c_str() + 8, nullptr, 10);
  if (seen_.nick_length > 0 && seen_.nick_length < 16)
    add("nick", outcome::warning,
        "nicks end at " + std::to_string(seen_.nick_length) +
            " characters: longer ones are refused");
}

// What the server says about us, to ourselves: USERHOST and WHOIS. A cloak hides the address from
// others, never from oneself.
void irc_check::see_address() {
  irc_client& me = first();
  std::size_t from = me.all().size();
  me.send("USERHOST " + me.nick());
  me.send("WHOIS " + me.nick());
  bool answered = run_until({&me}, soon(), [&] { return me.find("318", from) || me.is_over(); });
  if (me.is_over()) return;
  const std::string told = documentation_address(0);
  std::string host;  // as others see us
  bool told_seen = false, gateway_seen = false;
  for (std::size_t i = from; i < me.all().size(); ++i) {
    const heard& line = me.all()[i];
    for (const std::string& text : line.params) {
      told_seen = told_seen || text.find(told) != std::string::npos;
      gateway_seen =
          gateway_seen || (!seen_.gateway.empty() && text.find(seen_.gateway) != std::string::npos);
    }
    if (line.command == "311") host = quoted(line.param(3));
  }
  if (is_address(host) && !told_seen && !seen_.gateway.empty()) seen_.gateway = host;
  if (!tells_address() || (!uses_webirc_ && !config_.webirc_password.empty())) {
    if (config_.webirc_password.empty() && config_.proxy_header == proxy_version::none)
      add("webirc", outcome::warning,
          "no webirc_password is set: the server sees every visitor as " + host +
              ", so one visitor's ban or limit hits all");
    return;
  }
  const std::string name = uses_webirc_ ? "webirc" : "proxy";
  const std::string what = uses_webirc_ ? "WEBIRC" : "the PROXY header";
  const heard* password = me.find("464");
  const heard* unknown = me.find("421");
  if (told_seen) {
    address_told_ = true;
    add(name, outcome::ok, "sent " + told + " by " + what + ", and that is what the server sees");
  } else if (uses_webirc_ && password) {
    add(name, outcome::failed,
        "WEBIRC is refused: the server answers \"" +
            quoted(password->params.empty() ? "" : password->params.back()) +
            "\" (464) and lets the visitor in all the same, as " + host +
            ", the gateway's own address. The webirc_password is wrong");
  } else if (uses_webirc_ && unknown && unknown->param(1) == "WEBIRC") {
    add(name, outcome::failed,
        "the server does not know WEBIRC (421): every visitor comes as " + host);
  } else if (!answered) {
    add(name, outcome::warning,
        "the server did not answer USERHOST and WHOIS, so what it sees is unknown");
  } else if (gateway_seen || host == seen_.gateway || is_address(host)) {
    add(name, outcome::failed,
        what + " is silently ignored: sent " + told + ", but the server sees " + host +
            ". No block there fits this gateway");
  } else {
    add(name, outcome::warning,
        "sent " + told + " by " + what + "; the server shows us as " + host +
            " and not which address is behind it, so look there");
  }
  if (!address_told_) uses_webirc_ = false;
}

void irc_check::list_features() {
  const std::string& list = visitors_.front().capabilities;
  std::string has, lacks;
  for (const char* wanted : {"server-time", "message-tags", "echo-message", "labeled-response",
                             "batch", "draft/chathistory"}) {
    std::string& into =
        (" " + list).find(" " + std::string(wanted)) != std::string::npos ? has : lacks;
    into += (into.empty() ? "" : ", ") + std::string(wanted);
  }
  add("features", outcome::ok,
      (has.empty() ? "none of the newer ones" : has) + (lacks.empty() ? "" : "; not: " + lacks));
  if (config_.accounts && (" " + list).find(" sasl") == std::string::npos)
    add("accounts", outcome::warning,
        "accounts = true, but the server offers no SASL: signing in with a password will be "
        "refused. "
        "Are its services up? Else set accounts = false");
}

}  // namespace halley
