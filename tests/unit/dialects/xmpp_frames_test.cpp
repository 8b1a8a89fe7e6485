// SPDX-License-Identifier: GPL-3.0-or-later
//
// XMPP over WebSocket; numbers are those of the checklist in tests/conformance (RFC 7395).
#include "gateway/dialects/xmpp_frames.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "tests/unit/dialects/framing_recorder.hpp"

using namespace halley;

namespace {

constexpr const char* open_frame =
    "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a.test' version='1.0'/>";
constexpr const char* close_frame = "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" />";
constexpr const char* server_header =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='a.test' version='1.0' "
    "xml:lang='en'>";

struct conversation final : domain_directory {
  conversation() {
    config.kind = network_kind::xmpp;
    config.domain = "a.test";
    frames = std::make_unique<xmpp_frames>(*this);
    frames->on_browser(said);
  }
  const network* settings_of(std::string_view domain) const override {
    return domain == "a.test" ? &config : nullptr;
  }
  void browser(std::string_view frame) { frames->from_browser(frame, said); }
  void server(std::string_view bytes) { frames->from_server(bytes, said); }
  // A stream that runs; everything said so far is forgotten.
  void begin() {
    browser(open_frame);
    frames->on_open(false, said);
    server(server_header);
    said.take_frames();
    said.take_server();
  }
  bool failed_with(const std::string& condition) const {
    return said.ends == 1 && said.frames.size() >= 2 && said.frames.back() == close_frame &&
           said.frames[said.frames.size() - 2].find("<" + condition + " ") != std::string::npos;
  }

  network config;
  framing_recorder said;
  std::unique_ptr<xmpp_frames> frames;
};

}  // namespace

TEST_CASE("W-06 an open from the server answers the browser's, then the features", "[xmpp_frames]") {
  conversation with;
  with.browser(open_frame);
  CHECK(with.said.connected == frame_list{"a.test"});
  CHECK(with.said.server.empty());
  with.frames->on_open(false, with.said);
  const std::string header = with.said.take_server();
  CHECK(header.find("<stream:stream xmlns='jabber:client'") != std::string::npos);
  CHECK(header.find(" to=\"a.test\"") != std::string::npos);
  with.server(std::string(server_header) + "<stream:features><bind xmlns='b'/></stream:features>");
  CHECK(with.said.frames ==
        frame_list{"<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" from=\"a.test\" "
                   "id=\"s1\" version=\"1.0\" xml:lang=\"en\" />",
                   "<stream:features xmlns:stream=\"http://etherx.jabber.org/streams\">"
                   "<bind xmlns='b'/></stream:features>"});
}

TEST_CASE("W-04 a frame is one element that stands alone, however the bytes are cut",
          "[xmpp_frames]") {
  const std::string stream =
      "<message from='b'><body>1</body></message> <iq xmlns='jabber:client' id='i'/>"
      "<r xmlns='urn:xmpp:sm:3'/>";
  for (std::size_t cut = 0; cut < stream.size(); ++cut) {
    conversation with;
    with.begin();
    with.server(std::string_view(stream).substr(0, cut));
    with.server(std::string_view(stream).substr(cut));
    CHECK(with.said.frames ==
          frame_list{"<message xmlns=\"jabber:client\" from='b'><body>1</body></message>",
                     "<iq xmlns='jabber:client' id='i'/>", "<r xmlns='urn:xmpp:sm:3'/>"});
  }
}

TEST_CASE("W-04 prefixes of the stream's header go with the elements that use them",
          "[xmpp_frames]") {
  conversation with;
  with.browser(open_frame);
  with.frames->on_open(false, with.said);
  with.server("<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams' "
              "xmlns:x='urn:x' id='1' from='a.test' version='1.0'>");
  with.said.take_frames();
  with.server("<s:features/><iq><x:a/></iq><iq/>");
  CHECK(with.said.frames ==
        frame_list{"<s:features xmlns:s=\"http://etherx.jabber.org/streams\"/>",
                   "<iq xmlns=\"jabber:client\" xmlns:x=\"urn:x\"><x:a/></iq>",
                   "<iq xmlns=\"jabber:client\"/>"});
}

