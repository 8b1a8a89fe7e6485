// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/raw_websocket.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace halley {
namespace {

// What may wait for a slow browser before its server is slowed down: a socket buffer's worth.
constexpr std::size_t enough_unsent = 64 * 1024;

ws_close code_for(farewell how) {
  switch (how) {
    case farewell::finished:
      return ws_close::normal;
    case farewell::malformed:
      return ws_close::policy;
    case farewell::too_large:
      return ws_close::too_big;
    case farewell::lost:
      break;
  }
  return ws_close::going_away;
}

}  // namespace

raw_websocket::raw_websocket(const leg_context& context, byte_stream stream, raw_talk& with,
                             bool binary, const leg_envelope* envelope)
    : browser_socket(context, std::move(stream), context.raw.limits.heartbeat_ms),
      talk_(&with),
      envelope_(envelope),
      binary_(binary) {}

raw_websocket::~raw_websocket() { raw_websocket::on_over(); }

void raw_websocket::open(std::string_view preface, std::span<char> early) {
  begin();
  write(preface);
  if (envelope_ != nullptr) say(ws_opcode::text, envelope_->opening());
  if (talk_ != nullptr) talk_->begin(*this);
  if (!early.empty()) on_bytes(early);
}

void raw_websocket::arrive(moving_leg& from, std::string_view token, std::string_view detail) {
  begin();
  pass_on(from.unsent);
  if (talk_ != nullptr) talk_->resume(*this, token, detail);
  if (!from.unread.empty()) on_bytes(from.unread);
}

// --- ending ---------------------------------------------------------------------------------------

void raw_websocket::lose_talk(bool wanted) {
  if (raw_talk* const had = talk_) {
    had->on_leg_gone(wanted);
    talk_ = nullptr;
  }
}

void raw_websocket::on_over() {
  if (looking_) *std::exchange(looking_, nullptr) = false;
  lose_talk(false);
}

void raw_websocket::end(farewell how, std::string_view text) {
  talk_ = nullptr;
  if (envelope_ != nullptr && !is_finishing())
    say(ws_opcode::text, envelope_->farewell_frame(how, text));
  close(code_for(how), text);
}

// RFC 6455, 7.1.1: the server ends its side first and waits a while for the client's.
void raw_websocket::close(ws_close code, std::string_view reason) {
  if (is_finishing() || !is_open()) return;
  lose_talk(true);
  std::string out;
  append_close(out, code, reason);
  flush();  // what is gathered comes before
  write(out);
  finish(true);
}

// --- to the browser -------------------------------------------------------------------------------

std::uint64_t raw_websocket::deliver(std::string_view frame) {
  if (is_finishing() || !is_open()) return UINT64_MAX;  // it cannot arrive any more
  if (envelope_ != nullptr) {
    std::string wrapped;
    envelope_->wrap(wrapped, frame);
    say(ws_opcode::text, wrapped);
  } else {
    say(binary_ ? ws_opcode::binary : ws_opcode::text, frame);
  }
  return given_;
}

void raw_websocket::append(std::string& out, ws_opcode opcode, std::string_view payload) {
  const std::size_t before = out.size();
  append_frame(out, opcode, payload);
  given_ += out.size() - before;
}

void raw_websocket::say(ws_opcode opcode, std::string_view payload) {
  if (gathered_ != nullptr) return append(*gathered_, opcode, payload);
  std::string out;
  append(out, opcode, payload);
  pass_on(out);
}

void raw_websocket::gather() {
  gathered_ = &loop().write_buffer();
  gathered_->clear();
}

void raw_websocket::flush() {
  if (const std::string* const all = std::exchange(gathered_, nullptr)) pass_on(*all);
}

void raw_websocket::pass_on(std::string_view bytes) {
  write(bytes);
  if (unsent() >= enough_unsent && talk_ != nullptr) talk_->on_leg_full();
}

void raw_websocket::on_room() {
  if (talk_ != nullptr) talk_->on_leg_room();
}

// What the peer's kernel has acknowledged; behind a proxy that is the proxy's, and only the answer to
// a ping says more. Under TLS the bytes on the way are counted with their records' frames: rather
// told again than lost.
std::uint64_t raw_websocket::arrived() const {
  if (tag() == 0) return answered_;
  const std::uint64_t on_the_way = stream().unacknowledged() + unsent() +
                                   (gathered_ != nullptr ? gathered_->size() : 0);
  return std::max(answered_, given_ - std::min(given_, on_the_way));
}

