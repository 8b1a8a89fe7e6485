// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/websocket.hpp"

#include <utility>

namespace halley {
namespace {

// A client that goes on sending what nobody understands is broken or hostile.
constexpr int most_senseless = 20;

}  // namespace

struct websocket_carrier::entrance {
  reception& desk;
  visitor from;
};

websocket_carrier::websocket_carrier(const carrier_context& context, byte_stream stream)
    : stream_carrier(context, std::move(stream)) {
  context.counts.count(carrier_kind::websocket);
}

websocket_carrier::~websocket_carrier() = default;

void websocket_carrier::open(std::string_view preface, session& of,
                             const session::start_point& start, std::span<char> early) {
  begin();
  join(preface, of, start);
  if (is_open() && !early.empty()) on_bytes(early);
}

void websocket_carrier::open_at(std::string_view preface, reception& desk, visitor from,
                                std::span<char> early) {
  entrance_ = std::make_unique<entrance>(entrance{desk, std::move(from)});
  begin();
  wait_until(loop().now() + enter_within);
  write(preface);
  if (is_open() && !early.empty()) on_bytes(early);
}

// --- to the browser -----------------------------------------------------------------------------

void websocket_carrier::append_hello(std::string& out, std::string_view hello) const {
  append_frame(out, ws_opcode::text, hello);
}

void websocket_carrier::append_event(std::string& out, std::uint64_t, std::string_view text) const {
  append_frame(out, ws_opcode::text, text);
}

void websocket_carrier::append_heartbeat(std::string& out) {
  append_frame(out, ws_opcode::ping, {});
}

void websocket_carrier::append_end(std::string& out, const failure* why) {
  if (why == nullptr) return append_close(out, ws_close::normal, {});
  append_frame(out, ws_opcode::text, context().speech.print_failure(*why));
  append_close(out, ws_close::policy, why->text);
}

void websocket_carrier::append_fell_behind(std::string& out) {
  append_close(out, ws_close::try_again, "Too slow: come back and resume");
}

void websocket_carrier::complain(const failure& why) {
  std::string out;
  append_frame(out, ws_opcode::text, context().speech.print_failure(why));
  if (reply(out) && ++senseless_ >= most_senseless)
    close(ws_close::policy, "Nothing of this could be used");
}

// RFC 6455, 7.1.1: the server ends its side first and waits a while for the client's.
void websocket_carrier::close(ws_close code, std::string_view reason) {
  if (is_finishing() || !is_open()) return;
  std::string out;
  append_close(out, code, reason);
  if (reply(out)) finish(true);
}

void websocket_carrier::on_time() {
  if (!entrance_) return browser_socket::on_time();
  close(ws_close::policy, "Nobody entered in time");
}

// --- from the browser ---------------------------------------------------------------------------

void websocket_carrier::on_bytes(std::span<char> bytes) {
  const ws_close wrong = reader_.feed(bytes, context().text_limit,
                                      [this](const ws_message& one) { return on_message(one); });
  if (wrong != ws_close::none) close(wrong, {});
}

// False stops reading: the socket is gone, or all has been said.
bool websocket_carrier::on_message(const ws_message& message) {
  const std::string_view payload(message.payload.data(), message.payload.size());
  if (message.opcode == ws_opcode::close) {
    on_close_frame(payload);
    return false;
  }
  if (is_finishing() || message.opcode == ws_opcode::pong) return true;
  if (message.opcode == ws_opcode::ping) {
    std::string out;
    append_frame(out, ws_opcode::pong, payload);
    reply(out);
  } else if (message.opcode == ws_opcode::binary) {
    close(ws_close::unsupported, "Text only");
  } else {
    on_text(payload);
  }
  return is_open();
}

// RFC 6455, 5.5.1: answered with the same code, then the connection ends.
void websocket_carrier::on_close_frame(std::string_view payload) {
  if (is_finishing()) return drop();  // the answer to ours
  std::string out;
  append_close(out, read_close_code(payload), {});
  if (reply(out)) finish(false);
}

void websocket_carrier::on_text(std::string_view text) {
  if (entrance_) return enter(text);
  session* const of = current_session();
  auto asked = context().speech.decode(text);
  if (!asked) return complain(asked.error());
  senseless_ = 0;
  // Nobody can have what has not left yet.
  if (asked->acknowledged && *asked->acknowledged > reached()) asked->acknowledged = reached();
  submit_all(*of, reader, std::move(*asked));
}

void websocket_carrier::enter(std::string_view text) {
  const auto entered = entrance_->desk.enter(text, entrance_->from);
  if (!entered) return complain(entered.error());
  entrance_.reset();
  senseless_ = 0;
  join({}, **entered, {0, false, reader});
}

}  // namespace halley
