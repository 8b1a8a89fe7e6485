// SPDX-License-Identifier: GPL-3.0-or-later
//
// BOSH by requirement number (XEP-0124: B-.., XEP-0206: X-.., practice: D-..).
#include <catch2/catch.hpp>
#include <map>
#include <memory>

#include "gateway/dialects/bosh_body.hpp"
#include "gateway/dialects/bosh_session.hpp"
#include "tests/unit/dialects/framing_recorder.hpp"

namespace halley {
class bosh_reply {};
}  // namespace halley

using namespace halley;

namespace {

std::string body(const std::string& attributes, const std::string& inside = "") {
  return "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' " +
         attributes + ">" + inside + "</body>";
}

struct told {
  int status = 0;
  std::string type;
  std::string text;
  bool has(const std::string& part) const { return text.find(part) != std::string::npos; }
};

class conversation final : public bosh_session::host {
 public:
  explicit conversation(const std::string& more = "ver='1.11' wait='60' hold='1'",
                        bool answer_creation = true) {
    config.kind = network_kind::xmpp;
    config.domain = "a.test";
    session = std::make_unique<bosh_session>(terms, *this, bosh_session::way{&config, &out},
                                             "sid-1");
    first = parse("rid='100' to='a.test' xmpp:version='1.0' " + more);
    session->begin(first, replies[100], now);
    session->on_open(0, false);
    if (!answer_creation) return;
    server("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream="
           "'http://etherx.jabber.org/streams' id='s1' from='a.test' version='1.0'>"
           "<stream:features><bind xmlns='b'/></stream:features>");
    out.take_server();
  }
  static bosh_request parse(const std::string& attributes, const std::string& inside = "") {
    auto parsed = parse_bosh(body(attributes, inside));
    REQUIRE(parsed.has_value());
    return *std::move(parsed);
  }
  // A request; `place` names its connection.
  void ask(std::uint64_t rid, const std::string& inside = "", const std::string& more = "",
           int place = 0) {
    const int at = place == 0 ? static_cast<int>(rid) : place;
    session->take(parse("sid='sid-1' rid='" + std::to_string(rid) + "' " + more, inside),
                  replies[at], now);
  }
  void server(const std::string& bytes, unsigned stream = 0) {
    session->from_server(stream, bytes, now);
  }
  void wait(steady_ms ms) {
    now += ms;
    session->on_time(now);
  }
  const told& answer_to(int place) {
    INFO("connection " << place);
    REQUIRE(answers.count(&replies[place]) == 1);
    return answers[&replies[place]];
  }
  bool is_waiting(int place) { return answers.count(&replies[place]) == 0; }

  void answer(bosh_reply& to, int status, const std::string& type, std::string text) override {
    CHECK(answers.count(&to) == 0);
    answers[&to] = {status, type, std::move(text)};
  }
  std::optional<bosh_session::way> open_way(unsigned stream, std::string_view domain) override {
    if (domain != "a.test") return std::nullopt;
    return bosh_session::way{&config, &further[stream]};
  }
  void close_way(unsigned stream, std::string_view) override { closed.push_back(stream); }
  void read_way(unsigned stream, bool wanted) override { reads[stream] = wanted; }
  void on_over(std::string_view condition) override {
    ++ends;
    ended_with = condition;
  }

  network config;
  bosh_terms terms;
  framing_recorder out;
  std::map<unsigned, framing_recorder> further;  // the ways of further streams
  std::map<unsigned, bool> reads;
  std::vector<unsigned> closed;
  std::string ended_with;
  int ends = 0;
  std::unique_ptr<bosh_session> session;
  bosh_request first;
  steady_ms now = 1000000;
  std::map<int, bosh_reply> replies;
  std::map<bosh_reply*, told> answers;
};

constexpr const char* message = "<message to='b'><body>x</body></message>";

}  // namespace