// --- from the browser -----------------------------------------------------------------------------

// The server is behind, or it is not known whose frames these are.
void raw_websocket::choose_reading() { read(!held_back_ && !looking_); }

void raw_websocket::hold_back(bool held) {
  held_back_ = held;
  choose_reading();
}

void raw_websocket::on_bytes(std::span<char> bytes) {
  // The answer to a close frame is all that matters in the end.
  std::size_t limit = talk_ != nullptr ? talk_->frame_limit() : 64 * 1024;
  if (envelope_ != nullptr) limit *= 6;  // "\u0001": what escapes can make of a message
  const ws_close wrong = reader_.feed(
      bytes, limit, [this](const ws_message& one) { return on_message(one); });
  if (wrong != ws_close::none) close(wrong, {});
}

// False stops reading: the socket is gone, all has been said, or this leg may move.
bool raw_websocket::on_message(const ws_message& message) {
  const std::string_view payload(message.payload.data(), message.payload.size());
  if (message.opcode == ws_opcode::close) {
    on_close_frame(payload);
    return false;
  }
  if (is_finishing()) return true;
  if (message.opcode == ws_opcode::pong) {
    on_pong(payload);
  } else if (message.opcode == ws_opcode::ping) {
    std::string out;
    append(out, ws_opcode::pong, payload);
    reply(out);
  } else {
    on_text(payload);
  }
  return is_open() && !looking_;
}

void raw_websocket::on_text(std::string_view payload) {
  if (envelope_ == nullptr) return talk_->on_frame(payload);
  // While it looks elsewhere the rest of an envelope has nobody to go to; its client sends one
  // message in each.
  const bool whole = envelope_->unwrap(payload, [this](std::string_view one) {
    talk_->on_frame(one);
    return is_open() && talk_ != nullptr && !looking_;
  });
  if (!whole) close(ws_close::unsupported, "Broken framing");
}

// RFC 6455, 5.5.1: answered with the same code, then the connection ends. 1001 is a page that is
// left or loaded again: it may be back.
void raw_websocket::on_close_frame(std::string_view payload) {
  if (is_finishing()) return drop();  // the answer to ours
  const ws_close code = read_close_code(payload);
  lose_talk(code == ws_close::normal || code == ws_close::no_status);
  std::string out;
  append_close(out, code, {});
  write(out);
  finish(false);
}

void raw_websocket::on_pong(std::string_view payload) {
  std::uint64_t said = 0;
  const auto [end, ec] = std::from_chars(payload.data(), payload.data() + payload.size(), said);
  if (ec == std::errc() && said <= given_) answered_ = std::max(answered_, said);
}

void raw_websocket::on_heartbeat() {
  if (talk_ != nullptr) talk_->on_heartbeat();
}

void raw_websocket::append_heartbeat(std::string& out) {
  append(out, ws_opcode::ping, std::to_string(given_));
}

// --- moving ---------------------------------------------------------------------------------------

bool raw_websocket::look_elsewhere(std::string_view token, std::string_view detail) {
  auto wanted = std::make_shared<bool>(true);
  const auto answer = [this, wanted, key = std::string(token),
                       more = std::string(detail)](bool waits) {
    if (*wanted) on_elsewhere(waits, key, more);
  };
  if (!context().neighbours.ask(token, !binary_, answer)) return false;
  looking_ = std::move(wanted);
  choose_reading();
  return true;
}

void raw_websocket::on_elsewhere(bool waits, const std::string& token, const std::string& detail) {
  looking_.reset();
  if (!waits) {
    talk_->on_nothing_elsewhere();
    if (looking_) return;  // on yet another shard; what has come meanwhile waits on
    std::string unheard = reader_.take_rest();
    if (is_open() && !unheard.empty()) on_bytes(unheard);
    return choose_reading();
  }
  lose_talk(true);
  handed_out self = hand_out();
  context().neighbours.send(token, detail,
                            {std::move(self.stream), reader_.take_rest(), std::move(self.unsent),
                             tag(), binary_, envelope_});
}

}  // namespace halley
