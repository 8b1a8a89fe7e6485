// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/irc_login.hpp"

#include <openssl/evp.h>

namespace halley {

namespace {

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                             reinterpret_cast<const unsigned char*>(bytes.data()),
                             static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string first_lines(const network& config, const irc_login_wants& wants) {
  std::string lines;
  // WEBIRC comes before everything else, CAP too; with its flags, none, as the gateway sends it.
  if (wants.webirc && !config.webirc_password.empty())
    lines += "WEBIRC " + config.webirc_password + " " + config.webirc_gateway + " " +
             wants.visitor + " " + wants.visitor + " :\r\n";
  if (!config.server_password.empty()) lines += "PASS :" + config.server_password + "\r\n";
  if (wants.capabilities) lines += "CAP LS 302\r\n";
  return lines;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (one.substr(0, one.find('=')) == word) return true;
  }
  return false;
}

// True once the last line of the list is here (or the server went on without one).
bool read_capabilities(irc_login& login, std::size_t& at) {
  const auto& lines = login.client->all();
  for (; at < lines.size(); ++at) {
    const heard& line = lines[at];
    if (line.command == "001" || (line.command == "421" && line.param(1) == "CAP")) return true;
    if (line.command != "CAP" || line.param(1) != "LS") continue;
    bool more = line.param(2) == "*";
    login.capabilities += std::string(line.param(more ? 3 : 2)) + " ";
    if (!more) return ++at, true;
  }
  return login.client->is_over();
}

step log_in_to_account(irc_client& client, const irc_login& login, const check_options& options,
                       check_clock::time_point deadline) {
  const auto start = check_clock::now();
  if (!has_word(login.capabilities, "sasl"))
    return {"sasl", outcome::failed,
            "the server offers no SASL, so nobody can log in to an account: are its services up?",
            -1};
  auto wait = [&](auto&& enough) { return run_until({&client}, deadline, enough); };
  client.send("CAP REQ :sasl");
  bool answered = wait([&] {
    const heard* line = client.find("CAP", 1);
    while (line && line->param(1) == "LS")
      line = client.find("CAP", static_cast<std::size_t>(line - client.all().data()) + 1);
    return line || client.is_over();
  });
  client.send("AUTHENTICATE PLAIN");
  answered = answered && wait([&] {
               return client.find("AUTHENTICATE") || client.find("908") || client.find("904") ||
                      client.is_over();
             });
  if (const heard* offered = client.find("908"))
    return {"sasl", outcome::failed,
            "the server does not take PLAIN, only " + quoted(offered->param(1)), ms_since(start)};
  client.send("AUTHENTICATE " + base64(std::string(1, '\0') + options.account +
                                       std::string(1, '\0') + options.password));
  answered = answered && wait([&] {
               return client.find("903") || client.find("904") || client.find("902") ||
                      client.find("906") || client.is_over();
             });
  if (client.find("903"))
    return {"sasl", outcome::ok, "logged in as " + options.account, ms_since(start)};
  for (const char* numeric : {"904", "902", "906"})
    if (const heard* line = client.find(numeric))
      return {"sasl", outcome::failed,
              "the account was refused: " + quoted(line->params.empty() ? "" : line->params.back()),
              ms_since(start)};
  return {"sasl", outcome::failed, answered ? client.error_text() : "no answer to SASL in time",
          ms_since(start)};
}

}  // namespace

irc_login begin_login(const network& config, const endpoint& server, const irc_login_wants& wants) {
  irc_login login;
  dialled line =
      dial(config, server, wants.visitor, config.tls_name.empty() ? server.host : config.tls_name);
  login.dial_steps = std::move(line.steps);
  if (line.connection)
    login.client = std::make_unique<irc_client>(std::move(*line.connection), check_nick(),
                                                first_lines(config, wants));
  else
    login.words = login.dial_steps.back().text;
  return login;
}

void finish_login(irc_login& login, const network& config, const irc_login_wants& wants,
                  const check_options& options) {
  if (!login.client) return;
  irc_client& client = *login.client;
  const auto start = check_clock::now();
  const auto deadline = start + std::chrono::seconds(config.connect_timeout_s);
  if (wants.capabilities) {
    std::size_t at = 0;
    run_until({&client}, deadline, [&] { return read_capabilities(login, at); });
    if (wants.account && !client.is_over())
      login.sasl = log_in_to_account(client, login, options, deadline);
    if (!client.is_online()) client.send("CAP END");
  }
  std::size_t refused_from = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const heard* nick_refused = nullptr;
    run_until({&client}, deadline, [&] {
      for (const char* numeric : {"432", "433", "437"})
        if (!nick_refused) nick_refused = client.find(numeric, refused_from);
      return client.is_online() || client.is_over() || nick_refused;
    });
    if (client.is_online() || client.is_over() || !nick_refused) break;
    refused_from = client.all().size();
    client.send("NICK " + check_nick());
  }
  if (!client.is_online()) return judge_login(login, config);
  login.ms = ms_since(start);
}

void judge_login(irc_login& login, const network& config) {
  const irc_client& client = *login.client;
  const std::string error = client.error_text();
  login.why = refusal_in(error);
  for (const char* numeric : {"464", "465", "463", "432", "433", "437"}) {
    if (!client.find(numeric)) continue;
    login.words = numeric_words(numeric);
    if (std::string_view(numeric) == "464") login.why = refusal::password;
    if (std::string_view(numeric) == "465") login.why = refusal::banned;
  }
  switch (login.why) {
    case refusal::clones:
      login.words = "too many connections from one address";
      break;
    case refusal::throttled:
      login.words = "too many connections in a short time";
      break;
    case refusal::banned:
      login.words = "the address is banned";
      break;
    case refusal::password:
      login.words = config.server_password.empty()
                        ? "the server wants a password: set server_password"
                        : "the password is wrong (server_password)";
      break;
    case refusal::flood:
      login.words = "taken for a flood";
      break;
    default:
      break;
  }
  if (!error.empty()) {
    login.words += (login.words.empty() ? "the server said: \"" : " (\"") + error +
                   (login.words.empty() ? "\"" : "\")");
  } else if (login.words.empty() && client.is_over()) {
    login.words = "the server closed the connection without a word";
    if (config.tls == tls_mode::none) login.words += ": does this port expect TLS?";
  } else if (login.words.empty()) {
    login.words = "no welcome within " + std::to_string(config.connect_timeout_s) + " s";
    if (client.all().empty())
      login.words += "; the server said nothing at all: is this an IRC port, and plain?";
  }
}

}  // namespace halley
