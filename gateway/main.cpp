// SPDX-License-Identifier: GPL-3.0-or-later
//
// halley serve | check | version. Reads the arguments and nothing else.
#include <CLI/CLI.hpp>
#include <exception>
#include <fstream>
#include <iostream>

#include "gateway/base/log.hpp"
#include "gateway/check/check.hpp"
#include "gateway/node.hpp"
#include "gateway/settings/settings.hpp"

#ifndef HALLEY_VERSION
#define HALLEY_VERSION "unknown"
#endif

namespace {

using namespace halley;

std::string print_url(const http_settings::listen_address& at, bool tls) {
  if (at.host.rfind("unix:", 0) == 0) return at.host;
  const std::string host = at.host.find(':') == std::string::npos ? at.host : '[' + at.host + ']';
  return (tls ? "https://" : "http://") + host + ':' + std::to_string(at.port) + '/';
}

int serve(const std::string& file) {
  const settings config = read_settings(file);
  start_log();
  set_log_level(config.node.log_level);
  node running(config);
  for (const auto& at : running.start())
    std::cout << "listening on " << print_url(at, !config.http.tls_cert_file.empty()) << std::endl;
  running.run_until_signal();
  return 0;
}

std::string read_password(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw std::runtime_error(file + ": no password in it");
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Halley, the comet gateway for IRC and XMPP", "halley"};
  app.require_subcommand(1);

  std::string file;
  auto* serving = app.add_subcommand("serve", "run the gateway");
  serving->add_option("-c,--config", file, "settings (TOML)")->required();

  check_options checked;
  std::string password_file;
  auto* checking = app.add_subcommand("check", "log in to each network as a client and say what fails");
  checking->add_option("-c,--config", file, "settings (TOML)")->required();
  checking->add_option("network", checked.only_network, "check this network alone");
  checking->add_flag("--show-secrets", checked.show_secrets, "print passwords in the advice");
  checking->add_flag("--json", checked.json, "print one JSON document");
  auto* account = checking->add_option("--account", checked.account, "log in to this account too");
  checking->add_option("--password-file", password_file, "file with its password")->needs(account);

  auto* version = app.add_subcommand("version", "print the version");
  CLI11_PARSE(app, argc, argv);

  try {
    if (version->parsed()) {
      std::cout << "halley " << HALLEY_VERSION << '\n';
      return 0;
    }
    if (serving->parsed()) return serve(file);
    if (!password_file.empty()) checked.password = read_password(password_file);
    return run_check(read_settings(file), checked, std::cout);
  } catch (const std::exception& why) {
    std::cerr << why.what() << '\n';
    return 2;
  }
}
