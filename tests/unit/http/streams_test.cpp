// SPDX-License-Identifier: GPL-3.0-or-later
//
// The streams inside an answer, byte by byte: what stands on the wire at each moment of their life.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/http/echo_gateway.hpp"
#include "tests/unit/http/visit.hpp"

using namespace halley;
using nlohmann::json;

namespace {

const std::string page = "&origin=http%3A%2F%2Fchat.test&frame=f-1";

// The nonce of the document, from its policy.
std::string nonce_of(const http_answer& head) {
  const std::string policy = head.field("Content-Security-Policy");
  const std::size_t at = policy.find("'nonce-");
  return policy.substr(at + 7, policy.find('\'', at + 1) - at - 7);
}

}  // namespace

TEST_CASE("an xhr stream is lines of text", "[http]") {
  echo_gateway gateway;
  visit alice(gateway.port());
  wire reader(gateway.port());
  const http_answer head = alice.open(reader, "?since=0&carrier=xhr_stream");
  CHECK(head.status == 200);
  CHECK(head.field("Content-Type") == "text/plain; charset=utf-8");
  CHECK(head.field("X-Content-Type-Options") == "nosniff");
  CHECK(head.field("Cache-Control") == "no-store, no-transform");
  CHECK(head.field("X-Accel-Buffering") == "no");
  CHECK(head.field("Content-Length").empty());
  CHECK(reader.read_until("\n") == std::string(2048, ' ') + "\n");
  const std::string hello = reader.read_until("\n");
  CHECK(hello.starts_with(R"(0 {"ev":"hello",)"));
  CHECK(json::parse(hello.substr(2))["poll"] == session_limits().poll_ms);
  CHECK(reader.read_until("\n").starts_with(R"(1 {"ev":"online",)"));
  alice.say("one\ntwo");
  // A line break in a text is none on the wire.
  const std::string said = reader.read_until("\n");
  CHECK(said.starts_with(R"(2 {"ev":"said",)"));
  CHECK(json::parse(said.substr(2))["text"] == "one\ntwo");
  CHECK(reader.read_until("\n").starts_with(R"(3 {"ev":"result",)"));
}

TEST_CASE("a frame is a document that may be framed by its page alone", "[http]") {
  echo_gateway gateway;
  visit alice(gateway.port());
  wire reader(gateway.port());
  const http_answer head = alice.open(reader, "?since=0&carrier=forever_frame" + page);
  CHECK(head.status == 200);
  CHECK(head.field("Content-Type") == "text/html; charset=utf-8");
  CHECK(head.field("Cache-Control") == "no-store, no-transform");
  CHECK(head.field("Referrer-Policy") == "no-referrer");
  const std::string nonce = nonce_of(head);
  CHECK(nonce.size() == 22);
  CHECK(head.field("Content-Security-Policy") ==
        "default-src 'none'; script-src 'nonce-" + nonce + "'; frame-ancestors http://chat.test");
  const std::string script = "<script nonce=\"" + nonce + "\">";
  CHECK(reader.read_until("\n") == "<!DOCTYPE html>\n");
  CHECK(reader.read_until("</script>\n").ends_with(
      "<!--" + std::string(2048, ' ') + "-->\n" + script +
      R"(function h(l){parent.postMessage({halley:"f-1",line:l},"http://chat.test");)"
      "document.currentScript.remove()}function e(m,o){h(m+\" \"+JSON.stringify(o))}</script>\n"));
  CHECK(reader.read_until("\n").starts_with(script + R"(e(0,{"ev":"hello",)"));
  CHECK(reader.read_until("\n").starts_with(script + R"(e(1,{"ev":"online",)"));
  alice.say("</script><script>alert(1)</script>\u2028\u2029'\"");
  const std::string said = reader.read_until("\n");
  CHECK(said.starts_with(script + R"(e(2,{"ev":"said",)"));
  CHECK(said.ends_with(")</script>\n"));
  const std::string argument =
      said.substr(script.size() + 4, said.size() - script.size() - 4 - 11);
  CHECK(argument.find('<') == std::string::npos);
  CHECK(argument.find("\u2028") == std::string::npos);
  CHECK(argument.find("\u2029") == std::string::npos);
  CHECK(json::parse(argument)["text"] == "</script><script>alert(1)</script>\u2028\u2029'\"");
}