TEST_CASE("what a frame must not be ends in the protocol's own error", "[xmpp_frames]") {
  const struct {
    const char* frame;
    const char* condition;
  } wrong[] = {
      {" <message/>", "not-well-formed"},
      {"", "not-well-formed"},
      {"<message/><message/>", "not-well-formed"},
      {"<message>", "not-well-formed"},
      {"<message><!-- x --></message>", "restricted-xml"},
      {"<?xml version='1.0'?><message/>", "restricted-xml"},
      {"<!DOCTYPE x><message/>", "restricted-xml"},
      {"<message a=b/>", "not-well-formed"},
      {"<open xmlns='jabber:client' to='a.test'/>", "invalid-namespace"},
      {"<close/>", "invalid-namespace"},
      {"<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>", "invalid-namespace"},
  };
  for (const auto& one : wrong) {
    conversation with;
    with.begin();
    with.browser(one.frame);
    INFO(one.frame);
    CHECK(with.failed_with(one.condition));
    CHECK(with.said.server == "</stream:stream>");
    with.browser("<message/>");
    CHECK(with.said.server == "</stream:stream>");
  }
}

TEST_CASE("W-07 an error during opening comes after an open", "[xmpp_frames]") {
  const struct {
    const char* frame;
    const char* condition;
  } wrong[] = {
      {"<message/>", "not-authorized"},
      {"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='evil.test'/>", "host-unknown"},
      {"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "improper-addressing"},
  };
  for (const auto& one : wrong) {
    conversation with;
    with.browser(one.frame);
    INFO(one.frame);
    CHECK(with.failed_with(one.condition));
    REQUIRE(with.said.frames.size() == 3);
    CHECK(with.said.frames[0].starts_with("<open xmlns="));
    CHECK(with.said.server.empty());
  }
}

TEST_CASE("a frame deeper or with more attributes than allowed is refused", "[xmpp_frames]") {
  conversation deep;
  deep.begin();
  std::string nested;
  for (int i = 0; i < 70; ++i) nested += "<a>";
  for (int i = 0; i < 70; ++i) nested += "</a>";
  deep.browser(nested);
  CHECK(deep.failed_with("policy-violation"));
  conversation wide;
  wide.begin();
  std::string tag = "<a";
  for (int i = 0; i < 70; ++i) tag += " a" + std::to_string(i) + "='1'";
  wide.browser(tag + "/>");
  CHECK(wide.failed_with("policy-violation"));
}

TEST_CASE("W-08 the browser closes, the server answers", "[xmpp_frames]") {
  conversation with;
  with.begin();
  with.browser(close_frame);
  CHECK(with.said.server == "</stream:stream>");
  CHECK(with.said.ends == 0);
  with.server("<presence type='unavailable'/></stream:stream>");
  CHECK(with.said.frames ==
        frame_list{"<presence xmlns=\"jabber:client\" type='unavailable'/>", close_frame});
  CHECK(with.said.ended == farewell::finished);
  CHECK(with.frames->last_words().empty());
}

TEST_CASE("W-08 a browser that breaks off ends the stream, unless the server can resume it",
          "[xmpp_frames]") {
  conversation with;
  with.begin();
  CHECK(with.frames->last_words() == "</stream:stream>");
  with.server("<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/>");
  CHECK(with.frames->last_words().empty());
}

TEST_CASE("W-10 after SASL a new open begins a new stream on the same connection",
          "[xmpp_frames]") {
  conversation with;
  with.begin();
  with.browser("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
  CHECK(with.said.take_server() ==
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
  with.server("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  with.said.take_frames();
  with.browser(open_frame);
  CHECK(with.said.take_server().find("<stream:stream ") != std::string::npos);
  CHECK(with.said.connected.size() == 1);
  with.server(server_header);
  REQUIRE(with.said.frames.size() == 1);
  CHECK(with.said.frames[0].starts_with("<open "));
}

TEST_CASE("W-12 STARTTLS is the gateway's own business", "[xmpp_frames]") {
  SECTION("offered in clear, it is not shown; mechanisms are not touched") {
    conversation with;
    with.begin();
    const std::string mechanisms =
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS"
        "</mechanism><mechanism>PLAIN</mechanism></mechanisms><sasl-channel-binding "
        "xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>";
    with.server("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                "</starttls><compression xmlns='http://jabber.org/features/compress'>"
                "<method>zlib</method></compression>" + mechanisms + "</stream:features>");
    CHECK(with.said.frames ==
          frame_list{"<stream:features xmlns:stream=\"http://etherx.jabber.org/streams\">" +
                     mechanisms + "</stream:features>"});
  }
  SECTION("asked for by the settings, it is done before the browser's stream begins") {
    conversation with;
    with.config.tls = tls_mode::starttls;
    with.browser("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a.test' from='me@a.test' "
                 "version='1.0'/>");
    with.frames->on_open(false, with.said);
    CHECK(with.said.take_server().find("me@a.test") == std::string::npos);
    with.server(std::string(server_header) +
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                "</stream:features>");
    CHECK(with.said.take_server() == "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    with.server("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    CHECK(with.said.tls);
    CHECK(with.said.frames.empty());
    with.frames->on_secure(with.said);
    CHECK(with.said.take_server().find("from=\"me@a.test\"") != std::string::npos);
    with.server(server_header);
    CHECK(with.said.frames.size() == 1);
  }
  SECTION("a server that will not is an error, and nothing goes in clear") {
    conversation with;
    with.config.tls = tls_mode::starttls;
    with.browser(open_frame);
    with.frames->on_open(false, with.said);
    with.said.take_server();
    with.server(std::string(server_header) + "<stream:features><bind/></stream:features>");
    CHECK(with.failed_with("undefined-condition"));
    CHECK(with.said.server.empty());
  }
  SECTION("a server that does it wrong is left for the next, as long as there is one") {
    conversation with;
    with.config.tls = tls_mode::starttls;
    with.said.others = 5;
    with.browser(open_frame);
    with.browser("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    for (const char* answer :
         {"<stream:features><bind/></stream:features>",
          "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
          "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
          "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
          "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>",
          "</stream:stream>", "<!-- -->"}) {
      INFO(answer);
      with.frames->on_open(false, with.said);
      CHECK(with.said.take_server().find("<stream:stream ") != std::string::npos);
      with.server(std::string(server_header) + answer);
      CHECK(with.said.server.find("<auth") == std::string::npos);
      with.said.take_server();
      CHECK(with.said.ends == 0);
    }
    CHECK(with.said.others == 0);
    // One whose handshake failed in the link: the next one is open without a word.
    with.frames->on_open(false, with.said);
    with.server(std::string(server_header) +
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
                "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    REQUIRE(with.said.tls);
    with.said.tls = false;
    with.said.take_server();
    with.frames->on_open(false, with.said);
    CHECK(with.said.take_server().find("<stream:stream ") != std::string::npos);
    with.server(std::string(server_header) +
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
                "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    REQUIRE(with.said.tls);
    with.said.take_server();
    with.frames->on_secure(with.said);
    CHECK(with.said.server.find("<auth") != std::string::npos);  // said long ago, once
    CHECK(with.said.frames.empty());
  }
  SECTION("bytes injected after proceed end it") {
    conversation with;
    with.config.tls = tls_mode::starttls;
    with.browser(open_frame);
    with.frames->on_open(false, with.said);
    with.server(std::string(server_header) +
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                "</stream:features>");
    with.server("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>");
    CHECK(with.said.ended == farewell::lost);
  }
}

TEST_CASE("the network's end is told in XMPP's words", "[xmpp_frames]") {
  SECTION("a stream error of the server, then its end") {
    conversation with;
    with.begin();
    with.server("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "</stream:error></stream:stream>");
    CHECK(with.said.frames ==
          frame_list{"<stream:error xmlns:stream=\"http://etherx.jabber.org/streams\"><conflict "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
                     close_frame});
    CHECK(with.said.ended == farewell::lost);
  }
  SECTION("a connection that breaks") {
    conversation with;
    with.begin();
    with.frames->on_lost({failure_code::lost, "a.test:5222 closed the connection.", ""},
                         with.said);
    CHECK(with.failed_with("remote-connection-failed"));
  }
  SECTION("a server that sends what it must not") {
    conversation with;
    with.begin();
    with.server("<message><!-- --></message>");
    CHECK(with.failed_with("undefined-condition"));
  }
  SECTION("a gateway that goes away") {
    conversation with;
    with.begin();
    with.frames->on_shut_down(with.said);
    CHECK(with.failed_with("system-shutdown"));
    CHECK(with.frames->last_words() == "</stream:stream>");
  }
}

TEST_CASE("a page that comes back is told what it has not got, and nothing else", "[xmpp_frames]") {
  xmpp_resumption one;
  for (const char* frame : {"<a/>", "<b/>", "<c/>"}) CHECK_FALSE(one.on_said(frame));
  CHECK(one.acknowledge(1));
  CHECK_FALSE(one.missed_after(0).has_value());  // not kept any more
  CHECK_FALSE(one.missed_after(4).has_value());  // never said
  CHECK(one.missed_after(1) == std::deque<std::string>{"<b/>", "<c/>"});
  CHECK(one.missed_after(3)->empty());
  CHECK_FALSE(one.acknowledge(4));
}

TEST_CASE("a page is asked for its count, and what it never says it has has a bound",
          "[xmpp_frames]") {
  xmpp_resumption one;
  const std::string frame(30 * 1024, 'x');
  int asked = 0;
  for (int i = 0; i < 5; ++i) asked += one.on_said(frame);
  CHECK(asked == 1);
  CHECK(one.acknowledge(5));
  for (int i = 0; i < 100; ++i) asked += one.on_said(frame);
  CHECK(asked == 2);
  CHECK_FALSE(one.missed_after(6).has_value());
  CHECK(one.missed_after(100)->size() == 5);
}

TEST_CASE("a page hears how much of it was taken, and what it says it has is not kept", "[xmpp_frames]") {
  conversation with;
  with.begin();
  with.browser("<enable xmlns='urn:halley:resume:1'/>");
  with.said.take_frames();
  with.browser("<message/>");
  with.browser("<r xmlns='urn:xmpp:sm:3'/>");  // XEP-0198 is between the page and its server
  CHECK(with.said.take_server() == "<message/><r xmlns='urn:xmpp:sm:3'/>");
  CHECK(with.said.frames.empty());
  with.browser("<r xmlns='urn:halley:resume:1'/>");
  CHECK(with.said.take_frames() == frame_list{"<a xmlns=\"urn:halley:resume:1\" h=\"2\"/>"});
  CHECK(with.said.server.empty());
  const std::string long_one = "<message><body>" + std::string(70 * 1024, 'x') + "</body></message>";
  // Asked again only when the page has answered; and then as often as there is reason.
  for (int has = 1; has <= 4; ++has) {
    with.server(long_one);
    const frame_list said = with.said.take_frames();
    REQUIRE(said.size() == 2);
    CHECK(said[1] == "<r xmlns=\"urn:halley:resume:1\"/>");
    with.browser("<a xmlns='urn:halley:resume:1' h='" + std::to_string(has) + "'/>");
  }
  with.server(long_one);
  with.server(long_one);
  CHECK(with.said.take_frames().size() == 3);
  missed_frames none;
  with.frames->on_resumed(none, "4", with.said);
  const frame_list told = with.said.take_frames();
  REQUIRE(told.size() == 3);
  CHECK(told[0].starts_with("<resumed "));
  CHECK(told[0].find(" h=\"2\"") != std::string::npos);
  CHECK(with.said.ends == 0);
}

TEST_CASE("a page that says it has what was never said is stopped", "[xmpp_frames]") {
  for (const char* count : {"2", "-1", "", "x"}) {
    conversation with;
    with.begin();
    with.browser("<enable xmlns='urn:halley:resume:1'/>");
    with.server("<message/>");
    with.browser(std::string("<a xmlns='urn:halley:resume:1' h='") + count + "'/>");
    INFO(count);
    CHECK(with.failed_with("policy-violation"));
  }
}

TEST_CASE("a count is digits", "[xmpp_frames]") {
  CHECK(parse_count("17") == 17u);
  for (const char* wrong : {"", "-1", "1x", " 1", "99999999999999999999999"})
    CHECK_FALSE(parse_count(wrong).has_value());
}
