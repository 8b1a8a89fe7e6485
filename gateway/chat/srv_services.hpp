// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which servers a domain names by SRV records: the services asked for, the order of the answers, and
// where to go without any (RFC 6120, 3.2; XEP-0368; IANA's irc and ircs). Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/dns.hpp"
#include "gateway/chat/network.hpp"

namespace halley {

struct srv_service {
  std::string name;  // "_xmpps-client._tcp.example.org"
  bool direct_tls = false;
};

struct srv_target {
  std::string host;
  std::uint16_t port = 0;
  bool direct_tls = false;
};

struct srv_choice {
  std::vector<srv_target> targets;  // to be tried in turn
  bool declined = false;            // the domain says that there is no such service
  bool by_records = false;          // otherwise the domain itself, at the usual port
};

// What to ask for, as the network wants its TLS. XMPP with STARTTLS takes direct TLS as well, as one
// list of servers (XEP-0368, 4).
std::vector<srv_service> srv_services_of(const network& config, std::string_view domain);
// `answers`: one for each of the services, in their order. Without records the domain itself serves,
// at the usual port, unless it has declined just that (RFC 6120, 3.2.1).
srv_choice choose_servers(const network& config, const std::string& domain,
                          const std::vector<srv_service>& services,
                          const std::vector<srv_answer>& answers,
                          const std::function<std::uint32_t(std::uint32_t)>& random);

}  // namespace halley
