// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/irc/registration.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "bridges/irc/greeting.hpp"
#include "bridges/irc/numerics.hpp"
#include "bridges/irc/text.hpp"

namespace halley::irc {
namespace {

constexpr std::size_t most_motd = 16 * 1024;  // a page or two; more is no greeting

bool speaks_of_webirc(std::string_view text) {
  return text.find("WEBIRC") != std::string_view::npos ||
         text.find("WebIRC") != std::string_view::npos ||
         text.find("webirc") != std::string_view::npos ||
         text.find("CGI") != std::string_view::npos;
}

constexpr const char* tban = "TBAN";

// What a name can be cut to on the strictest servers (RFC 2812, 1.2.1).
constexpr std::size_t shortest_limit = 9;

}  // namespace

std::string webirc_address(std::string_view address) {
  boost::system::error_code ec;
  boost::asio::ip::address parsed = boost::asio::ip::make_address(address, ec);
  if (ec) return "255.255.255.255";  // never the gateway's own
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped())
    parsed = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6());
  std::string text = parsed.to_string();
  text.resize(std::min(text.find('%'), text.size()));  // no zone
  return text.starts_with(':') ? "0" + text : text;
}

std::string fill_template(std::string_view text, std::string_view nick, std::string_view address) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '%' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'n') {
      out += nick;
    } else if (next == 'h') {
      boost::system::error_code ec;
      const auto v4 = boost::asio::ip::make_address_v4(address, ec);
      constexpr char digits[] = "0123456789abcdef";
      if (!ec)
        for (const unsigned char byte : v4.to_bytes())
          (out += digits[byte >> 4]) += digits[byte & 15];
    } else {
      out += text[i];
      continue;
    }
    ++i;
  }
  return out;
}

registration::registration(const network& config, const visitor& who, std::string nick)
    : config_(config), who_(who), first_nick_(nick), nick_(std::move(nick)) {
  if (!config_.webirc_password.empty()) step_ = login_step::gateway_password;
}

void registration::begin(std::string& out) {
  out += print_greeting(config_, who_);
  out += outgoing("CAP").with("LS").with("302").line();
  out += outgoing("NICK").with(nick_).line();
  std::string user = fill_template(config_.user_name, nick_, who_.address);
  std::erase_if(user, [](char c) { return c == ' ' || c == '@' || c == '!' || c == ':'; });
  if (user.empty()) user = "web";
  out += outgoing("USER")
             .with(user)
             .with("0")
             .with("*")
             .text(fill_template(config_.real_name, nick_, who_.address))
             .line();
}

// COMPAT(inspircd 3): m_timedbans. The PING ends the waiting where commands are refused in other words.
void registration::ask_for_tban(std::string& out) {
  out += outgoing(tban).line();
  out += outgoing("PING").text(tban).line();
}

void registration::take_for_known(bool timed_bans) {
  may_know_tban_ = false;
  support_.timed_bans = timed_bans;
}

registration::outcome registration::fail(login_step step, failure why, fate what) {
  step_ = step;
  why_ = std::move(why);
  fate_ = what;
  return outcome::failed;
}

registration::outcome registration::take(const message& line, std::string& out) {
  if (const int number = line.numeric()) return take_numeric(number, line, out);
  if (line.command == "CAP") return take_cap(line, out);
  if (line.command == "PING") {
    out += outgoing("PONG").text(line.last()).line();
  } else if (line.command == "PONG" && line.last() == tban && may_know_tban_) {
    take_for_known(false);  // it was passed over
    return outcome::done;
  } else if (line.command == "ERROR") {
    return take_error(line);
  } else if (line.command == "AUTHENTICATE") {
    if (line.param(0) == "+") append_sasl_answer(out, {who_.account, who_.password});
  } else if (line.command == "NICK" && welcomed_ && line.nick() == nick_) {
    nick_ = line.param(0);  // a services daemon was faster than the MOTD
  }
  return outcome::going_on;
}

registration::outcome registration::take_error(const message& line) {
  farewell said = read_farewell(line.last());
  // A gateway's password is refused by closing the connection before anything was answered. A
  // visitor must never get in under the gateway's own address, so this is not tried on.
  const bool of_webirc = speaks_of_webirc(line.last());
  if (!config_.webirc_password.empty() && (of_webirc || !heard_) && said.what == fate::come_back)
    return fail(login_step::gateway_password,
                {failure_code::refused,
                 "The network does not accept this gateway (WEBIRC was refused): " +
                     reason_in_error(line.last()),
                 {}},
                of_webirc ? fate::never : fate::slow_down);
  if (said.why.code == failure_code::lost) said.why.code = failure_code::refused;
  return fail(login_step::login, std::move(said.why), said.what);
}

