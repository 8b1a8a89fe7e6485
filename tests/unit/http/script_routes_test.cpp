// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chat dialect over <script> elements: a page that can do nothing but add scripts to itself.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/wire.hpp"

using namespace halley;
using nlohmann::json;

namespace {

const std::string cross_site = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: script\r\n";

echo_options scripts_allowed() {
  echo_options options;
  options.http.script_carrier = true;
  return options;
}

std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%%%02X", static_cast<unsigned char>(c));
    out += digits;
  }
  return out;
}

// What the page's function gets.
json argument_of(const http_answer& answer) {
  CHECK(answer.status == 200);
  CHECK(answer.field("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(answer.field("X-Content-Type-Options") == "nosniff");
  CHECK(answer.field("Cache-Control") == "no-store");
  CHECK(answer.body.starts_with("/**/page.f("));
  CHECK(answer.body.ends_with(");"));
  CHECK(answer.body.find('<') == std::string::npos);
  CHECK(answer.body.find("\u2028") == std::string::npos);
  CHECK(answer.body.find("\u2029") == std::string::npos);
  return json::parse(answer.body.substr(11, answer.body.size() - 13));
}

class script_page {
 public:
  explicit script_page(std::uint16_t port) : socket_(port) {}
  json run(const std::string& path, const std::string& query = {}) {
    return argument_of(
        socket_.get("/chat/v1/script/" + path + "?callback=page.f" + query, cross_site));
  }

 private:
  wire socket_;
};

}  // namespace

TEST_CASE("a page enters, talks, listens and leaves by scripts alone", "[http]") {
  echo_options options = scripts_allowed();
  options.shards = GENERATE(std::size_t{1}, std::size_t{3});
  echo_gateway gateway(options);
  script_page page(gateway.port());
  CHECK(page.run("networks")[0]["network"] == "echo");
  const json hello = page.run("enter", "&body=" + escape(R"({"network":"echo","nick":"alice"})"));
  CHECK(hello["ev"] == "hello");
  const std::string session = "sessions/" + hello["session"].get<std::string>();
  CHECK(page.run(session + "/events", "&since=0")["events"][0]["ev"] == "online");
  const json results = page.run(
      session + "/commands",
      "&body=" + escape(R"([{"n":1,"do":"say","to":"#echo","text":"</script>\u2028\u2029&"}])"));
  CHECK(results[0]["ok"] == true);
  const json events = page.run(session + "/events", "&since=1&reader=tab");
  CHECK(events["events"][0]["text"] == "</script>\u2028\u2029&");
  CHECK(page.run(session + "/leave", "&reason=bye") == json::object());
  CHECK(page.run(session + "/events", "&since=3")["error"]["code"] == "unknown_session");
}

TEST_CASE("a script waits for events as a long poll does", "[http]") {
  echo_options options = scripts_allowed();
  options.sessions.hold_ms = GENERATE(60, 60'000);
  echo_gateway gateway(options);
  script_page page(gateway.port());
  const json hello = page.run("enter", "&body=" + escape(R"({"network":"echo","nick":"alice"})"));
  const std::string session = "sessions/" + hello["session"].get<std::string>();
  page.run(session + "/events", "&since=0");
  if (options.sessions.hold_ms == 60) {
    CHECK(page.run(session + "/events", "&since=1") == json{{"from", 2}, {"next", 2},
                                                            {"events", json::array()}});
    return;
  }
  wire waiting(gateway.port());
  waiting.send("GET /chat/v1/script/" + session +
               "/events?since=1&callback=page.f HTTP/1.1\r\nHost: a\r\n\r\n");
  page.run(session + "/commands",
           "&body=" + escape(R"({"n":1,"do":"say","to":"#echo","text":"there"})"));
  CHECK(argument_of(waiting.read_answer())["events"][0]["text"] == "there");
}

TEST_CASE("a refusal is told in the call, as a script has no status", "[http]") {
  echo_gateway gateway(scripts_allowed());
  script_page page(gateway.port());
  CHECK(page.run("enter", "&body=" + escape(R"({"network":"none","nick":"a"})"))["error"]["field"] ==
        "network");
  CHECK(page.run("enter", "&body=%7B")["error"]["code"] == "bad_request");
  CHECK(page.run("enter")["error"]["field"] == "body");
  CHECK(page.run("enter", "&body=%ff")["error"]["field"] == "body");
  CHECK(page.run("sessions/" + gateway.made_up_id() + "/events")["error"]["code"] ==
        "unknown_session");
}

TEST_CASE("what is no call of a named function is not answered with one", "[http]") {
  echo_gateway gateway(scripts_allowed());
  wire socket(gateway.port());
  for (const std::string query : {"", "?callback=", "?callback=alert(1)%2F%2F", "?callback=a%3Bb",
                                  "?callback=%3Cscript%3E", "?callback=a%E2%80%A8"}) {
    CAPTURE(query);
    const http_answer answer = socket.get("/chat/v1/script/networks" + query, cross_site);
    CHECK(answer.status == 400);
    CHECK(answer.field("Content-Type") == "application/json");
    CHECK(json::parse(answer.body)["error"]["field"] == "callback");
  }
  CHECK(socket.post("/chat/v1/script/enter?callback=f", "{}").status == 405);
}

TEST_CASE("scripts are answered only where the operator says so", "[http]") {
  echo_gateway gateway;
  wire socket(gateway.port());
  for (const std::string path : {"networks", "enter", "sessions/x/events", "sessions/x/commands",
                                 "sessions/x/leave"}) {
    CAPTURE(path);
    const http_answer answer =
        socket.get("/chat/v1/script/" + path + "?callback=f&body=%7B%7D", cross_site);
    CHECK(answer.status == 403);
    CHECK(json::parse(answer.body)["error"]["code"] == "not_allowed");
  }
}

TEST_CASE("a wrong Origin is refused on every entry, also for scripts", "[http]") {
  echo_gateway gateway(scripts_allowed());
  wire socket(gateway.port());
  const std::string evil = "Origin: https://evil.test\r\n";
  for (const std::string target :
       {"/chat/v1/networks", "/chat/v1/sessions", "/chat/v1/sessions/x/events",
        "/chat/v1/sessions/x/events?carrier=xhr_stream", "/chat/v1/sessions/x/events?carrier=poll",
        "/chat/v1/sessions/x/events?carrier=forever_frame&origin=http%3A%2F%2Fchat.test",
        "/chat/v1/script/networks?callback=f", "/chat/v1/script/enter?callback=f&body=%7B%7D",
        "/chat/v1/script/sessions/x/events?callback=f",
        "/chat/v1/script/sessions/x/commands?callback=f&body=%7B%7D",
        "/chat/v1/script/sessions/x/leave?callback=f"}) {
    CAPTURE(target);
    CHECK(socket.get(target, evil).status == 403);
  }
  for (const std::string target :
       {"/chat/v1/sessions", "/chat/v1/sessions/x/commands", "/chat/v1/sessions/x/leave"}) {
    CAPTURE(target);
    CHECK(socket.post(target, "{}", evil).status == 403);
  }
}
