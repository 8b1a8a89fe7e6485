// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chat addresses over real sockets: entering, events over every carrier, commands, leaving.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/wire.hpp"

using namespace halley;
using nlohmann::json;

namespace {

const std::string alice = R"({"network":"echo","nick":"alice"})";

std::string enter(wire& browser) {
  const http_answer answer = browser.post("/chat/v1/sessions", alice);
  REQUIRE(answer.status == 201);
  const json hello = json::parse(answer.body);
  CHECK(hello["ev"] == "hello");
  CHECK(hello["next"] == 1);
  CHECK(answer.field("Location") == "/chat/v1/sessions/" + hello["session"].get<std::string>());
  return hello["session"];
}

std::string events_of(const std::string& session) {
  return "/chat/v1/sessions/" + session + "/events";
}
std::string commands_of(const std::string& session) {
  return "/chat/v1/sessions/" + session + "/commands";
}

std::vector<std::string> kinds(const json& events) {
  std::vector<std::string> out;
  for (const json& one : events) out.push_back(one["ev"]);
  return out;
}

}  // namespace

TEST_CASE("networks are listed", "[http]") {
  echo_gateway gateway;
  const http_answer answer = wire(gateway.port()).get("/chat/v1/networks");
  CHECK(answer.status == 200);
  CHECK(answer.field("Cache-Control") == "no-store");
  CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  CHECK(answer.field("Referrer-Policy") == "no-referrer");
  CHECK(answer.field("Date").ends_with(" GMT"));
  const json offer = json::parse(answer.body)[0];
  CHECK(offer["network"] == "echo");
  CHECK(offer["nick"] == json{{"max", 20}, {"forbidden", "\"<"}, {"not_first", "-"}});
}