registration::outcome registration::take_numeric(int number, const message& line,
                                                 std::string& out) {
  const bool webirc = !config_.webirc_password.empty();
  if (!welcomed_) {
    if (number == 464 || (number == 421 && line.param(1) == "WEBIRC")) {
      // COMPAT(ngircd 26): a wrong WEBIRC password is answered with 464, and then the user is
      // registered under the gateway's address.
      if (webirc)
        return fail(login_step::gateway_password,
                    {failure_code::refused,
                     "The network does not accept this gateway (WEBIRC was refused).",
                     {}},
                    fate::never);
      return fail(login_step::gateway_password,
                  {failure_code::refused, "The network wants another server password.", {}}, fate::never);
    }
    if (number == 465 || number == 466 || number == 463) {
      farewell said = read_farewell(line.last());
      // COMPAT(inspircd): connectban says it with 465 as well, and means minutes.
      if (said.what == fate::slow_down)
        return fail(login_step::login, std::move(said.why), said.what);
      return fail(login_step::login,
                  {failure_code::banned,
                   "You are banned from this network: " + clean_field(line.last()),
                   {}},
                  fate::never);
    }
  }
  heard_ = true;
  switch (number) {
    case 1:
      // A server without CAP has not waited for anybody to log in.
      if (!who_.account.empty() && account_.empty()) return end_caps(out);
      welcomed_ = true;
      step_ = login_step::login;
      nick_ = line.param(0);
      server_ = line.prefix;
      // "Welcome to the X Network nick!user@host", where servers say it
      if (const std::size_t at = line.last().rfind(nick_ + "!"); at != std::string_view::npos)
        user_at_host_ = line.last().size() - at - nick_.size() - 1;
      break;
    case 4:
      server_ = clean_field(line.param(1));
      support_.is_inspircd = may_know_tban_ = line.param(2).starts_with("InspIRCd");
      break;
    case 5:
      support_.take(line);
      break;
    case 396:
      break;
    case 372:
      if (motd_.size() + line.last().size() < most_motd) {
        if (!motd_.empty()) motd_ += '\n';
        motd_ += line.last().starts_with("- ") ? line.last().substr(2) : line.last();
      }
      break;
    case 376:
    case 422:
      return welcomed_ ? outcome::done : outcome::going_on;
    case 421:  // no such command
    case 461:  // it wants more than its name
      if (!may_know_tban_ || line.param(1) != tban) break;
      take_for_known(number == 461);
      return outcome::done;
    case 431:
    case 432:
    case 433:
    case 436:
    case 437:
      if (!welcomed_) return try_next_nick(line, out);
      break;
    case 900:
      account_ = line.param(2);
      break;
    case 901:
      account_.clear();
      break;
    case 903:
    case 907:
      if (account_.empty()) account_ = who_.account;
      return end_caps(out);
    case 902:
    case 904:
    case 905:
    case 906:
      return fail(login_step::sasl, failure_of(line),
                  number == 906 ? fate::come_back : fate::never);
    default:
      break;
  }
  return outcome::going_on;
}

registration::outcome registration::try_next_nick(const message& line, std::string& out) {
  const bool refused_form = line.numeric() == 432 || line.numeric() == 431;
  if ((refused_form && nick_tries_ == 0) || nick_tries_ > 14)
    return fail(login_step::login, failure_of(line), fate::never);
  ++nick_tries_;
  if (nick_tries_ <= 2 && !refused_form) {
    nick_ = first_nick_ + std::string(static_cast<std::size_t>(nick_tries_), '_');
  } else {
    const std::string number = std::to_string(nick_tries_);
    // Cut on a character border of what may be UTF-8.
    std::size_t keep = std::min(first_nick_.size(), shortest_limit - number.size());
    while (keep > 1 && keep < first_nick_.size() &&
           (static_cast<unsigned char>(first_nick_[keep]) & 0xC0) == 0x80)
      --keep;
    nick_ = first_nick_.substr(0, keep) + number;
  }
  out += outgoing("NICK").with(nick_).line();
  return outcome::going_on;
}

}  // namespace halley::irc
