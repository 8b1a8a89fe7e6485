// SPDX-License-Identifier: GPL-3.0-or-later
//
// One IRC server, from the name to the flood limit. At most eight connections at a time and a few
// dozen lines, in a room of our own: a stranger's server is a guest's house.
#include <arpa/inet.h>

#include <algorithm>

#include "gateway/check/advice.hpp"
#include "gateway/check/check_networks.hpp"
#include "gateway/check/irc_login.hpp"

namespace halley {

namespace {

using std::chrono::seconds;
constexpr std::size_t most_connections = 8;
constexpr std::size_t most_rooms = 5;  // of the settings, joined and left again

// A text that suffers when a server is not clean to eight bits.
const std::string sample_text = "halley check: gr\xc3\xbc\xc3\x9f \xe2\x98\x84 \xf0\x9f\x98\x80";

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

class irc_check {
 public:
  irc_check(const network& config, const endpoint& server, const check_options& options)
      : config_(config), server_(server), options_(options) {
    report_.network = config.name;
    report_.server = name_of(server);
  }

  report run() {
    if (enter()) {
      read_welcome();
      see_address();
      list_features();
      bring_second();
      enter_room();
      talk();
      enter_configured_rooms();
      count_connections();
      write_fast();
      for (irc_login& one : visitors_)
        if (one.client) one.client->quit();
    }
    if (seen_.kind != server_kind::unknown || reached_)
      report_.advice = irc_advice(config_, seen_, options_.show_secrets);
    return std::move(report_);
  }

