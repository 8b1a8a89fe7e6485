// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands behind a name: SRV records (RFC 2782) and addresses, as the system knows them or from a
// DNS server of one's own. Asking blocks for some seconds at worst, so it belongs on a thread that
// may; reading an answer and putting records in order are pure.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace halley {

enum class dns_outcome : std::uint8_t {
  found,
  nothing,    // no such name, or none of these records
  no_answer,  // nobody answered, or nobody who knows
};

struct srv_record {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target;  // "." is empty here: decidedly no such service
  std::size_t service = 0;  // of several, where the answers are put in one order; the asker's own
};

struct srv_answer {
  dns_outcome outcome = dns_outcome::no_answer;
  std::vector<srv_record> records;
  std::uint32_t ttl_s = 0;  // the least of them
};

struct address_answer {
  dns_outcome outcome = dns_outcome::no_answer;
  std::vector<boost::asio::ip::address> addresses;  // in the order in which to try them
  std::uint32_t ttl_s = 0;  // 0: not known
};

// `resolver`: "address:port" or "[IPv6]:port", which takes names as they are, without search domains.
// Empty: records as by resolv.conf, addresses as any program of the system finds them (getaddrinfo).
srv_answer ask_srv(const std::string& name, const std::string& resolver);
address_answer ask_addresses(const std::string& host, const std::string& resolver);

// A whole DNS message.
srv_answer parse_srv(std::string_view message);
address_answer parse_addresses(std::string_view message);

// RFC 2782, "Usage rules": by priority, and by weight among equals; `random(n)` gives 0 to n.
void order_srv(std::vector<srv_record>& records,
               const std::function<std::uint32_t(std::uint32_t)>& random);

}  // namespace halley