TEST_CASE("B-06 to B-08 what is no body of BOSH is refused", "[bosh]") {
  const std::string start = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1'";
  const std::string wrong[] = {
      "", "hello", "<body rid='1'/>", start, start + "><message></body>",
      start + "><a></b></body>", start + ">text</body>", start + "><!-- c --></body>",
      start + "><?pi?></body>", "<!DOCTYPE body>" + start + "/>", start + ">&nbsp;</body>",
      start + " rid='2'/>", start + "/><body/>", start + " a=1/>",
      "<body xmlns='http://jabber.org/protocol/httpbind'/>",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='0'/>",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='-1'/>",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='9007199254740992'/>",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='1x'/>", start + " wait='70000'/>",
      "<iq xmlns='http://jabber.org/protocol/httpbind' rid='1'/>"};
  for (const std::string& text : wrong) {
    INFO(text);
    CHECK_FALSE(parse_bosh(text).has_value());
  }
  CHECK(parse_bosh(start + "/>").has_value());
  CHECK(parse_bosh("<?xml version='1.0'?> " + start + ">\n <a/>\n</body>")->payload.size() == 1);
  CHECK(parse_bosh("<body rid=\"9007199254740991\" xmlns=\"http://jabber.org/protocol/httpbind\"/>")
            ->rid == 9007199254740991);
}

TEST_CASE("a child keeps the prefixes of its wrapper", "[bosh]") {
  const auto parsed = parse_bosh(
      "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:x='urn:x' rid='1'>"
      "<x:a/><message><x:b/></message><iq/></body>");
  REQUIRE(parsed.has_value());
  CHECK(parsed->payload == std::vector<std::string>{"<x:a xmlns:x=\"urn:x\"/>",
                                                    "<message xmlns:x=\"urn:x\"><x:b/></message>",
                                                    "<iq/>"});
}

TEST_CASE("B-11 versions are two numbers", "[bosh]") {
  CHECK(*parse_bosh_version("1.11") > *parse_bosh_version("1.6"));
  CHECK_FALSE(parse_bosh_version("1").has_value());
  CHECK_FALSE(parse_bosh_version("1.x").has_value());
}

TEST_CASE("B-17 to B-19, X-02, X-03, D-02, D-04, D-05 the creation response", "[bosh]") {
  conversation with("ver='1.6' wait='60' hold='2' content='text/plain'");
  const told& answer = with.answer_to(100);
  for (const char* part :
       {"sid=\"sid-1\"", "wait=\"25\"", "requests=\"2\"", "hold=\"1\"", "ver=\"1.6\"",
        "polling=\"2\"", "inactivity=\"120\"", "maxpause=\"300\"", "from=\"a.test\"",
        "xmpp:restartlogic=\"true\"", "xmpp:version=\"1.0\"", "<stream:features"})
    CHECK(answer.has(part));
  CHECK(answer.type == "text/plain; charset=utf-8");
  CHECK(with.is_waiting(101));
}

TEST_CASE("B-25 what the server says answers the oldest request, in order", "[bosh]") {
  conversation with;
  with.ask(101);
  with.server("<message><body>1</body></message><message><body>2</body></message>");
  CHECK(with.answer_to(101).text ==
        "<body xmlns=\"http://jabber.org/protocol/httpbind\"><message xmlns=\"jabber:client\">"
        "<body>1</body></message><message xmlns=\"jabber:client\"><body>2</body></message></body>");
  with.server("<message><body>3</body></message>");  // nobody asks: it waits
  with.ask(102);
  CHECK(with.answer_to(102).has("<body>3</body>"));
}

TEST_CASE("B-26, B-27, D-03 a request waits no longer than wait and not more than hold do",
          "[bosh]") {
  conversation with;
  with.ask(101);
  with.wait(24000);
  CHECK(with.is_waiting(101));
  with.wait(1000);
  CHECK(with.answer_to(101).text == "<body xmlns=\"http://jabber.org/protocol/httpbind\"/>");
  with.ask(102);
  with.ask(103, message);
  CHECK(with.out.take_server() == message);
  CHECK_FALSE(with.answer_to(102).has("message"));
  CHECK(with.is_waiting(103));
}

