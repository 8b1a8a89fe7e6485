// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/websocket_frames.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <vector>

using namespace halley;

namespace {

constexpr std::size_t limit = 65536;

// A frame as a client sends it: masked with `key`.
std::string client_frame(unsigned first_byte, std::string_view payload,
                         std::array<unsigned char, 4> key = {0x37, 0xfa, 0x21, 0x3d}) {
  std::string out(1, static_cast<char>(first_byte));
  if (payload.size() <= 125) {
    out += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() <= 0xFFFF) {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xFF);
  } else {
    out += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      out += static_cast<char>(payload.size() >> shift & 0xFF);
  }
  for (const unsigned char byte : key) out += static_cast<char>(byte);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ key[i % 4]);
  return out;
}

struct heard {
  std::vector<std::pair<ws_opcode, std::string>> messages;
  ws_close wrong = ws_close::none;
  bool holds_memory = false;
};

// Feeds `bytes` in pieces of `step`.
heard read_all(std::string bytes, std::size_t step = SIZE_MAX, std::size_t most = limit) {
  ws_reader reader;
  heard out;
  std::span<char> rest(bytes);
  while (!rest.empty() && out.wrong == ws_close::none) {
    const std::size_t size = std::min(step, rest.size());
    out.wrong = reader.feed(rest.first(size), most, [&](const ws_message& one) {
      out.messages.emplace_back(one.opcode, std::string(one.payload.begin(), one.payload.end()));
      return true;
    });
    rest = rest.subspan(size);
  }
  out.holds_memory = reader.holds_memory();
  return out;
}

using messages = std::vector<std::pair<ws_opcode, std::string>>;

}  // namespace

TEST_CASE("the examples of RFC 6455, 5.7 are read", "[websocket_frames]") {
  // A single-frame masked text message
  CHECK(read_all("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58").messages ==
        messages{{ws_opcode::text, "Hello"}});
  // Fragmented "Hel" "lo", a ping between them
  const std::string parts =
      client_frame(0x01, "Hel") + client_frame(0x89, "Hello") + client_frame(0x80, "lo");
  CHECK(read_all(parts).messages ==
        messages{{ws_opcode::ping, "Hello"}, {ws_opcode::text, "Hello"}});
  const std::string binary(256, '\xfe');
  CHECK(read_all(client_frame(0x82, binary)).messages == messages{{ws_opcode::binary, binary}});
  const std::string large(65536, 'x');
  CHECK(read_all(client_frame(0x82, large)).messages == messages{{ws_opcode::binary, large}});
}

TEST_CASE("what a server sends looks as in RFC 6455, 5.7", "[websocket_frames]") {
  std::string out;
  append_frame(out, ws_opcode::text, "Hello");
  CHECK(out == "\x81\x05\x48\x65\x6c\x6c\x6f");
  out.clear();
  append_frame(out, ws_opcode::pong, "Hello");
  CHECK(out == "\x8a\x05\x48\x65\x6c\x6c\x6f");
  out.clear();
  append_frame(out, ws_opcode::binary, std::string(256, 'b'));
  CHECK(out == std::string("\x82\x7E\x01\x00", 4) + std::string(256, 'b'));
  out.clear();
  append_frame(out, ws_opcode::binary, std::string(65536, 'b'));
  CHECK(out ==
        std::string("\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10) + std::string(65536, 'b'));
  out.clear();
  append_close(out, ws_close::too_big, "large");
  CHECK(out == std::string("\x88\x07\x03\xf1large", 9));
  out.clear();
  append_close(out, ws_close::no_status, "");
  CHECK(out == std::string("\x88\x00", 2));
  out.clear();
  append_close(out, ws_close::policy, std::string(122, 'x') + "\xc3\xa9");
  CHECK(out.size() == 2 + 2 + 122);  // cut before the half character
}

TEST_CASE("frames arrive in pieces of any size", "[websocket_frames]") {
  std::string stream;
  messages expected;
  for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 125u, 126u, 127u, 4000u, 65536u}) {
    stream += client_frame(0x81, std::string(size, 'a'));
    expected.emplace_back(ws_opcode::text, std::string(size, 'a'));
  }
  stream += client_frame(0x01, "one ") + client_frame(0x00, "two ") + client_frame(0x8a, "") +
            client_frame(0x80, "three");
  expected.emplace_back(ws_opcode::pong, "");
  expected.emplace_back(ws_opcode::text, "one two three");
  const std::size_t step = GENERATE(1u, 2u, 3u, 5u, 13u, 1000u, 66000u);
  const heard got = read_all(stream, step);
  CHECK(got.wrong == ws_close::none);
  CHECK(got.messages == expected);
  CHECK_FALSE(got.holds_memory);
}

