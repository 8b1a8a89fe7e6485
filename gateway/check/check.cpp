// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/check.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <ostream>

#include "gateway/check/check_networks.hpp"
#include "gateway/check/report.hpp"
#include "gateway/check/srv.hpp"
#include "gateway/check/wire.hpp"

namespace halley {

namespace {

std::vector<report> check_network(const network& config, const check_options& options) {
  const bool xmpp = config.kind == network_kind::xmpp;
  std::vector<report> found;
  std::optional<step> compared = xmpp ? compare_srv(config) : std::nullopt;
  for (const way_in& one : ways_into(config)) {
    report& now = found.emplace_back();
    if (one.srv && one.srv->how == outcome::failed)
      now = {config.name, name_of(one.server), "", {}, {}};
    else
      now = (xmpp ? check_xmpp : check_irc)(one.config, one.server, options);
    if (one.srv) compared = one.srv;
    if (compared) now.steps.insert(now.steps.begin(), *compared);
    compared.reset();
  }
  return found;
}

}  // namespace

int run_check(const settings& config, const check_options& options, std::ostream& out) {
  std::signal(SIGPIPE, SIG_IGN);  // a server that closes is a finding, also under TLS
  std::vector<report> all;
  bool tried = false;
  for (const network& one : config.networks) {
    if (!options.only_network.empty() && options.only_network != one.name) continue;
    tried = true;
    for (report& found : check_network(one, options)) {
      if (!options.json) print_text(found, out);
      out.flush();
      all.push_back(std::move(found));
    }
  }
  if (options.json) print_json(all, out);
  if (!tried) {
    if (!options.json) {
      out << (config.networks.empty()
                  ? "no network is configured\n"
                  : "no network is called " + options.only_network + "; there are:");
      for (const network& one : config.networks) out << ' ' << one.name;
      out << '\n';
    }
    return 2;
  }
  const bool failed =
      std::any_of(all.begin(), all.end(), [](const report& r) { return r.has_failed(); });
  if (!options.json) out << (failed ? "something failed: see above\n" : "all fine\n");
  return failed ? 1 : 0;
}

}  // namespace halley