TEST_CASE("B-50 requests are taken in the order of their rid; one too far ends it", "[bosh]") {
  conversation with;
  with.ask(102, "<b/>");
  CHECK(with.out.server.empty());
  CHECK(with.is_waiting(102));
  with.ask(101, "<a/>");
  CHECK(with.out.take_server() == "<a/><b/>");
  CHECK_FALSE(with.is_waiting(101));
  with.ask(110);
  CHECK(with.answer_to(110).has("item-not-found"));
  CHECK(with.answer_to(102).has("type=\"terminate\""));
  CHECK(with.session->is_over());
}

TEST_CASE("B-51, B-52 a repeat gets the very same answer and is not said twice", "[bosh]") {
  conversation with;
  with.ask(101, message);
  CHECK(with.out.take_server() == message);
  with.server("<message id='1'/>");
  const std::string first = with.answer_to(101).text;
  with.ask(101, message, "", 9);
  CHECK(with.answer_to(9).text == first);
  CHECK(with.out.server.empty());
}

TEST_CASE("B-53 of a rid asked twice the older connection gets a recoverable error", "[bosh]") {
  conversation with;
  with.ask(101, message);
  with.ask(101, message, "", 9);
  CHECK(with.out.take_server() == message);
  CHECK(with.answer_to(101).text ==
        "<body xmlns=\"http://jabber.org/protocol/httpbind\" type=\"error\"/>");
  with.server("<message id='1'/>");
  CHECK(with.answer_to(9).has("id='1'"));
}

TEST_CASE("B-54 a rid nobody remembers ends it like one from the future", "[bosh]") {
  conversation with;
  for (std::uint64_t rid = 101; rid < 106; ++rid) {
    with.ask(rid, message);
    with.server("<message/>");
  }
  with.ask(101, message, "", 9);
  CHECK(with.answer_to(9).has("condition=\"item-not-found\""));
  CHECK(with.session->is_over());
}

TEST_CASE("B-30 to B-33 acknowledgements", "[bosh]") {
  conversation with("ver='1.11' wait='60' hold='1' ack='1'");
  CHECK(with.answer_to(100).has("ack=\"100\""));
  with.ask(101, message);
  with.server("<message id='1'/>");
  with.ask(102);
  with.ask(103, message);
  CHECK(with.answer_to(102).has("ack=\"103\""));
  with.server("<message id='2'/>");
  CHECK_FALSE(with.answer_to(103).has(" ack="));
  with.wait(500);
  with.ask(104, "", "ack='102'");  // 103 has not arrived
  CHECK(with.answer_to(104).has("report=\"103\""));
  CHECK(with.answer_to(104).has("time=\"500\""));
  with.ask(103, message, "", 9);
  CHECK(with.answer_to(9).has("id='2'"));
}

TEST_CASE("B-35, B-36, D-10 nobody asking for inactivity ends it without a word", "[bosh]") {
  conversation with;
  with.wait(119000);
  CHECK_FALSE(with.session->is_over());
  with.wait(2000);
  CHECK(with.session->is_over());
  CHECK(with.ends == 1);
  CHECK(with.out.server == "</stream:stream>");
  with.ask(101);
  CHECK(with.answer_to(101).has("item-not-found"));
}

TEST_CASE("B-37, B-38 a pause answers everything, lasts once, and has a limit", "[bosh]") {
  conversation with;
  with.ask(101);
  with.ask(102, "", "pause='200'");
  CHECK(with.answer_to(101).text == with.answer_to(102).text);
  with.server("<message id='1'/>");
  with.wait(199000);
  CHECK_FALSE(with.session->is_over());
  with.ask(103);
  CHECK(with.answer_to(103).has("id='1'"));
  with.wait(121000);
  CHECK(with.session->is_over());
  conversation greedy;
  greedy.ask(101, "", "pause='301'");
  CHECK(greedy.answer_to(101).has("policy-violation"));
}

