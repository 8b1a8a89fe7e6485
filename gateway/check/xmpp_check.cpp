// SPDX-License-Identifier: GPL-3.0-or-later
//
// Getting in, and finding the rooms.
#include "gateway/check/xmpp_check.hpp"

#include "gateway/check/check_networks.hpp"
#include "gateway/check/names.hpp"
#include "gateway/check/xmpp_stream.hpp"

namespace halley {

namespace {

using std::chrono::seconds;

}  // namespace

report check_xmpp(const network& config, const endpoint& server, const check_options& options) {
  return xmpp_check(config, server, options).run();
}

// Connected, and under TLS if the settings want it.
dialled xmpp_check::open(const std::string& to) {
  // RFC 6120, 13.7.2: the certificate is for the domain, whatever host serves it. The gateway
  // verifies the same name for guests.
  const std::string tls_name = config_.tls_name.empty() ? config_.domain : config_.tls_name;
  dialled line = dial(config_, server_, documentation_address(people_.size()), tls_name);
  if (line.connection && config_.tls == tls_mode::starttls) {
    line.steps.push_back(negotiate_starttls(*line.connection, config_, to, tls_name));
    if (line.steps.back().how == outcome::failed) line.connection.reset();
  }
  return line;
}

// The steps up to TLS, on a connection of their own.
bool xmpp_check::reach() {
  dialled line = open(config_.guests ? guest_domain() : config_.domain);
  report_.steps = line.steps;
  if (std::any_of(line.steps.begin(), line.steps.end(), [](const step& one) {
        return (one.name == "tcp" || one.name == "socket") && one.how != outcome::failed;
      }))
    reached_ = true;
  if (!line.connection) return false;
  seen_.gateway = line.connection->local_address();
  seen_.is_local = is_near_ =
      seen_.gateway.empty() || seen_.gateway.starts_with("127.") || seen_.gateway == "::1";
  return true;
}

std::unique_ptr<xmpp_client> xmpp_check::log_in(const std::string& domain, bool with_account,
                                                std::string& why, std::int64_t& ms) {
  dialled line = open(domain);
  if (!line.connection) {
    why = line.steps.back().text;
    return nullptr;
  }
  const bool may_show = line.connection->is_secure() || is_near_;
  const auto start = check_clock::now();
  auto client = std::make_unique<xmpp_client>(std::move(*line.connection), domain,
                                              with_account ? options_.account : "",
                                              with_account ? options_.password : "", may_show);
  client->log_in();
  bool ended = run_until({client.get()}, start + seconds(config_.connect_timeout_s),
                         [&] { return client->is_online() || client->is_over(); });
  ms = ms_since(start);
  if (client->is_online()) return client;
  why = ended ? client->over_words()
              : "no end of the login within " + std::to_string(config_.connect_timeout_s) + " s";
  return nullptr;
}

bool xmpp_check::enter() {
  std::string why;
  std::int64_t ms = -1;
  if (config_.guests) {
    auto guest = log_in(guest_domain(), false, why, ms);
    if (guest) {
      add("guest", outcome::ok, "in as " + guest->full_address() + " (SASL ANONYMOUS)", ms);
      people_.push_back(std::move(guest));
      if (auto second = log_in(guest_domain(), false, why, ms))
        people_.push_back(std::move(second));
      else
        add("second", outcome::failed, "a second guest is not let in: " + why);
    } else {
      seen_.needs_anonymous = true;
      add("guest", outcome::failed,
          "guests are not let in on " + guest_domain() + ": " + why +
              ". Guests need SASL ANONYMOUS on a virtual host of its own (anonymous_domain), or "
              "set "
              "guests = false",
          ms);
    }
  }
  if (!options_.account.empty()) {
    auto person = log_in(config_.domain, true, why, ms);
    if (person) {
      add("account", outcome::ok, "in as " + person->full_address(), ms);
      people_.push_back(std::move(person));
    } else {
      add("account", outcome::failed,
          "the account " + options_.account + "@" + config_.domain + " is not let in: " + why, ms);
    }
  } else if (!config_.guests) {
    add("account", outcome::failed,
        "guests = false, so give --account and --password-file to log in with");
  }
  return !people_.empty();
}

const disco_found& xmpp_check::ask(const std::string& address, bool items) {
  xmpp_client& me = *people_.front();
  items ? me.ask_items(address) : me.ask_info(address);
  run_until(everybody(), soon(), [&] { return me.discovered[address].answered || me.is_over(); });
  return me.discovered[address];
}

void xmpp_check::ask_software() {
  xmpp_client& me = *people_.front();
  const std::string& domain = config_.guests ? guest_domain() : config_.domain;
  me.ask_version(domain);
  run_until(everybody(), soon(), [&] { return me.version_answered || me.is_over(); });
  report_.software = me.version;
  const disco_found& about = ask(domain, false);
  for (const std::string& identity : about.identities) {
    if (!identity.starts_with("server/")) continue;
    if (report_.software.empty()) report_.software = identity.substr(identity.find(' ') + 1);
    seen_.kind = server_kind_of(identity);
  }
  if (seen_.kind == server_kind::unknown) seen_.kind = server_kind_of(report_.software);
}

bool xmpp_check::find_rooms_service() {
  auto holds_rooms = [&](const std::string& address) {
    return ask(address, false).has_feature("http://jabber.org/protocol/muc");
  };
  if (!config_.muc_service.empty()) {
    if (holds_rooms(config_.muc_service)) {
      service_ = config_.muc_service;
      add("service", outcome::ok, "rooms live at " + service_);
      return true;
    }
    seen_.needs_muc = true;
    const std::string error = people_.front()->discovered[config_.muc_service].error;
    add("service", outcome::failed,
        config_.muc_service + " is no rooms service (MUC)" + (error.empty() ? "" : ": " + error) +
            ". Is the component there, and muc_service spelled right?");
    return false;
  }
  for (const std::string& domain : {config_.domain, guest_domain()}) {
    const std::vector<std::string> items = ask(domain, true).items;
    for (const std::string& item : items) {
      if (!holds_rooms(item)) continue;
      service_ = item;
      add("service", outcome::ok, "found " + service_ + " by asking " + domain);
      return true;
    }
  }
  seen_.needs_muc = true;
  add("service", outcome::failed,
      config_.domain + " lists no rooms service (MUC): add one, or name it in muc_service");
  return false;
}

}  // namespace halley
