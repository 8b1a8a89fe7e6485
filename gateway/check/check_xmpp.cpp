// SPDX-License-Identifier: GPL-3.0-or-later
//
// One XMPP server, from the name to the rate limit. Two guests in a room of our own, some thirty
// kilobytes in all.
#include <algorithm>
#include <memory>

#include "gateway/check/advice.hpp"
#include "gateway/check/check_networks.hpp"
#include "gateway/check/irc_login.hpp"
#include "gateway/check/xmpp_client.hpp"

namespace halley {

namespace {

using std::chrono::seconds;
constexpr std::size_t most_rooms = 5;
constexpr std::size_t rate_messages = 30;
constexpr std::size_t rate_bytes = 1000;  // each

const std::string sample_text = "halley check: gr\xc3\xbc\xc3\x9f \xe2\x98\x84 \xf0\x9f\x98\x80";

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
    return check_clock::now() + seconds(std::min(config_.connect_timeout_s, 10u));
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

// Connected, and under TLS if the settings want it.
dialled xmpp_check::open(const std::string& to) {
  // RFC 6120, 13.7.2: the certificate is for the domain, whatever host serves it.
  const std::string tls_name = config_.tls_name.empty() ? to : config_.tls_name;
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

bool xmpp_check::enter_room() {
  room_ = check_nick() + "@" + service_;
  const auto start = check_clock::now();
  std::string why;
  for (auto& one : people_) {
    one->join(room_, check_nick());
    bool ended = run_until(everybody(), soon(), [&] {
      return one->in_room || !one->room_error.empty() || one->is_over();
    });
    if (one->in_room) continue;
    why = !ended ? "no answer in time" : one->is_over() ? one->over_words() : one->room_error;
    break;
  }
  if (!why.empty()) {
    seen_.needs_muc = true;
    add("room", outcome::failed, "the room " + room_ + " could not be joined: " + why,
        ms_since(start));
    return false;
  }
  add("room", outcome::ok, "joined " + room_ + ", made for this check", ms_since(start));
  return true;
}

void xmpp_check::talk() {
  xmpp_client& writer = *people_.front();
  xmpp_client& reader = *people_.back();  // the same one, if it is alone: MUC reflects
  const auto start = check_clock::now();
  auto pass_on = [&](xmpp_client& by, xmpp_client& to_whom) {
    const std::size_t from = to_whom.messages.size();
    by.say(sample_text);
    return run_until(everybody(), soon(), [&] {
      return std::any_of(to_whom.messages.begin() + static_cast<std::ptrdiff_t>(from),
                         to_whom.messages.end(),
                         [&](const room_message& one) { return one.body == sample_text; });
    });
  };
  bool there = pass_on(writer, reader);
  bool back = there && (people_.size() == 1 || pass_on(reader, writer));
  if (!back)
    return add("message", outcome::failed,
               "a message to " + room_ + " was not relayed to the other visitor", ms_since(start));
  add("message", outcome::ok,
      people_.size() == 1 ? "to the room and back to myself"
                          : "from one visitor to the other and back, through the room",
      ms_since(start));
}

void xmpp_check::look_for_archive() {
  const disco_found& room = ask(room_, false);
  if (room.has_feature("urn:xmpp:mam:2"))
    return add("archive", outcome::ok, "the room keeps an archive (MAM), so gaps can be filled");
  seen_.needs_archive = true;
  add("archive", outcome::warning,
      "the room keeps no archive (MAM): what was said while a visitor was away is lost");
}

void xmpp_check::write_fast() {
  xmpp_client& writer = *people_.front();
  xmpp_client& reader = *people_.back();
  const std::size_t from = reader.messages.size();
  const auto start = check_clock::now();
  for (std::size_t i = 0; i < rate_messages; ++i)
    writer.say("halley check, line " + std::to_string(i + 1) + " " +
               std::string(rate_bytes - 200, '.'));
  run_until(everybody(), start + seconds(10), [&] {
    return reader.messages.size() - from >= rate_messages || writer.is_over() || reader.is_over();
  });
  const std::size_t arrived = reader.messages.size() - from;
  const std::int64_t ms = ms_since(start);
  if (writer.is_over())
    return add("rate", outcome::failed,
               "rate limit: the server closed the connection after " + std::to_string(arrived) +
                   " of " + std::to_string(rate_messages) +
                   " KB sent at one go: " + writer.over_words(),
               ms);
  if (arrived == rate_messages && ms < 700)
    return add("rate", outcome::ok, "30 KB at one go passed without a pause", ms);
  seen_.bytes_per_second =
      arrived * rate_bytes * 1000 / static_cast<std::size_t>(std::max<std::int64_t>(ms, 1));
  add("rate", outcome::warning,
      "rate limit: the server takes about " + std::to_string(seen_.bytes_per_second / 1000) +
          " KB a second from one client (limits.c2s.rate in Prosody, a shaper in ejabberd): a "
          "visitor "
          "who pastes waits",
      ms);
}

void xmpp_check::enter_configured_rooms() {
  xmpp_client& me = *people_.front();
  std::string missed;
  std::size_t tried = 0;
  for (const std::string& name : config_.rooms) {
    if (tried++ == most_rooms) break;
    me.leave();
    const std::string room = name.find('@') == std::string::npos ? name + "@" + service_ : name;
    me.join(room, check_nick());
    run_until(everybody(), soon(),
              [&] { return me.in_room || !me.room_error.empty() || me.is_over(); });
    if (!me.in_room)
      missed += (missed.empty() ? "" : "; ") + room + ": " +
                (me.room_error.empty() ? "no answer" : me.room_error);
  }
  if (tried == 0) return;
  if (missed.empty())
    add("rooms", outcome::ok, "the rooms offered on the sign-in page can be joined");
  else
    add("rooms", outcome::failed, "offered on the sign-in page, but closed to us: " + missed);
}

}  // namespace

std::vector<report> check_xmpp(const network& config, const check_options& options) {
  std::vector<report> found;
  for (const endpoint& server : config.servers)
    found.push_back(xmpp_check(config, server, options).run());
  return found;
}

}  // namespace halley
