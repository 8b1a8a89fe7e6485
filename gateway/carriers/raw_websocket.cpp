// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/raw_websocket.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace halley {
namespace {

// What may wait for a slow browser before its server is slowed down: a socket buffer's worth.
constexpr std::size_t enough_unsent = 64 * 1024;
constexpr steady_ms finish_time = 5000;  // for last words and the close handshake
constexpr int most_silent = 2;           // heartbeats without an answer
// A browser that sends without end lets the others of the shard have their turn after this many.
constexpr int reads_at_once = 16;

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
    : context_(context),
      stream_(std::move(stream)),
      talk_(&with),
      envelope_(envelope),
      timer_(on_expiry<&raw_websocket::on_timer>, this),
      binary_(binary) {}

raw_websocket::~raw_websocket() {
  let_go();
  lose_talk(false);
}

void raw_websocket::begin() {
  context_.raw.loop.watch(stream_.fd(), *this);
  timer_.arm(context_.raw.loop.timers(),
             context_.raw.loop.now() + context_.raw.limits.heartbeat_ms);
}

void raw_websocket::open(std::string_view preface, std::span<char> early) {
  begin();
  write(preface);
  if (envelope_ != nullptr) say(ws_opcode::text, envelope_->opening());
  if (talk_ != nullptr) talk_->begin(*this);
  if (!early.empty()) feed(early);
}

void raw_websocket::arrive(moving_leg& from, std::string_view token, std::string_view detail) {
  begin();
  if (!from.unsent.empty()) write(from.unsent);
  if (talk_ != nullptr) talk_->resume(*this, token, detail);
  if (!from.unread.empty()) feed(from.unread);
}

// --- ending ---------------------------------------------------------------------------------------

void raw_websocket::lose_talk(bool wanted) {
  if (raw_talk* const had = talk_) {
    had->on_leg_gone(wanted);
    talk_ = nullptr;
  }
}

void raw_websocket::let_go() {
  timer_.cancel();
  if (looking_) *looking_ = false;
  if (!stream_.is_open()) return;
  context_.raw.loop.forget(stream_.fd(), *this);
}

// Whoever calls may be in the middle of something: this lives until the roster destroys it at the
// end of the batch.
void raw_websocket::drop() {
  if (!stream_.is_open()) return;
  let_go();
  lose_talk(false);  // before the socket is closed, which knows what has arrived
  stream_.close();
  context_.open.retire(*this);
}

void raw_websocket::end(farewell how, std::string_view text) {
  talk_ = nullptr;
  if (envelope_ != nullptr && !finishing_) say(ws_opcode::text, envelope_->farewell_frame(how, text));
  close(code_for(how), text);
}

// RFC 6455, 7.1.1: the server ends its side first and waits a while for the client's.
void raw_websocket::close(ws_close code, std::string_view reason) {
  if (finishing_ || !stream_.is_open()) return;
  finishing_ = true;
  lose_talk(true);
  std::string out;
  append_close(out, code, reason);
  if (gathered_ != nullptr) {
    gathered_->append(out);  // behind the frames of this wake-up; flush() writes them
  } else {
    write(out);
  }
  if (!stream_.is_open()) return;
  if (gathered_ == nullptr && !unsent_) stream_.end_writing();
  timer_.arm(context_.raw.loop.timers(), context_.raw.loop.now() + finish_time);
}

// --- to the browser -------------------------------------------------------------------------------

std::uint64_t raw_websocket::deliver(std::string_view frame) {
  if (finishing_ || !stream_.is_open()) return UINT64_MAX;  // it cannot arrive any more
  if (envelope_ != nullptr) {
    std::string wrapped;
    envelope_->wrap(wrapped, frame);
    say(ws_opcode::text, wrapped);
  } else {
    say(binary_ ? ws_opcode::binary : ws_opcode::text, frame);
  }
  return given_;
}

void raw_websocket::say(ws_opcode opcode, std::string_view payload) {
  std::string alone;
  std::string& out = gathered_ != nullptr ? *gathered_ : alone;
  const std::size_t before = out.size();
  append_frame(out, opcode, payload);
  given_ += out.size() - before;
  if (gathered_ == nullptr) write(alone);
}

void raw_websocket::gather() {
  gathered_ = &context_.raw.loop.write_buffer();
  gathered_->clear();
}

void raw_websocket::flush() {
  const std::string* const all = std::exchange(gathered_, nullptr);
  if (all == nullptr || !stream_.is_open()) return;
  if (!all->empty()) write(*all);
  if (finishing_ && stream_.is_open() && !unsent_) stream_.end_writing();
}

void raw_websocket::write(std::string_view bytes) {
  if (unsent_) {
    unsent_->append(bytes);
  } else if (const io_state how = stream_.write_all(bytes); how != io_state::ok) {
    unsent_ = std::make_unique<std::string>(bytes);  // of a lost leg, too: arrived() must know
    if (how != io_state::would_block) return drop();
  }
  if (unsent_ && unsent_->size() >= enough_unsent && talk_ != nullptr) talk_->on_leg_full();
}

void raw_websocket::write_unsent() {
  const auto bytes = std::move(unsent_);
  silent_ = 0;  // the socket has room again: the browser has read
  write(*bytes);
  if (!stream_.is_open() || unsent_) return;
  if (finishing_) return stream_.end_writing();
  if (talk_ != nullptr) talk_->on_leg_room();
}

// What the peer's kernel has acknowledged; behind a proxy that is the proxy's, and only the answer to
// a ping says more. Under TLS the bytes on the way are counted with their records' frames: rather
// told again than lost.
std::uint64_t raw_websocket::arrived() const {
  if (tag() == 0) return answered_;
  const std::uint64_t on_the_way = stream_.unacknowledged() + (unsent_ ? unsent_->size() : 0) +
                                   (gathered_ != nullptr ? gathered_->size() : 0);
  return std::max(answered_, given_ - std::min(given_, on_the_way));
}

// --- from the browser -----------------------------------------------------------------------------

void raw_websocket::on_ready(readiness what) {
  if (unsent_ && (what.writable || stream_.is_tls())) write_unsent();
  if (stream_.is_open() && (what.readable || stream_.is_tls())) read_all(what.hang_up);
}

void raw_websocket::read_all(bool hang_up) {
  const std::span<char> buffer = context_.raw.loop.read_buffer();
  for (int i = 0; i < reads_at_once; ++i) {
    if (held_back_ || looking_) {
      unread_ = true;
      return;
    }
    const io_result done = stream_.read(buffer);
    if (done.state == io_state::would_block) return;
    if (done.state != io_state::ok) return drop();
    silent_ = 0;
    feed(buffer.first(done.size));
    if (!stream_.is_open()) return;
    // Edge-triggered: what comes after a short read makes a new event; TLS may hold more itself.
    if (!stream_.is_tls() && done.size < buffer.size() && !hang_up) return;
  }
  read_again();
}

void raw_websocket::read_again() { context_.raw.loop.ask_again(stream_.fd(), *this); }

void raw_websocket::hold_back(bool held) {
  held_back_ = held;
  if (!held && std::exchange(unread_, false) && stream_.is_open()) read_again();
}

void raw_websocket::feed(std::span<char> bytes) {
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
  if (finishing_) return true;
  if (message.opcode == ws_opcode::pong) {
    on_pong(payload);
  } else if (message.opcode == ws_opcode::ping) {
    say(ws_opcode::pong, payload);
  } else {
    on_text(payload);
  }
  return stream_.is_open() && !looking_;
}

void raw_websocket::on_text(std::string_view payload) {
  if (envelope_ == nullptr) return talk_->on_frame(payload);
  // While it looks elsewhere the rest of an envelope has nobody to go to; its client sends one
  // message in each.
  const bool whole = envelope_->unwrap(payload, [this](std::string_view one) {
    talk_->on_frame(one);
    return stream_.is_open() && talk_ != nullptr && !looking_;
  });
  if (!whole) close(ws_close::unsupported, "Broken framing");
}

// RFC 6455, 5.5.1: answered with the same code, then the connection ends. 1001 is a page that is
// left or loaded again: it may be back.
void raw_websocket::on_close_frame(std::string_view payload) {
  if (finishing_) return drop();  // the answer to ours
  const ws_close code = read_close_code(payload);
  lose_talk(code == ws_close::normal || code == ws_close::no_status);
  std::string out;
  append_close(out, code, {});
  write(out);
  drop();
}

void raw_websocket::on_pong(std::string_view payload) {
  std::uint64_t said = 0;
  const auto [end, ec] = std::from_chars(payload.data(), payload.data() + payload.size(), said);
  if (ec == std::errc() && said <= given_) answered_ = std::max(answered_, said);
}

void raw_websocket::on_timer() {
  if (finishing_) return drop();
  if (++silent_ > most_silent) {
    ++context_.raw.counts.dead_peers;
    return drop();
  }
  timer_.arm(context_.raw.loop.timers(),
             context_.raw.loop.now() + context_.raw.limits.heartbeat_ms);
  if (talk_ != nullptr) talk_->on_heartbeat();
  if (!stream_.is_open() || finishing_ || unsent_) return;
  say(ws_opcode::ping, std::to_string(given_));
}

// --- moving ---------------------------------------------------------------------------------------

bool raw_websocket::look_elsewhere(std::string_view token, std::string_view detail) {
  auto wanted = std::make_shared<bool>(true);
  const auto answer = [this, wanted, key = std::string(token),
                       more = std::string(detail)](bool waits) {
    if (*wanted) on_elsewhere(waits, key, more);
  };
  if (!context_.neighbours.ask(token, !binary_, answer)) return false;
  looking_ = std::move(wanted);
  return true;
}

void raw_websocket::on_elsewhere(bool waits, const std::string& token, const std::string& detail) {
  looking_.reset();
  if (!waits) {
    talk_->on_nothing_elsewhere();
    if (looking_) return;  // on yet another shard; what has come meanwhile waits on
    std::string unheard = reader_.take_rest();
    if (stream_.is_open() && !unheard.empty()) feed(unheard);
    if (stream_.is_open() && !looking_ && std::exchange(unread_, false)) read_again();
    return;
  }
  let_go();
  lose_talk(true);
  context_.neighbours.send(token, detail,
                           {std::move(stream_), reader_.take_rest(),
                            unsent_ ? std::move(*unsent_) : std::string(), tag(), binary_,
                            envelope_});
  context_.open.retire(*this);
}

}  // namespace halley
