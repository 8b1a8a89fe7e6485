// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/browser_socket.hpp"

#include <utility>

namespace halley {
namespace {

// What may wait of what the peer itself has asked for.
constexpr std::size_t most_replies = 128 * 1024;
constexpr steady_ms finish_time = 5000;  // for last words and the close handshake
constexpr int most_silent = 2;           // heartbeats without an answer
// A browser that sends without end lets the others of the shard have their turn after this many.
constexpr int reads_at_once = 16;

}  // namespace

browser_socket::browser_socket(const socket_home& home, byte_stream stream, steady_ms heartbeat)
    : home_(home),
      stream_(std::move(stream)),
      timer_(on_expiry<&browser_socket::on_timer>, this),
      heartbeat_ms_(static_cast<std::uint32_t>(heartbeat)) {}

browser_socket::~browser_socket() { let_go(); }

void browser_socket::begin() {
  loop().watch(stream_.fd(), *this);
  wait_until(loop().now() + heartbeat_ms_);
}

// --- ending ---------------------------------------------------------------------------------------

void browser_socket::let_go() {
  timer_.cancel();
  if (stream_.is_open()) loop().forget(stream_.fd(), *this);
}

void browser_socket::drop() {
  if (!stream_.is_open()) return;
  on_over();  // the socket still knows what has arrived
  let_go();
  stream_.close();
  home_.open.retire(*this);
}

browser_socket::handed_out browser_socket::hand_out() {
  let_go();
  home_.open.retire(*this);
  return {std::move(stream_), unsent_ ? std::move(*unsent_) : std::string()};
}

void browser_socket::finish(bool linger) {
  if (finishing_ || !stream_.is_open()) return;
  finishing_ = true;
  lingering_ = linger;
  on_over();
  read(true);  // to the peer's end
  if (!unsent_) {
    if (!linger) return drop();
    // The peer reads our last words to their end; closing at once might reset them away.
    stream_.end_writing();
  }
  wait_until(loop().now() + finish_time);
}

// --- writing --------------------------------------------------------------------------------------

bool browser_socket::write(std::string_view bytes) {
  if (!stream_.is_open()) return false;
  if (unsent_) {
    unsent_->append(bytes);
    return true;
  }
  const io_state how = stream_.write_all(bytes);
  if (how == io_state::ok) return true;
  unsent_ = std::make_unique<std::string>(bytes);  // of a lost socket, too: it has not arrived
  if (how == io_state::would_block) return true;
  drop();
  return false;
}

bool browser_socket::reply(std::string_view bytes) {
  if (unsent() == 0 || unsent() + bytes.size() <= most_replies) return write(bytes);
  drop();
  return false;
}

void browser_socket::write_unsent() {
  silent_ = 0;  // the socket has room again: the peer has read
  std::string_view rest = *unsent_;
  const io_state how = stream_.write_all(rest);
  if (how == io_state::would_block) {
    unsent_->erase(0, unsent_->size() - rest.size());
    return;
  }
  if (how != io_state::ok) return drop();
  unsent_.reset();
  if (!finishing_) return on_room();
  if (!lingering_) return drop();
  stream_.end_writing();
}

// --- reading --------------------------------------------------------------------------------------

void browser_socket::on_ready(readiness what) {
  if (unsent_ && (what.writable || stream_.is_tls())) write_unsent();
  if (stream_.is_open() && (what.readable || stream_.is_tls())) read_all(what.hang_up);
}

// The edge of a peer that has gone comes once: then everything is read, to the very end.
void browser_socket::read_all(bool to_the_end) {
  const std::span<char> buffer = loop().read_buffer();
  for (int i = 0; i < reads_at_once; ++i) {
    if (unwanted_) {
      unread_ = true;
      return;
    }
    const io_result done = stream_.read(buffer);
    if (done.state == io_state::would_block) return;
    if (done.state != io_state::ok) return drop();
    silent_ = 0;
    on_bytes(buffer.first(done.size));
    if (!stream_.is_open()) return;
    if (done.emptied && !to_the_end) return;
  }
  loop().ask_again(stream_.fd(), *this);
}

void browser_socket::read(bool wanted) {
  unwanted_ = !wanted;
  if (!wanted || !stream_.is_open() || !unread_) return;
  unread_ = false;
  loop().ask_again(stream_.fd(), *this);  // not from inside the caller
}

// --- time -----------------------------------------------------------------------------------------

void browser_socket::on_timer() {
  if (finishing_) return drop();
  on_time();
}

void browser_socket::on_time() {
  if (!seems_silent()) {
    silent_ = 0;
  } else if (++silent_ > most_silent) {
    ++home_.dead_peers;
    return drop();
  }
  wait_until(loop().now() + heartbeat_ms_);
  on_heartbeat();
  if (!is_open() || finishing_ || unsent_) return;
  std::string out;
  append_heartbeat(out);
  write(out);
}

}  // namespace halley
