// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/srv.hpp"

#include <algorithm>

#include "gateway/chat/srv_services.hpp"
#include "gateway/check/wire.hpp"

namespace halley {

namespace {

struct looked_up {
  srv_choice choice;
  std::string services;  // "_xmpps-client._tcp.example.org, _xmpp-client..."
  std::string targets;
  bool answered = false;
};

looked_up look_up(const network& config, const std::string& domain) {
  looked_up out;
  const std::vector<srv_service> services = srv_services_of(config, domain);
  std::vector<srv_answer> answers;
  for (const srv_service& one : services) {
    out.services += (out.services.empty() ? "" : ", ") + one.name;
    answers.push_back(ask_srv(one.name, config.resolver));
    out.answered = out.answered || answers.back().outcome != dns_outcome::no_answer;
  }
  // The heaviest of each priority first.
  out.choice = choose_servers(config, domain, services, answers,
                              [](std::uint32_t most) { return most; });
  for (const srv_target& one : out.choice.targets)
    out.targets += (out.targets.empty() ? "" : ", ") + quoted(name_of({one.host, one.port, ""}));
  return out;
}

step describe(const looked_up& found, const std::string& domain) {
  const std::string asked = "DNS (" + found.services + ")";
  if (found.choice.declined)
    return {"srv", outcome::failed, asked + " says that " + domain + " offers no such service", -1};
  if (found.choice.by_records) return {"srv", outcome::ok, asked + " names " + found.targets, -1};
  return {"srv", outcome::warning,
          asked + (found.answered ? " has no such records" : " does not answer") +
              "; tried instead: " + found.targets,
          -1};
}

bool is_name(const std::string& host) {
  return !host.empty() && host.find(':') == std::string::npos &&
         host.find_first_not_of("0123456789.") != std::string::npos && host != "localhost";
}

}  // namespace

std::vector<way_in> ways_into(const network& config) {
  std::vector<way_in> out;
  for (const endpoint& one : config.servers) {
    if (!one.by_srv) {
      out.push_back({config, one, std::nullopt});
      continue;
    }
    const auto start = check_clock::now();
    const looked_up found = look_up(config, one.host);
    step told = describe(found, one.host);
    told.ms = ms_since(start);
    if (found.choice.targets.empty()) out.push_back({config, one, told});
    for (const srv_target& target : found.choice.targets) {
      network its = config;
      if (its.tls_name.empty()) its.tls_name = one.host;
      if (target.direct_tls) its.tls = tls_mode::direct;
      out.push_back({std::move(its), {target.host, target.port, ""}, told});
    }
  }
  return out;
}

std::optional<step> compare_srv(const network& config) {
  const auto& ours = config.servers;
  if (std::any_of(ours.begin(), ours.end(), [](const endpoint& one) { return one.by_srv; }) ||
      std::none_of(ours.begin(), ours.end(),
                   [](const endpoint& one) { return is_name(one.host); }))
    return std::nullopt;
  const auto start = check_clock::now();
  const looked_up found = look_up(config, config.domain);
  if (!found.choice.by_records) return std::nullopt;
  // With STARTTLS the servers for TLS from the first byte may be others.
  const auto& named = found.choice.targets;
  const bool all_known = std::all_of(named.begin(), named.end(), [&](const srv_target& one) {
    return one.direct_tls != (config.tls == tls_mode::direct) ||
           std::any_of(ours.begin(), ours.end(), [&](const endpoint& known) {
             return known.host == one.host && known.port == one.port;
           });
  });
  const std::string text = "DNS (" + found.services + ") names " + found.targets;
  if (all_known) return step{"srv", outcome::ok, text, ms_since(start)};
  return step{"srv", outcome::warning,
              text + ", which servers does not list: has the server moved?", ms_since(start)};
}

}  // namespace halley