TEST_CASE("each stream has a heartbeat of its form", "[http]") {
  const auto [query, beat] = GENERATE(table<std::string, std::string>({
      {"?carrier=event_stream", ":\n\n"},
      {"?carrier=xhr_stream", "\n"},
      {"?carrier=forever_frame" + page, ">h(\"\")</script>\n"},
  }));
  CAPTURE(query);
  echo_options options;
  options.sessions.heartbeat_ms = 60;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  wire reader(gateway.port());
  alice.open(reader, query);
  reader.read_until(R"("ev":"online")");
  reader.read_until("\n");
  if (query.find("event_stream") != std::string::npos) reader.read_until("\n");
  const std::string idle = reader.read_until(beat);
  CHECK(idle.ends_with(beat));
  CHECK(idle.find("\"ev\"") == std::string::npos);
  CHECK(reader.read_until(beat).ends_with(beat));
}

TEST_CASE("a shorter heartbeat can be asked for", "[http]") {
  echo_options options;
  options.sessions.heartbeat_ms = 3'600'000;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  wire reader(gateway.port());
  alice.open(reader, "?carrier=event_stream&heartbeat=1");
  CHECK(reader.read_until("\n:\n\n").ends_with("\n:\n\n"));
  wire socket(gateway.port());
  socket.send("GET /chat/v1/sessions/" + alice.id() + "/events?heartbeat=1000" +
              " HTTP/1.1\r\nHost: chat.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK(socket.read_until(std::string("\x89\0", 2)).ends_with(std::string("\x89\0", 2)));
}

TEST_CASE("a stream that has carried enough ends, and the next goes on", "[http]") {
  const auto [query, again] = GENERATE(table<std::string, std::string>({
      {"&carrier=xhr_stream", "\n= \n"},
      {"&carrier=forever_frame" + page, ">h(\"= \")</script>\n"},
  }));
  CAPTURE(query);
  echo_options options;
  options.sessions.stream_bytes = 20'000;
  echo_gateway gateway(options);
  visit alice(gateway.port());
  wire reader(gateway.port());
  alice.open(reader, "?since=0" + query);
  reader.read_until(R"("ev":"online")");
  alice.command(R"({"do":"list","filter":"30"})");  // 30 KB
  const std::string first = reader.read_all();
  CHECK(first.ends_with(again));
  CHECK(first.find(std::string(1000, 'x')) != std::string::npos);
  CHECK(gateway.on_shard(0, [](http_server& http, session_table&) {
    return http.carrier_counters().recycled.value();
  }) == 1);
  wire next(gateway.port());
  alice.open(next, "?since=32" + query);
  CHECK(next.read_until("\"resumed\":true").ends_with("\"resumed\":true"));
}

TEST_CASE("a stream says why its session ended", "[http]") {
  echo_gateway gateway;
  visit alice(gateway.port());
  wire reader(gateway.port());
  alice.open(reader, "?since=0&carrier=xhr_stream");
  reader.read_until(R"("ev":"online")");
  gateway.on_shard(0, [](http_server&, session_table& sessions) {
    sessions.close_all({failure_code::lost, "The chat service is restarting.", ""});
  });
  const std::string last = reader.read_all();
  CHECK(last.find(R"(2 {"ev":"closing",)") != std::string::npos);
}

TEST_CASE("only the page that is named may have a frame", "[http]") {
  echo_options options;
  options.http.origins = {"https://*.example.org"};
  options.http.allow_missing_origin = GENERATE(true, false);
  echo_gateway gateway(options);
  visit alice(gateway.port(), "Origin: https://www.example.org\r\n");
  const std::string cross = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: iframe\r\n";
  const auto ask = [&](const std::string& origin, const std::string& fields) {
    wire reader(gateway.port());
    return alice.open(reader, "?carrier=forever_frame&origin=" + origin, fields);
  };
  CHECK(ask("https%3A%2F%2Fwww.example.org", cross).status == 200);
  CHECK(ask("http%3A%2F%2Fchat.test", cross).status == 200);
  for (const std::string wrong :
       {"https%3A%2F%2Fevil.test", "null", "*", "https%3A%2F%2Fa%3Bscript-src.example.org",
        "https%3A%2F%2Fa%0D%0AX%3A1.example.org", "https%3A%2F%2Fa%20'self'.example.org",
        "https%3A%2F%2Fwww.example.org%2F"}) {
    CAPTURE(wrong);
    const http_answer answer = ask(wrong, cross);
    CHECK(answer.status == 403);
    CHECK(json::parse(answer.body)["error"]["field"] == "origin");
  }
  // An Origin field that is wrong is not made right by the parameter.
  CHECK(ask("https%3A%2F%2Fwww.example.org", "Origin: https://evil.test\r\n").status == 403);
  // The parameter opens nothing but frames.
  wire other(gateway.port());
  CHECK(other.get("/chat/v1/networks?carrier=forever_frame&origin=https%3A%2F%2Fwww.example.org",
                  cross).status == 403);
}
