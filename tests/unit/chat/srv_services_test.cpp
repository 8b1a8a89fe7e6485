// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/chat/srv_services.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace halley;

namespace {

network of(network_kind kind, tls_mode tls) {
  network out;
  out.kind = kind;
  out.tls = tls;
  return out;
}

srv_answer found(std::vector<srv_record> records) {
  return {dns_outcome::found, std::move(records), 60};
}
const srv_answer nothing{dns_outcome::nothing, {}, 0};
const srv_answer no_answer{dns_outcome::no_answer, {}, 0};
const srv_answer declined = found({{0, 0, 0, "", 0}});

// "host:port host:port/tls", or that the domain has declined.
std::string chosen(const network& config, const std::vector<srv_answer>& answers) {
  const srv_choice choice = choose_servers(config, "a.test", srv_services_of(config, "a.test"),
                                           answers, [](std::uint32_t) { return 0U; });
  std::string out = choice.declined ? "declined" : "";
  for (const srv_target& one : choice.targets)
    out += (out.empty() ? "" : " ") + one.host + ':' + std::to_string(one.port) +
           (one.direct_tls ? "/tls" : "");
  return out;
}

std::string asked(const network& config) {
  std::string out;
  for (const srv_service& one : srv_services_of(config, "a.test")) out += one.name + ' ';
  return out;
}

}  // namespace

TEST_CASE("what is asked for is what the network's TLS allows", "[srv_services]") {
  CHECK(asked(of(network_kind::xmpp, tls_mode::direct)) == "_xmpps-client._tcp.a.test ");
  CHECK(asked(of(network_kind::xmpp, tls_mode::starttls)) ==
        "_xmpps-client._tcp.a.test _xmpp-client._tcp.a.test ");
  CHECK(asked(of(network_kind::xmpp, tls_mode::none)) == "_xmpp-client._tcp.a.test ");
  CHECK(asked(of(network_kind::irc, tls_mode::direct)) == "_ircs._tcp.a.test ");
  CHECK(asked(of(network_kind::irc, tls_mode::none)) == "_irc._tcp.a.test ");
}

TEST_CASE("records of both services make one list, and without any the domain serves itself",
          "[srv_services]") {
  const network either = of(network_kind::xmpp, tls_mode::starttls);
  const network direct = of(network_kind::xmpp, tls_mode::direct);
  const srv_answer secure = found({{5, 0, 5223, "x", 0}, {20, 0, 443, "y", 0}});
  const srv_answer plain = found({{10, 0, 5222, "x", 0}});
  // XEP-0368, 4
  CHECK(chosen(either, {secure, plain}) == "x:5223/tls x:5222 y:443/tls");
  CHECK(chosen(direct, {secure}) == "x:5223/tls y:443/tls");
  CHECK(chosen(either, {nothing, plain}) == "x:5222");
  CHECK(chosen(either, {no_answer, nothing}) == "a.test:5222");
  CHECK(chosen(direct, {nothing}) == "a.test:5223/tls");
  CHECK(chosen(of(network_kind::irc, tls_mode::direct), {nothing}) == "a.test:6697/tls");
  CHECK(chosen(of(network_kind::irc, tls_mode::none), {no_answer}) == "a.test:6667");
  // "." declines that service only, but then the domain does not serve it either (RFC 6120, 3.2.1).
  CHECK(chosen(either, {declined, plain}) == "x:5222");
  CHECK(chosen(either, {secure, declined}) == "x:5223/tls y:443/tls");
  CHECK(chosen(either, {declined, nothing}) == "a.test:5222");
  CHECK(chosen(either, {nothing, declined}) == "declined");
  CHECK(chosen(direct, {declined}) == "declined");
}