TEST_CASE("a visitor enters, talks and leaves over long poll and POST", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  const std::string id = enter(browser);
  json page = json::parse(browser.get(events_of(id) + "?since=0").body);
  CHECK(page["from"] == 1);
  CHECK(kinds(page["events"]) == std::vector<std::string>{"online"});
  CHECK(page["next"] == 2);

  const http_answer said =
      browser.post(commands_of(id), R"([{"n":1,"do":"say","to":"#echo","text":"hi"}])");
  CHECK(said.status == 200);
  const json results = json::parse(said.body);
  REQUIRE(results.size() == 1);
  CHECK(results[0]["n"] == 1);
  CHECK(results[0]["ok"] == true);

  page = json::parse(browser.get(events_of(id) + "?since=1").body);
  CHECK(page["from"] == 2);
  CHECK(kinds(page["events"]) == std::vector<std::string>{"said", "result"});
  CHECK(page["events"][0]["text"] == "hi");

  // A repeat gets the first answer and is not said again.
  browser.post(commands_of(id), R"({"n":1,"do":"say","to":"#echo","text":"hi"})");
  page = json::parse(browser.get(events_of(id) + "?since=3").body);
  CHECK(kinds(page["events"]) == std::vector<std::string>{"result"});

  browser.send("DELETE /chat/v1/sessions/" + id + "?reason=bye HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(browser.read_answer().status == 204);
  const http_answer gone = browser.get(events_of(id) + "?since=4");
  CHECK(gone.status == 404);
  CHECK(json::parse(gone.body)["error"]["code"] == "unknown_session");

  // Leaving is idempotent; an id that nobody gave is not known for that.
  browser.send("DELETE /chat/v1/sessions/" + id + " HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(browser.read_answer().status == 204);
  browser.send("DELETE /chat/v1/sessions/" + id + "x HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(browser.read_answer().status == 404);
}

TEST_CASE("a long poll waits for what comes", "[http]") {
  echo_gateway gateway;
  wire reader(gateway.port());
  wire writer(gateway.port());
  const std::string id = enter(reader);
  reader.get(events_of(id) + "?since=0");
  reader.send("GET " + events_of(id) + "?since=1 HTTP/1.1\r\nHost: a\r\n\r\n");
  writer.post(commands_of(id), R"({"n":1,"do":"say","to":"#echo","text":"there"})");
  const json page = json::parse(reader.read_answer().body);
  CHECK(page["events"][0]["text"] == "there");
}

TEST_CASE("a long poll that waited long enough is answered empty", "[http]") {
  echo_options options;
  options.sessions.hold_ms = 60;
  echo_gateway gateway(options);
  wire browser(gateway.port());
  const std::string id = enter(browser);
  const http_answer answer = browser.get(events_of(id) + "?since=1");
  CHECK(answer.body == R"({"from":2,"next":2,"events":[]})");
}

TEST_CASE("a cursor of another log is told of the gap and gets the present state", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  const std::string id = enter(browser);
  browser.get(events_of(id) + "?since=0");
  const json page = json::parse(browser.get(events_of(id) + "?since=7&epoch=other").body);
  CHECK(kinds(page["events"]) == std::vector<std::string>{"gap", "online"});
}

TEST_CASE("commands without an answer are called pending when their session ends", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  wire other(gateway.port());
  const std::string id = enter(browser);
  const std::string body =
      R"([{"n":1,"do":"say","to":"#echo","text":"x"},{"n":2,"do":"whois","nick":"x"}])";
  browser.send("POST " + commands_of(id) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body);
  REQUIRE(other.get(events_of(id) + "?since=1").status == 200);  // the commands have been taken
  other.send("POST /chat/v1/sessions/" + id +
             "/leave HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  CHECK(other.read_answer().status == 204);
  const json results = json::parse(browser.read_answer().body);
  CHECK(results[0]["ok"] == true);
  CHECK(results[1] == json{{"n", 2}, {"pending", true}});
}

TEST_CASE("events arrive as Server-Sent Events and resume by Last-Event-ID", "[http]") {
  echo_gateway gateway;
  wire writer(gateway.port());
  const std::string id = enter(writer);
  std::string last;
  {
    wire reader(gateway.port());
    reader.send("GET " + events_of(id) +
                "?since=0 HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
    const http_answer head = reader.read_answer();
    CHECK(head.status == 200);
    CHECK(head.field("Content-Type") == "text/event-stream");
    CHECK(head.field("Cache-Control") == "no-store, no-transform");
    const std::string hello = reader.read_until("\n\n");
    CHECK(hello.find("id:") == std::string::npos);
    CHECK(hello.find(R"("ev":"hello")") != std::string::npos);
    const std::string online = reader.read_until("\n\n");
    CHECK(online.find(R"("ev":"online")") != std::string::npos);
    last = online.substr(4, online.find('\n') - 4);
    CHECK(last.ends_with("-1"));
  }
  writer.post(commands_of(id), R"({"n":1,"do":"say","to":"#echo","text":"missed"})");
  wire reader(gateway.port());
  reader.send("GET " + events_of(id) + "?since=0 HTTP/1.1\r\nHost: a\r\nAccept: " +
              "text/event-stream\r\nLast-Event-ID: " + last + "\r\n\r\n");
  reader.read_answer();
  CHECK(reader.read_until("\n\n").find(R"("resumed":true)") != std::string::npos);
  CHECK(reader.read_until("\n\n").find("missed") != std::string::npos);
}

TEST_CASE("an idle event stream gets a heartbeat", "[http]") {
  echo_options options;
  options.sessions.heartbeat_ms = 60;
  echo_gateway gateway(options);
  wire browser(gateway.port());
  const std::string id = enter(browser);
  browser.send("GET " + events_of(id) +
               " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
  CHECK(browser.read_until("\n:\n\n").ends_with("\n:\n\n"));
}

TEST_CASE("bad input gets an error that names what is wrong", "[http]") {
  echo_gateway gateway;
  wire browser(gateway.port());
  const std::string id = enter(browser);
  struct row {
    const char* what;
    std::string method;
    std::string target;
    std::string body;
    int status;
    std::string code;
    std::string field;
  };
  const std::string deep = std::string(10000, '[') + std::string(10000, ']');
  const std::string sessions = "/chat/v1/sessions";
  const std::vector<row> table = {
      {"not JSON", "POST", sessions, "{", 400, "bad_request", ""},
      {"deep JSON", "POST", sessions, deep, 400, "bad_request", ""},
      {"deep commands", "POST", commands_of(id), deep, 400, "bad_request", ""},
      {"no nick", "POST", sessions, R"({"network":"echo"})", 400, "bad_field", "nick"},
      {"unknown network", "POST", sessions, R"({"network":"other","nick":"a"})", 404,
       "unknown_network", "network"},
      {"a host for a network", "POST", sessions, R"({"network":"irc.example.org","nick":"a"})", 404,
       "unknown_network", "network"},
      {"refused nick", "POST", sessions, R"({"network":"echo","nick":"root"})", 400, "bad_nick",
       "nick"},
      {"made-up session", "GET", events_of("n1-0-x"), "", 404, "unknown_session", "session"},
      {"unknown session", "GET", events_of(gateway.made_up_id()), "", 404, "unknown_session",
       "session"},
      {"forged session", "GET", events_of(id + "x"), "", 404, "unknown_session", "session"},
      {"strange cursor", "GET", events_of(id) + "?since=-1", "", 400, "bad_field", "since"},
      {"strange reason", "DELETE", sessions + "/" + id + "?reason=a%0D%0AQUIT", "", 400,
       "bad_field", "reason"},
      {"no such address", "GET", "/chat/v2/networks", "", 404, "bad_request", ""},
      {"no such method", "DELETE", "/chat/v1/networks", "", 405, "bad_request", ""},
      {"no upgrade", "GET", sessions, "", 426, "bad_request", ""},
  };
  for (const row& one : table) {
    INFO(one.what);
    browser.send(one.method + " " + one.target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                 std::to_string(one.body.size()) + "\r\n\r\n" + one.body);
    const http_answer answer = browser.read_answer();
    CHECK(answer.status == one.status);
    const json error = json::parse(answer.body)["error"];
    CHECK(error["code"] == one.code);
    CHECK(error.value("field", "") == one.field);
    CHECK(error["text"].get<std::string>().size() > 5);
  }
  // The session and the connection live on.
  CHECK(json::parse(browser.post(commands_of(id), R"({"n":1,"do":"ping"})").body)[0]["ok"] == true);
}

TEST_CASE("sessions are found from any shard", "[http]") {
  echo_options options;
  options.shards = 3;
  echo_gateway gateway(options);
  std::vector<std::string> ids;
  std::vector<bool> seen(3);
  // The kernel chooses the shard of a connection.
  for (int i = 0; i < 200 && !(seen[0] && seen[1] && seen[2]); ++i) {
    wire browser(gateway.port());
    ids.push_back(enter(browser));
    seen[gateway.shard_of(ids.back())] = true;
  }
  REQUIRE((seen[0] && seen[1] && seen[2]));
  wire browser(gateway.port());
  for (const std::string& id : ids) {
    // Pipelined: the second request moves on with the connection.
    browser.send("GET " + events_of(id) + "?since=0 HTTP/1.1\r\nHost: a\r\n\r\n" +
                 "GET /chat/v1/networks HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(kinds(json::parse(browser.read_answer().body)["events"])[0] == "online");
    CHECK(browser.read_answer().body.find("Echo") != std::string::npos);
  }
  CHECK(gateway.handed_over > 0);
}

TEST_CASE("the visitor's address reaches the network", "[http]") {
  echo_options options;
  options.http.trusted_proxies = {"127.0.0.1"};
  echo_gateway gateway(options);
  wire browser(gateway.port());
  const http_answer answer = browser.post(
      "/chat/v1/sessions", alice,
      "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.9\r\nX-Forwarded-Proto: https\r\n");
  const std::string id = json::parse(answer.body)["session"];
  browser.post(commands_of(id), R"({"n":1,"do":"say","to":"#echo","text":"who am I"})");
  const json page = json::parse(browser.get(events_of(id) + "?since=1").body);
  CHECK(page["events"][0]["account"] == "192.0.2.9 secure");
}