TEST_CASE("B-40 to B-42 who only polls faster than agreed is stopped", "[bosh]") {
  conversation with("ver='1.11' wait='0' hold='0'");
  with.ask(101);
  CHECK_FALSE(with.answer_to(101).has("terminate"));
  for (std::uint64_t rid = 102; rid < 110 && !with.session->is_over(); ++rid) with.ask(rid);
  CHECK(with.session->is_over());
  conversation patient("ver='1.11' wait='0' hold='0'");
  for (std::uint64_t rid = 101; rid < 120; ++rid) {
    patient.wait(2500);
    patient.ask(rid);
  }
  CHECK_FALSE(patient.session->is_over());
}

TEST_CASE("B-45 the client ends: what it said first goes out, then the stream", "[bosh]") {
  conversation with;
  with.ask(101);
  with.ask(102, "<presence type='unavailable'/>", "type='terminate'");
  CHECK(with.out.server == "<presence type='unavailable'/></stream:stream>");
  CHECK(with.answer_to(101).has("type=\"terminate\""));
  CHECK(with.answer_to(102).status == 200);
  CHECK(with.ends == 1);
}

TEST_CASE("B-55 to B-57 keys", "[bosh]") {
  // sha1("a") and so on: k3 = sha1(k2), k2 = sha1(k1).
  const std::string k1 = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8";  // sha1("a")
  const std::string k2 = "3c26f51fa1ad2a4ac3ef4d2c5a5bd5bc3a1dbc4e";
  SECTION("a request without the right one is not carried out and ends it") {
    conversation with("ver='1.11' wait='60' hold='1' newkey='" + k1 + "'");
    with.ask(101, message);
    CHECK(with.out.server == "</stream:stream>");
    CHECK(with.answer_to(101).has("item-not-found"));
  }
  SECTION("the right one, in capitals, and a new chain") {
    conversation with("ver='1.11' wait='60' hold='1' newkey='86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8'");
    with.ask(101, message, "key='a' newkey='" + k1 + "'");
    CHECK(with.out.take_server() == message);
    with.ask(102, message, "key='a'");
    CHECK(with.out.take_server() == message);
    with.ask(103, message, "key='" + k2 + "'");
    CHECK(with.answer_to(102).has("item-not-found"));
  }
  SECTION("a repeat needs its own key, too") {
    conversation with("ver='1.11' wait='60' hold='1' newkey='" + k1 + "'");
    with.ask(101, message, "key='a'");
    with.server("<message id='1'/>");
    with.ask(101, message, "key='b'", 9);
    CHECK(with.answer_to(9).has("item-not-found"));
  }
}

TEST_CASE("B-71 clients of before 1.6 get HTTP codes, others 200", "[bosh]") {
  conversation with("wait='60' hold='1'");
  with.ask(110);
  CHECK(with.answer_to(110).status == 404);
  conversation now("ver='1.6' wait='60' hold='1'");
  now.ask(110);
  CHECK(now.answer_to(110).status == 200);
}

