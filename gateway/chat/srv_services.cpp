// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/chat/srv_services.hpp"

#include <utility>

namespace halley {
namespace {

std::uint16_t usual_port(const network& config) {
  const bool direct = config.tls == tls_mode::direct;
  if (config.kind == network_kind::irc) return direct ? 6697 : 6667;
  return direct ? 5223 : 5222;
}

}  // namespace

std::vector<srv_service> srv_services_of(const network& config, std::string_view domain) {
  const bool irc = config.kind == network_kind::irc;
  const auto service = [&](const char* label, bool direct_tls) {
    return srv_service{label + ("._tcp." + std::string(domain)), direct_tls};
  };
  std::vector<srv_service> out;
  if (config.tls != tls_mode::none) out.push_back(service(irc ? "_ircs" : "_xmpps-client", true));
  if (config.tls != tls_mode::direct) out.push_back(service(irc ? "_irc" : "_xmpp-client", false));
  return out;
}

srv_choice choose_servers(const network& config, const std::string& domain,
                          const std::vector<srv_service>& services,
                          const std::vector<srv_answer>& answers,
                          const std::function<std::uint32_t(std::uint32_t)>& random) {
  srv_choice out;
  std::vector<srv_record> all;
  for (std::size_t i = 0; i < services.size() && i < answers.size(); ++i) {
    for (srv_record one : answers[i].records) {
      one.service = i;
      // The last service is the one that the domain itself would serve.
      if (!one.target.empty()) all.push_back(std::move(one));
      else if (i + 1 == services.size()) out.declined = true;
    }
  }
  order_srv(all, random);
  for (srv_record& one : all)
    out.targets.push_back(
        {std::move(one.target), one.port, services[one.service].direct_tls});
  out.by_records = !out.targets.empty();
  if (out.by_records) {
    out.declined = false;
  } else if (!out.declined) {
    out.targets.push_back({domain, usual_port(config), config.tls == tls_mode::direct});
  }
  return out;
}

}  // namespace halley
