// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/dns.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <numeric>

namespace halley {
namespace {

// A failed attempt is repeated once: about six seconds for each server of resolv.conf.
constexpr int first_wait_s = 2;
constexpr int attempts = 2;

// libresolv's state for one question.
class resolver_state {
 public:
  explicit resolver_state(const std::string& resolver) {
    ready_ = ::res_ninit(&state_) == 0;
    if (!ready_) return;
    state_.retrans = first_wait_s;
    state_.retry = attempts;
    if (!resolver.empty()) ready_ = point_at(resolver);
  }
  ~resolver_state() {
    if (ready_) ::res_nclose(&state_);
  }
  resolver_state(const resolver_state&) = delete;
  resolver_state& operator=(const resolver_state&) = delete;

  // Fills `outcome` where there is no message to look into.
  std::string ask(const std::string& name, int type, dns_outcome& outcome) {
    outcome = dns_outcome::no_answer;
    if (!ready_) return {};
    std::string answer(NS_MAXMSG, '\0');
    const int size = ::res_nquery(&state_, name.c_str(), ns_c_in, type,
                                  reinterpret_cast<unsigned char*>(answer.data()),
                                  static_cast<int>(answer.size()));
    if (size < 0) {
      const int why = state_.res_h_errno;
      if (why == HOST_NOT_FOUND || why == NO_DATA) outcome = dns_outcome::nothing;
      return {};
    }
    answer.resize(std::min(static_cast<std::size_t>(size), answer.size()));
    return answer;
  }

 private:
  bool point_at(const std::string& resolver) {
    const std::size_t colon = resolver.rfind(':');
    if (colon == std::string::npos) return false;
    std::string host = resolver.substr(0, colon);
    std::uint16_t port = 0;
    std::from_chars(resolver.data() + colon + 1, resolver.data() + resolver.size(), port);
    state_.nscount = 1;
    if (!host.starts_with('[')) {
      sockaddr_in& at = state_.nsaddr_list[0];
      at = {};
      at.sin_family = AF_INET;
      at.sin_port = htons(port);
      return ::inet_pton(AF_INET, host.c_str(), &at.sin_addr) == 1;
    }
    // glibc keeps IPv6 servers beside the list; it frees what stands there (res_nclose).
    host = host.substr(1, host.size() - 2);
    auto* const at = static_cast<sockaddr_in6*>(std::calloc(1, sizeof(sockaddr_in6)));
    if (at == nullptr) return false;
    at->sin6_family = AF_INET6;
    at->sin6_port = htons(port);
    std::free(state_._u._ext.nsaddrs[0]);
    state_._u._ext.nsaddrs[0] = at;
    state_.nsaddr_list[0].sin_family = 0;
    return ::inet_pton(AF_INET6, host.c_str(), &at->sin6_addr) == 1;
  }

  struct __res_state state_ {};
  bool ready_ = false;
};

// Calls `take(record, message)` for each record of this type in the answer. False: not a message.
template <class Take>
bool each_record(std::string_view bytes, ns_type type, Take take) {
  ns_msg message;
  if (ns_initparse(reinterpret_cast<const unsigned char*>(bytes.data()),
                   static_cast<int>(bytes.size()), &message) != 0)
    return false;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    if (ns_rr_type(record) == type) take(record, message);
  }
  return true;
}

template <class Answer>
void note_ttl(Answer& out, bool first, std::uint32_t ttl) {
  out.ttl_s = first ? ttl : std::min(out.ttl_s, ttl);
}

void append_addresses(address_answer& out, std::string_view bytes, ns_type type,
                      std::size_t size) {
  const bool whole = each_record(bytes, type, [&](const ns_rr& record, const ns_msg&) {
    if (ns_rr_rdlen(record) != size) return;
    note_ttl(out, out.addresses.empty(), ns_rr_ttl(record));
    if (type == ns_t_a) {
      boost::asio::ip::address_v4::bytes_type raw;
      std::memcpy(raw.data(), ns_rr_rdata(record), raw.size());
      out.addresses.emplace_back(boost::asio::ip::address_v4(raw));
    } else {
      boost::asio::ip::address_v6::bytes_type raw;
      std::memcpy(raw.data(), ns_rr_rdata(record), raw.size());
      out.addresses.emplace_back(boost::asio::ip::address_v6(raw));
    }
  });
  if (whole && out.outcome == dns_outcome::no_answer) out.outcome = dns_outcome::nothing;
  if (!out.addresses.empty()) out.outcome = dns_outcome::found;
}

boost::asio::ip::address address_of(const addrinfo& found) {
  if (found.ai_family == AF_INET) {
    sockaddr_in at{};
    std::memcpy(&at, found.ai_addr, sizeof at);
    return boost::asio::ip::address_v4(ntohl(at.sin_addr.s_addr));
  }
  sockaddr_in6 at{};
  std::memcpy(&at, found.ai_addr, sizeof at);
  boost::asio::ip::address_v6::bytes_type raw;
  std::memcpy(raw.data(), &at.sin6_addr, raw.size());
  return boost::asio::ip::address_v6(raw, at.sin6_scope_id);
}

address_answer ask_system(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  address_answer out;
  const int wrong = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
  if (wrong != 0) {
    if (wrong != EAI_AGAIN) out.outcome = dns_outcome::nothing;
    return out;
  }
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next)
    if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
      out.addresses.push_back(address_of(*one));
  ::freeaddrinfo(found);
  out.outcome = out.addresses.empty() ? dns_outcome::nothing : dns_outcome::found;
  return out;
}

}  // namespace