 private:
  void add(std::string name, outcome how, std::string text, std::int64_t ms = -1) {
    report_.steps.push_back({std::move(name), how, std::move(text), ms});
  }
  irc_client& first() { return *visitors_.front().client; }
  bool has_second() const { return visitors_.size() > 1; }
  bool tells_address() const { return uses_webirc_ || config_.proxy_header; }
  check_clock::time_point soon() const {
    return check_clock::now() + seconds(std::min(config_.connect_timeout_s, 10u));
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
    if (config_.webirc_password.empty() && !config_.proxy_header)
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

void irc_check::bring_second() {
  irc_login second = log_in(wants(1));
  if (second.is_in()) {
    visitors_.push_back(std::move(second));
    return;
  }
  if (second.why == refusal::clones || second.why == refusal::throttled) return;  // counted later
  add("second", outcome::failed, "a second visitor is not let in: " + second.words);
}

// Empty when joined, else why not.
std::string irc_check::join(irc_client& who, const std::string& room, std::int64_t& ms) {
  const auto start = check_clock::now();
  const std::size_t from = who.all().size();
  who.send("JOIN " + room);
  std::string refused;
  bool answered = run_until(everybody(), soon(), [&] {
    for (std::size_t i = from; i < who.all().size(); ++i) {
      const heard& line = who.all()[i];
      if (line.command == "JOIN" && line.from == who.nick()) return true;
      if (line.command.size() == 3 && line.command[0] >= '4' && line.command[0] <= '5') {
        const std::string words = numeric_words(line.command);
        refused = (words.empty() ? "" : words + ": ") + "the server answers " + line.command +
                  " \"" + quoted(line.params.empty() ? "" : line.params.back()) + "\"";
        return true;
      }
    }
    return who.is_over();
  });
  ms = ms_since(start);
  if (!answered) return "no answer to JOIN " + room;
  if (who.is_over()) return "the connection was lost: " + who.error_text();
  return refused;
}

void irc_check::enter_room() {
  const std::string name = "#" + check_nick();
  std::int64_t ms = 0;
  std::string why = join(first(), name, ms);
  if (why.empty() && has_second()) why = join(*visitors_[1].client, name, ms);
  if (!why.empty())
    return add("room", outcome::failed, "the room " + name + " could not be joined: " + why, ms);
  room_ = name;
  add("room", outcome::ok, "joined " + name + ", made for this check", ms);
}

void irc_check::talk() {
  irc_client& writer = first();
  const bool in_room = has_second() && !room_.empty();
  irc_client& reader = has_second() ? *visitors_[1].client : writer;
  const std::string to = in_room ? room_ : reader.nick();
  auto pass_on = [&](irc_client& by, irc_client& to_whom, const std::string& target) {
    std::size_t from = to_whom.all().size();
    by.send("PRIVMSG " + target + " :" + sample_text);
    const heard* line = nullptr;
    run_until(everybody(), soon(), [&] {
      line = to_whom.find("PRIVMSG", from);
      return line || by.is_over() || to_whom.is_over();
    });
    return line;
  };
  const auto start = check_clock::now();
  const std::size_t from = writer.all().size();
  const heard* there = pass_on(writer, reader, to);
  bool changed = there && there->param(1) != sample_text;
  const heard* back = there && in_room ? pass_on(reader, writer, to) : there;
  if (!back) {
    const heard* refused = writer.find("404", from);
    return add("message", outcome::failed,
               "a message to " + to + " was not relayed to the other visitor" +
                   (refused ? ": \"" + quoted(refused->params.back()) + "\" (404)" : ""),
               ms_since(start));
  }
  if (changed)
    return add("message", outcome::failed,
               "a message arrived, but not as it was sent: letters outside ASCII were changed",
               ms_since(start));
  add("message", outcome::ok,
      in_room ? "from one visitor to the other and back, through the room" : "to myself and back",
      ms_since(start));
}

void irc_check::enter_configured_rooms() {
  std::string missed;
  std::size_t tried = 0;
  for (const std::string& room : config_.rooms) {
    if (tried++ == most_rooms) break;
    std::int64_t ms = 0;
    std::string why = join(first(), room, ms);
    if (!why.empty()) missed += (missed.empty() ? "" : "; ") + room + ": " + why;
    if (why.empty()) first().send("PART " + room + " :done checking");
  }
  if (tried == 0) return;
  if (missed.empty())
    add("rooms", outcome::ok, "the rooms offered on the sign-in page can be joined");
  else
    add("rooms", outcome::failed, "offered on the sign-in page, but closed to us: " + missed);
}

// The others arrive all at once, as after a restart of the gateway.
void irc_check::count_connections() {
  std::vector<irc_login> others;
  for (std::size_t i = visitors_.size(); i < most_connections; ++i)
    others.push_back(begin_login(config_, server_, wants(i)));
  std::vector<irc_client*> all = everybody();
  for (irc_login& one : others)
    if (one.client) all.push_back(one.client.get());
  run_until(all, soon(), [&] {
    return std::all_of(all.begin(), all.end(),
                       [](irc_client* one) { return one->is_online() || one->is_over(); });
  });
  refusal why = refusal::none;
  std::string words;
  for (irc_login& one : others) {
    if (one.is_in() && !one.client->is_over()) {
      visitors_.push_back(std::move(one));
    } else if (words.empty()) {
      if (one.client) judge_login(one, config_);
      words = one.words;
      why = one.why;
    }
  }
  const std::string how =
      address_told_ ? ", each with an address of its own" : ", all from one address";
  const std::string count = std::to_string(visitors_.size());
  if (words.empty())
    return add("clones", outcome::ok, count + " connections at a time are accepted" + how);
  add("clones", outcome::failed,
      std::string(why == refusal::throttled ? "new connections are throttled: " : "clone limit: ") +
          "only " + count + (visitors_.size() == 1 ? " connection is" : " connections are") +
          " accepted at a time" + how + "; the next is refused: " + words);
}

void irc_check::write_fast() {
  // The last to come: nothing it did before counts against it.
  irc_client& writer = *visitors_.back().client;
  irc_client& reader = first();
  std::int64_t ms = 0;
  const bool in_room = &writer != &reader && !room_.empty() &&
                       (visitors_.size() == 2 || join(writer, room_, ms).empty());
  const std::string target = in_room ? room_ : reader.nick();
  const std::size_t sent = std::clamp<std::size_t>(config_.flood_burst + 8, 12, 20);
  const std::size_t from = reader.all().size();
  const auto start = check_clock::now();
  for (std::size_t i = 0; i < sent; ++i)
    writer.send("PRIVMSG " + target + " :halley check, line " + std::to_string(i + 1));
  std::vector<std::int64_t> arrivals;
  std::size_t at = from;
  run_until(everybody(), start + seconds(8), [&] {
    for (; at < reader.all().size(); ++at) {
      const heard& line = reader.all()[at];
      if (line.command == "PRIVMSG" && line.from == writer.nick())
        arrivals.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(line.at - start).count());
    }
    return arrivals.size() == sent || writer.is_over();
  });
  judge_pace(writer, sent, arrivals);
}

void irc_check::judge_pace(irc_client& writer, std::size_t sent,
                           const std::vector<std::int64_t>& arrivals) {
  const std::int64_t ms = arrivals.empty() ? -1 : arrivals.back();
  seen_.lines = pace_of(sent, arrivals);
  char ours[96];
  std::snprintf(ours, sizeof ours, "halley.toml lets a visitor send %u and then %.1f a second",
                config_.flood_burst, config_.flood_rate);
  if (writer.is_over()) {
    seen_.is_slowed = true;
    seen_.lines.at_once /= 2;  // a safe distance: what it counts besides lines is unknown
    return add("flood", outcome::failed,
               "flood limit: the server closed the connection after " +
                   std::to_string(arrivals.size()) + " of " + std::to_string(sent) +
                   " lines sent at one go (\"" + writer.error_text() + "\"); " + ours,
               ms);
  }
  if (arrivals.empty())
    return add("flood", outcome::failed,
               "none of " + std::to_string(sent) + " lines sent at one go arrived within 8 s");
  seen_.is_slowed = is_too_fast(seen_.lines, config_.flood_rate, config_.flood_burst);
  add("flood", seen_.is_slowed ? outcome::warning : outcome::ok,
      (seen_.is_slowed ? "flood limit: the server slows visitors down: " : "") +
          print_pace(seen_.lines) + (seen_.lines.at_once < sent ? std::string("; ") + ours : ""),
      ms);
}

}  // namespace

report check_irc(const network& config, const endpoint& server, const check_options& options) {
  return irc_check(config, server, options).run();
}

}  // namespace halley
