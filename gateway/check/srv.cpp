// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/srv.hpp"

#include <arpa/nameser.h>
#include <resolv.h>

#include <algorithm>

#include "gateway/check/wire.hpp"

namespace halley {

namespace {

std::vector<endpoint> ask_srv(const std::string& name) {
  struct __res_state state {};
  if (res_ninit(&state) != 0) return {};
  state.retrans = 2;  // seconds; this is a side question
  state.retry = 1;
  unsigned char answer[4096];
  int size = res_nquery(&state, name.c_str(), ns_c_in, ns_t_srv, answer, sizeof answer);
  res_nclose(&state);
  if (size <= 0) return {};
  return parse_srv({reinterpret_cast<const char*>(answer),
                    std::min(static_cast<std::size_t>(size), sizeof answer)});
}

bool is_name(const std::string& host) {
  return !host.empty() && host.find(':') == std::string::npos &&
         host.find_first_not_of("0123456789.") != std::string::npos && host != "localhost";
}

}  // namespace

std::vector<endpoint> parse_srv(std::string_view answer) {
  std::vector<endpoint> found;
  ns_msg message;
  if (ns_initparse(reinterpret_cast<const unsigned char*>(answer.data()),
                   static_cast<int>(answer.size()), &message) != 0)
    return found;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    // RFC 2782: priority, weight, port, target.
    if (ns_rr_type(record) != ns_t_srv || ns_rr_rdlen(record) < 7) continue;
    char target[NS_MAXDNAME];
    if (dn_expand(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record) + 6, target,
                  sizeof target) < 0)
      continue;
    if (target[0] == '\0') continue;  // ".": the service is not offered
    found.push_back({target, static_cast<std::uint16_t>(ns_get16(ns_rr_rdata(record) + 4)), ""});
  }
  return found;
}

std::optional<step> compare_srv(const network& config) {
  if (std::none_of(config.servers.begin(), config.servers.end(),
                   [](const endpoint& one) { return is_name(one.host); }))
    return std::nullopt;
  const auto start = check_clock::now();
  const char* service =
      config.tls == tls_mode::direct ? "_xmpps-client._tcp." : "_xmpp-client._tcp.";
  const std::vector<endpoint> found = ask_srv(service + config.domain);
  if (found.empty()) return std::nullopt;
  std::string names;
  bool all_known = true;
  for (const endpoint& one : found) {
    names += (names.empty() ? "" : ", ") + quoted(name_of(one));
    all_known = all_known && std::any_of(config.servers.begin(), config.servers.end(),
                                         [&](const endpoint& ours) {
                                           return ours.host == one.host && ours.port == one.port;
                                         });
  }
  const std::string text = std::string("DNS (") + service + config.domain + ") names " + names;
  if (all_known) return step{"srv", outcome::ok, text, ms_since(start)};
  return step{"srv", outcome::warning,
              text + ", which servers does not list: has the server moved?", ms_since(start)};
}

}  // namespace halley