srv_answer ask_srv(const std::string& name, const std::string& resolver) {
  srv_answer out;
  const std::string message =
      resolver_state(resolver).ask(name, ns_t_srv, out.outcome);
  return message.empty() ? out : parse_srv(message);
}

address_answer ask_addresses(const std::string& host, const std::string& resolver) {
  if (resolver.empty()) return ask_system(host);
  address_answer out;
  bool nothing = false;
  for (const auto& [type, size] : {std::pair{ns_t_aaaa, 16}, std::pair{ns_t_a, 4}}) {
    dns_outcome outcome{};
    const std::string message = resolver_state(resolver).ask(host, type, outcome);
    if (!message.empty())
      append_addresses(out, message, type, static_cast<std::size_t>(size));
    else
      nothing = nothing || outcome == dns_outcome::nothing;
  }
  if (out.outcome == dns_outcome::no_answer && nothing) out.outcome = dns_outcome::nothing;
  return out;
}

srv_answer parse_srv(std::string_view message) {
  srv_answer out;
  const bool whole = each_record(message, ns_t_srv, [&](const ns_rr& record, const ns_msg& in) {
    char target[NS_MAXDNAME];
    if (ns_rr_rdlen(record) < 7) return;
    const unsigned char* const data = ns_rr_rdata(record);
    if (dn_expand(ns_msg_base(in), ns_msg_end(in), data + 6, target, sizeof target) < 0) return;
    note_ttl(out, out.records.empty(), ns_rr_ttl(record));
    out.records.push_back({static_cast<std::uint16_t>(ns_get16(data)),
                           static_cast<std::uint16_t>(ns_get16(data + 2)),
                           static_cast<std::uint16_t>(ns_get16(data + 4)), target, 0});
    if (out.records.back().target == ".") out.records.back().target.clear();
  });
  if (whole) out.outcome = out.records.empty() ? dns_outcome::nothing : dns_outcome::found;
  return out;
}

address_answer parse_addresses(std::string_view message) {
  address_answer out;
  append_addresses(out, message, ns_t_aaaa, 16);
  append_addresses(out, message, ns_t_a, 4);
  return out;
}

void order_srv(std::vector<srv_record>& records,
               const std::function<std::uint32_t(std::uint32_t)>& random) {
  // Those of weight 0 first, so that they have a very small chance.
  std::stable_sort(records.begin(), records.end(), [](const srv_record& a, const srv_record& b) {
    return a.priority != b.priority ? a.priority < b.priority : (a.weight == 0) > (b.weight == 0);
  });
  for (auto at = records.begin(); at != records.end(); ++at) {
    const auto end = std::find_if(at, records.end(), [&](const srv_record& one) {
      return one.priority != at->priority;
    });
    const std::uint32_t total = std::accumulate(
        at, end, 0U, [](std::uint32_t sum, const srv_record& one) { return sum + one.weight; });
    const std::uint32_t wanted = random(total);
    std::uint32_t sum = 0;
    const auto chosen = std::find_if(
        at, end, [&](const srv_record& one) { return (sum += one.weight) >= wanted; });
    std::rotate(at, chosen, chosen + 1);  // the order of the others stays
  }
}

}  // namespace halley