TEST_CASE("an idle reader owns nothing, a waiting one does", "[websocket_frames]") {
  CHECK_FALSE(read_all(client_frame(0x81, "whole")).holds_memory);
  const std::string frame = client_frame(0x81, "whole");
  CHECK(read_all(frame.substr(0, frame.size() - 1)).holds_memory);
  CHECK(read_all(client_frame(0x01, "to be continued")).holds_memory);
}

TEST_CASE("what the RFC forbids is answered with its code", "[websocket_frames]") {
  struct row {
    const char* what;
    std::string bytes;
    ws_close code;
  };
  const std::string key = "abcd";
  const std::vector<row> table = {
      {"unmasked", std::string("\x81\x05Hello"), ws_close::protocol_error},
      {"reserved bit 1", client_frame(0xC1, "x"), ws_close::protocol_error},
      {"reserved bit 2", client_frame(0xA1, "x"), ws_close::protocol_error},
      {"reserved bit 3", client_frame(0x91, "x"), ws_close::protocol_error},
      {"opcode 3", client_frame(0x83, "x"), ws_close::protocol_error},
      {"opcode 7", client_frame(0x87, "x"), ws_close::protocol_error},
      {"opcode 11", client_frame(0x8B, "x"), ws_close::protocol_error},
      {"opcode 15", client_frame(0x8F, "x"), ws_close::protocol_error},
      {"fragmented ping", client_frame(0x09, "x"), ws_close::protocol_error},
      {"long ping", client_frame(0x89, std::string(126, 'x')), ws_close::protocol_error},
      {"continuation of nothing", client_frame(0x80, "x"), ws_close::protocol_error},
      {"text inside a message", client_frame(0x01, "a") + client_frame(0x81, "b"),
       ws_close::protocol_error},
      {"long form of a short length", std::string("\x81\xFE\x00\x01", 4) + key + "x",
       ws_close::protocol_error},
      {"longest form of a short length",
       std::string("\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF", 10) + key, ws_close::protocol_error},
      {"length with the top bit", std::string("\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x00", 10) + key,
       ws_close::protocol_error},
      {"too large, told by the head alone",
       std::string("\x81\xFF\x00\x00\x00\x00\x7F\xFF\xFF\xFF", 10), ws_close::too_big},
      {"too large in fragments",
       client_frame(0x01, std::string(40000, 'x')) + client_frame(0x00, std::string(40000, 'x')),
       ws_close::too_big},
      {"text that is not UTF-8", client_frame(0x81, "\xC3\x28"), ws_close::bad_payload},
      {"a surrogate", client_frame(0x81, "\xED\xA0\x80"), ws_close::bad_payload},
      {"a character cut by the end", client_frame(0x01, "\xC3") + client_frame(0x80, ""),
       ws_close::bad_payload},
  };
  for (const row& one : table) {
    INFO(one.what);
    CHECK(read_all(one.bytes).wrong == one.code);
    CHECK(read_all(one.bytes, 1).wrong == one.code);
  }
  // A character may be split between two fragments.
  CHECK(read_all(client_frame(0x01, "\xC3") + client_frame(0x80, "\xA9")).messages ==
        messages{{ws_opcode::text, "\xC3\xA9"}});
}

TEST_CASE("close codes are read as RFC 6455, 7.4 allows them", "[websocket_frames]") {
  const auto payload = [](unsigned code, std::string_view reason) {
    return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)} +
           std::string(reason);
  };
  CHECK(read_close_code("") == ws_close::no_status);
  CHECK(read_close_code("x") == ws_close::protocol_error);
  CHECK(read_close_code(payload(1000, "bye")) == ws_close::normal);
  CHECK(read_close_code(payload(1000, "\xFF")) == ws_close::bad_payload);
  for (const unsigned good : {1001u, 1002u, 1003u, 1007u, 1011u, 1013u, 3000u, 4999u})
    CHECK(static_cast<unsigned>(read_close_code(payload(good, ""))) == good);
  for (const unsigned bad : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 2999u, 5000u, 65535u})
    CHECK(read_close_code(payload(bad, "")) == ws_close::protocol_error);
}

TEST_CASE("a taker that has enough stops the reader", "[websocket_frames]") {
  std::string bytes = client_frame(0x81, "one") + client_frame(0x81, "two");
  ws_reader reader;
  int count = 0;
  CHECK(reader.feed(bytes, limit, [&](const ws_message&) { return ++count, false; }) ==
        ws_close::none);
  CHECK(count == 1);
}
