// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/text_carrier.hpp"

#include <utility>

namespace halley {
text_carrier::text_carrier(const carrier_context& context, byte_stream stream, carrier_kind kind)
    : browser_socket(context, std::move(stream), context.limits.heartbeat_ms) {
  context.counts.count(kind);
}

void text_carrier::open(std::string_view preface, std::span<char> early) {
  begin();
  if (write(preface) && !early.empty()) on_bytes(early);
}

void text_carrier::send_text(std::string_view text) {
  if (!is_open()) return;
  std::string out;
  append_text(out, text);
  reply(out);
}

void text_carrier::on_room() {
  if (user_) user_->on_free();
}

// --- WebSocket ------------------------------------------------------------------------------------

text_socket::text_socket(const carrier_context& context, byte_stream stream)
    : text_carrier(context, std::move(stream), carrier_kind::websocket) {}

void text_socket::append_text(std::string& out, std::string_view text) const {
  append_frame(out, ws_opcode::text, text);
}

void text_socket::append_heartbeat(std::string& out) {
  append_frame(out, ws_opcode::ping, {});
}

void text_socket::close(ws_close code, std::string_view reason) {
  if (!is_open()) return;
  std::string out;
  append_close(out, code, reason);
  if (reply(out)) finish(true);
}

void text_socket::on_bytes(std::span<char> bytes) {
  bool stopped = false;
  const ws_close wrong = reader_.feed(bytes, context().text_limit, [&](const ws_message& one) {
    const bool more = on_message(one);
    stopped = !more && is_open();
    return more;
  });
  if (wrong != ws_close::none) close(wrong, {});
  if (stopped && current_user() != nullptr) current_user()->on_stopped();
}

bool text_socket::on_message(const ws_message& message) {
  const std::string_view payload(message.payload.data(), message.payload.size());
  if (message.opcode == ws_opcode::close) {
    // RFC 6455, 5.5.1: answered with the same code, then the connection ends.
    if (is_finishing()) return drop(), false;
    std::string out;
    append_close(out, read_close_code(payload), {});
    if (reply(out)) finish(false);
    return false;
  }
  if (is_finishing() || message.opcode == ws_opcode::pong) return true;
  if (message.opcode == ws_opcode::ping) {
    std::string out;
    append_frame(out, ws_opcode::pong, payload);
    return reply(out);
  }
  if (message.opcode == ws_opcode::binary) return close(ws_close::unsupported, "Text only"), false;
  return current_user()->on_text(payload) && is_open();
}

// --- Server-Sent Events ---------------------------------------------------------------------------

text_event_stream::text_event_stream(const carrier_context& context, byte_stream stream)
    : text_carrier(context, std::move(stream), carrier_kind::event_stream) {}

void text_event_stream::append_text(std::string& out, std::string_view text) const {
  out += "data: ";
  out += text;
  out += "\n\n";
}

void text_event_stream::append_heartbeat(std::string& out) {
  out += ":\n\n";
}

}  // namespace halley