TEST_CASE("X-05 a restart opens a new stream on the same connection", "[bosh]") {
  conversation with;
  with.ask(101, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
  with.server("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  with.out.take_server();
  with.ask(102, "<ignored/>", "xmpp:restart='true' to='a.test'");
  const std::string header = with.out.take_server();
  CHECK(header.find("<stream:stream ") != std::string::npos);
  CHECK(header.find("ignored") == std::string::npos);
  with.server("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream="
              "'http://etherx.jabber.org/streams' id='s2' from='a.test' version='1.0'>"
              "<stream:features><bind xmlns='b'/></stream:features>");
  CHECK(with.answer_to(102).has("<stream:features"));
  CHECK_FALSE(with.answer_to(102).has("sid="));
  CHECK(with.out.connected.empty());
}

TEST_CASE("X-07 a stream error comes with what was said before it", "[bosh]") {
  conversation with;
  with.ask(101);
  with.server("<message id='1'/><stream:error><conflict "
              "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
  const told& answer = with.answer_to(101);
  CHECK(answer.has("type=\"terminate\" condition=\"remote-stream-error\""));
  CHECK(answer.text.find("id='1'") < answer.text.find("<stream:error"));
  SECTION("also when nobody asks at that moment") {
    conversation later;
    later.server("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                 "</stream:error></stream:stream>");
    later.ask(101);
    CHECK(later.answer_to(101).has("remote-stream-error"));
  }
  SECTION("with its reason, and without the end of the stream") {
    conversation hasty;
    hasty.ask(101);
    hasty.server("<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                 "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>See you</text></stream:error>");
    CHECK(hasty.is_waiting(101));
    hasty.session->on_lost(0, hasty.now);
    CHECK(hasty.answer_to(101).has("condition=\"remote-stream-error\""));
    CHECK(hasty.answer_to(101).has("xmlns:stream=\"http://etherx.jabber.org/streams\""));
    CHECK(hasty.answer_to(101).has(">See you</text></stream:error></body>"));
  }
  SECTION("and the reason of one that had to be made") {
    conversation broken;
    broken.ask(101);
    broken.server("<message><!-- x --></message>");
    CHECK(broken.answer_to(101).has("condition=\"remote-stream-error\""));
    CHECK(broken.answer_to(101).has("<undefined-condition"));
    CHECK(broken.answer_to(101).has("what XMPP forbids: a comment or document type</text>"));
  }
}

TEST_CASE("B-70 a network that cannot be reached", "[bosh]") {
  conversation with("ver='1.11' wait='60' hold='1'", false);
  with.session->on_lost(0, with.now);
  CHECK(with.answer_to(100).has("condition=\"remote-connection-failed\""));
  conversation slow("ver='1.11' wait='60' hold='1'", false);
  slow.wait(bosh_session::creation_time);
  CHECK(slow.answer_to(100).has("remote-connection-failed"));
}

TEST_CASE("D-07 what was meant for a page that has gone waits for the next one", "[bosh]") {
  conversation with;
  SECTION("gone before it was answered") {
    with.ask(101);
    with.session->forget(with.replies[101], with.now);
    with.server("<message id='1'/>");
    with.ask(102);
    CHECK(with.is_waiting(101));
    CHECK(with.answer_to(102).has("id='1'"));
  }
  SECTION("gone while the answer was on its way") {
    with.ask(101);
    with.server("<message id='1'/>");
    with.session->on_answer_lost(101, with.now);
    with.ask(102);
    CHECK(with.answer_to(102).has("id='1'"));
  }
  SECTION("a page that has asked on already hears it at once") {
    with.ask(101);
    with.server("<message id='1'/>");
    with.ask(102);
    with.session->on_answer_lost(101, with.now);
    CHECK(with.answer_to(102).has("id='1'"));
    with.ask(101, "", "", 9);
    CHECK_FALSE(with.answer_to(9).has("id='1'"));
  }
  SECTION("several, in their order") {
    with.ask(101);
    with.server("<message id='1'/>");
    with.ask(102);
    with.server("<message id='2'/>");
    with.session->on_answer_lost(102, with.now);
    with.session->on_answer_lost(101, with.now);
    with.ask(103);
    CHECK(with.answer_to(103).text.find("id='1'") < with.answer_to(103).text.find("id='2'"));
    CHECK(with.answer_to(103).has("id='2'"));
  }
  SECTION("a client that lives repeats its request: the very same answer, and never again") {
    with.ask(101);
    with.server("<message id='1'/>");
    with.session->on_answer_lost(101, with.now);
    with.ask(101, "", "", 9);
    CHECK(with.answer_to(9).text == with.answer_to(101).text);
    with.ask(102);
    CHECK(with.is_waiting(102));
  }
}

TEST_CASE("B-33 who acknowledges nothing is stopped at a bound, and has lost nothing before",
          "[bosh]") {
  conversation with("ver='1.11' wait='60' hold='1' ack='1'");
  const std::string body(60 * 1024, 'x');
  std::uint64_t rid = 101;
  for (; rid < 120 && !with.session->is_over(); ++rid) {
    with.ask(rid, message, "ack='50'");
    if (!with.session->is_over() && with.is_waiting(static_cast<int>(rid)))
      with.server("<message><body>" + body + "</body></message>");
  }
  CHECK(with.session->is_over());
  CHECK(with.ended_with == "policy-violation");
  CHECK(rid > 104);
  conversation good("ver='1.11' wait='60' hold='1' ack='1'");
  for (rid = 101; rid < 120; ++rid) {
    good.ask(rid, message);
    good.server("<message><body>" + body + "</body></message>");
  }
  CHECK_FALSE(good.session->is_over());
}

TEST_CASE("B-41 empty requests that crowd in are stopped", "[bosh]") {
  conversation with;
  with.ask(101);
  for (std::uint64_t rid = 102; rid < 105 && !with.session->is_over(); ++rid) with.ask(rid);
  CHECK(with.ended_with == "policy-violation");
  conversation slow;
  for (std::uint64_t rid = 101; rid < 110; ++rid) {
    slow.wait(2500);
    slow.ask(rid);
  }
  CHECK_FALSE(slow.session->is_over());
  conversation reloads;  // its connections go: nothing is open but the last
  for (std::uint64_t rid = 101; rid < 110; ++rid) {
    reloads.ask(rid);
    reloads.session->forget(reloads.replies[static_cast<int>(rid)], reloads.now);
  }
  CHECK_FALSE(reloads.session->is_over());
}

TEST_CASE("a session slows its server down while nobody asks, and its client while the server is "
          "behind",
          "[bosh]") {
  conversation with;
  const std::string body(100 * 1024, 'x');
  for (int i = 0; i < 3; ++i) with.server("<message><body>" + body + "</body></message>");
  CHECK(with.reads.at(0) == false);
  with.ask(101);
  CHECK(with.answer_to(101).text.size() > 300 * 1024);
  CHECK(with.reads.at(0) == true);
  with.session->hold_back(true, with.now);
  with.ask(102, message);
  with.ask(103, message);
  CHECK(with.out.server.empty());
  with.session->hold_back(false, with.now);
  CHECK(with.out.server == std::string(message) + message);
  CHECK_FALSE(with.is_waiting(102));
}

namespace {

constexpr const char* further_header =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream="
    "'http://etherx.jabber.org/streams' id='s9' from='a.test' version='1.0'>"
    "<stream:features><second/></stream:features>";

std::string attribute(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(" " + name + "=\"");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 3;
  return text.substr(from, text.find('"', from) - from);
}

}  // namespace

TEST_CASE("B-60 to B-63 several streams in one session", "[bosh]") {
  conversation with;
  const std::string first = attribute(with.answer_to(100).text, "stream");
  REQUIRE_FALSE(first.empty());
  with.ask(101, "", "to='a.test'");
  with.session->on_open(1, false);
  with.server("<message id='0'/>");  // of the first: waits until the second has its name
  CHECK(with.is_waiting(101));
  with.server(further_header, 1);
  const std::string second = attribute(with.answer_to(101).text, "stream");
  CHECK_FALSE(second.empty());
  CHECK(second != first);
  CHECK(with.answer_to(101).has("<second/>"));
  CHECK(with.answer_to(101).has(" from=\"a.test\""));
  CHECK_FALSE(with.answer_to(101).has("sid="));
  CHECK_FALSE(with.answer_to(101).has("id='0'"));
  with.out.take_server();
  with.further[1].take_server();

  SECTION("answers name theirs and never mix; requests reach the one they name, or all") {
    with.ask(102, "<a/>", "stream='" + second + "'");
    CHECK(with.further[1].take_server() == "<a/>");
    CHECK(with.out.server.empty());
    CHECK(attribute(with.answer_to(102).text, "stream") == first);
    with.ask(103, "<b/>");
    CHECK(with.further[1].take_server() == "<b/>");
    CHECK(with.out.take_server() == "<b/>");
    with.server("<message id='2'/>", 1);
    CHECK(attribute(with.answer_to(103).text, "stream") == second);
  }
  SECTION("an end names one of them, or means the session") {
    with.ask(102, "<a/>", "type='terminate' stream='" + second + "'");
    CHECK(with.further[1].take_server() == "<a/></stream:stream>");
    CHECK(with.closed == std::vector<unsigned>{1});
    CHECK_FALSE(with.session->is_over());
    with.ask(103, "", "type='terminate'");
    CHECK(with.session->is_over());
  }
  SECTION("one that fails does not take the other with it") {
    with.ask(102, message, "stream='" + first + "'");
    with.ask(103);
    with.server("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "</stream:error></stream:stream>", 1);
    const told& answer = with.answer_to(103);
    CHECK(answer.has("type=\"terminate\" condition=\"remote-stream-error\""));
    CHECK(attribute(answer.text, "stream") == second);
    CHECK_FALSE(with.session->is_over());
  }
  SECTION("an unknown one is item-not-found") {
    with.ask(102, message, "stream='nobody'");
    CHECK(with.session->is_over());
    CHECK(with.ended_with == "item-not-found");
  }
}

TEST_CASE("a domain that is not served, and one stream too many, are empty requests", "[bosh]") {
  conversation with;
  with.ask(101, "", "to='other.test'");
  CHECK(with.is_waiting(101));
  with.wait(25000);
  CHECK(attribute(with.answer_to(101).text, "stream").empty());
  for (std::uint64_t rid = 102; rid < 110; ++rid) with.ask(rid, "", "to='a.test'");
  CHECK(with.further.size() == with.terms.streams - 1);
}

TEST_CASE("XEP-0252 answers are calls of _BOSH_ that a script may contain", "[bosh]") {
  CHECK(print_bosh_script("<body a=\"1\"/>") == "_BOSH_(\"\\u003cbody a=\\u00221\\u0022/>\")");
  CHECK(print_bosh_script("\\\n\xE2\x80\xA8\xC2\xAD\xF3\xA0\x80\x81\xF0\x9F\x98\x80") ==
        "_BOSH_(\"\\u005c\\u000a\\u2028\\u00ad\\udb40\\udc01\xF0\x9F\x98\x80\")");
}

TEST_CASE("XEP-0252 what a request holds may go on in the next", "[bosh]") {
  const std::string start = "<body xmlns='http://jabber.org/protocol/httpbind' ";
  bosh_octets octets;
  std::vector<std::string> got;
  for (const char* part : {"<a/><message to='b'><bo", "dy>x</bo", "dy></message><b", "/>"}) {
    const auto parsed = parse_bosh_script(start + "rid='1'>" + part + "</body>");
    REQUIRE(parsed.has_value());
    CHECK(parsed->payload.empty());
    CHECK(octets.take(parsed->octets, got));
  }
  CHECK(got == std::vector<std::string>{"<a/>", "<message to='b'><body>x</body></message>", "<b/>"});
  CHECK_FALSE(octets.take("<!-- c -->", got));
  for (const char* wrong : {"", "x", "<body", "<body>", "<body/>x", "<other rid='1'></other>",
                            "<!DOCTYPE x><body/>", "<body xmlns='other' rid='1'></body>"})
    CHECK_FALSE(parse_bosh_script(wrong).has_value());
  CHECK(parse_bosh_script(start + "rid='7'/>")->rid == 7);
}

TEST_CASE("XEP-0252 a session keeps to the syntax it began with", "[bosh]") {
  conversation with;
  bosh_request other = with.parse("sid='sid-1' rid='101'");
  other.script = true;
  with.session->take(std::move(other), with.replies[101], with.now);
  CHECK(with.answer_to(101).has("item-not-found"));
  CHECK_FALSE(with.session->is_over());
}
