// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a BOSH session owns while nothing is said: most of them say nothing most of the time.
#include <malloc.h>

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "gateway/dialects/bosh_session.hpp"
#include "tests/unit/dialects/framing_recorder.hpp"

namespace halley {
class bosh_reply {};
}  // namespace halley

using namespace halley;

namespace {

// Answers nobody reads.
struct silent_host final : bosh_session::host {
  void answer(bosh_reply&, int, const std::string&, std::string) override {}
  std::optional<bosh_session::way> open_way(unsigned, std::string_view) override { return {}; }
  void close_way(unsigned, std::string_view) override {}
  void read_way(unsigned, bool) override {}
  void on_over(std::string_view) override {}
};

struct silent_way final : framing_sink {
  bool connect(std::string_view) override { return true; }
  void to_browser(std::string_view) override {}
  void to_server(std::string_view) override {}
  void start_tls() override {}
  void end(farewell, std::string_view) override {}
};

struct client {
  client(const bosh_terms& terms, const network& config, silent_host& host)
      : session(terms, host, {&config, &way}, "n1-0-0123456789012345678901-01234567890") {
    session.begin(request(100, "to='guest.example.org' xml:lang='en' xmpp:version='1.0' ver='1.6' "
                               "wait='60' hold='1' content='text/xml; charset=utf-8'"),
                  reply, now);
    session.on_open(0, false);
    header();
    ask(101, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    server("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    ask(102, "", "to='guest.example.org' xml:lang='en' xmpp:restart='true'");
    header();
    ask(104, "<iq type='set' id='2'/>");  // overtakes the one before
    ask(103, "<iq type='set' id='1'/>");
    server("<iq type='result' id='1'/><iq type='result' id='2'/>");
    ask(105);
    for (std::uint64_t rid = 106; rid < 112; ++rid) {
      server("<message from='room@rooms.example.org/somebody' type='groupchat'>" +
             std::string(300, 'x') + "</message>");
      ask(rid);
    }
    server("<presence/>");
    ask(112);
    now += 60000;
    session.on_time(now);
    ask(113);
  }
  static bosh_request request(std::uint64_t rid, const std::string& attributes,
                              const std::string& inside = "") {
    auto parsed = parse_bosh("<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' "
                             "rid='" + std::to_string(rid) + "' " + attributes + ">" + inside + "</body>");
    REQUIRE(parsed.has_value());
    return *std::move(parsed);
  }
  void ask(std::uint64_t rid, const std::string& inside = "", const std::string& attributes = "") {
    session.take(request(rid, attributes, inside), reply, now);
  }
  void server(const std::string& bytes) { session.from_server(0, bytes, now); }
  void header() {
    server("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream="
           "'http://etherx.jabber.org/streams' id='0f2ab1d4-5f0c-4f0e-9d27-0e6d3e2f4f11' "
           "from='guest.example.org' version='1.0' xml:lang='en'>"
           "<stream:features><bind xmlns='b'/></stream:features>");
  }

  silent_way way;
  bosh_reply reply;
  steady_ms now = 1000000;
  bosh_session session;
};

}  // namespace

TEST_CASE("an idle session owns little", "[bosh]") {
  constexpr std::size_t count = 100;
  const bosh_terms terms;
  network config;
  config.kind = network_kind::xmpp;
  silent_host host;
  std::vector<std::unique_ptr<client>> all;
  all.reserve(count);
  const client warm(terms, config, host);
  const std::size_t before = ::mallinfo2().uordblks;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(std::make_unique<client>(terms, config, host));
  const std::size_t each = (::mallinfo2().uordblks - before) / count;
  for (const auto& one : all) CHECK_FALSE(one->session.is_over());
  CAPTURE(each, sizeof(bosh_session), sizeof(bosh_stream), sizeof(xmpp_stream), sizeof(bosh_answered),
          sizeof(bosh_request));
  CHECK(each < 950);
}
