// SPDX-License-Identifier: GPL-3.0-or-later
//
// A link: the socket under a bridge. Resolves (also SRV records), waits for its turn, connects (TCP or
// Unix socket), sends the PROXY header if asked, does TLS with verification, then moves bytes. Reads
// into the shard's buffer, so an idle link owns none. Knows nothing of what the bytes mean. Owned by
// its bridge; one shard.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bridges/prompt_ack.hpp"
#include "gateway/base/byte_stream.hpp"
#include "gateway/base/reactor.hpp"
#include "gateway/chat/event.hpp"
#include "gateway/chat/network.hpp"

namespace halley {

struct link_home;

struct link_error {
  login_step step = login_step::connect;
  failure why;  // in plain words: "The name irc.example.org was not found."
};

class link_listener {
 public:
  // Connected; with direct TLS the handshake is done.
  virtual void on_link_up() = 0;
  // What arrived in one read; valid during the call. The link may be closed or destroyed from here.
  virtual void on_link_bytes(std::string_view bytes) = 0;
  // All that arrived in this wake-up has been told.
  virtual void on_link_batch_end() {}
  // TLS asked for by start_tls() is done.
  virtual void on_link_secure() {}
  // Everything that had to wait for the socket has been sent.
  virtual void on_link_drained() {}
  // Not connected or not any more; nothing follows. Never called from inside open().
  virtual void on_link_down(const link_error& why) = 0;

 protected:
  ~link_listener() = default;
};

class link final : private watcher {
 public:
  // Both outlive the link.
  link(link_home& home, link_listener& listener);
  ~link();
  link(const link&) = delete;
  link& operator=(const link&) = delete;

  // Connects to one endpoint; by SRV records, to the first of their servers that takes a connection and,
  // with direct TLS, is who it should be.
  // `who` gives the PROXY header its source, where the network wants one.
  void open(const endpoint& where, const visitor& who);
  // Gives up the server it is on, or has just lost (in on_link_down), for the next of the SRV records:
  // on_link_up() follows once more. False: there is none, or what was said is not void (STARTTLS done,
  // or no TLS wanted).
  bool open_next();
  // Takes bytes; they leave at once, or as soon as the socket takes them. False when more than
  // `most_pending` bytes wait: the server does not read; the link is then down (on_link_down is
  // posted).
  bool send(std::string_view bytes);
  // Starts TLS on the open connection (STARTTLS). Bytes received in clear after this call are an
  // error, not data.
  void start_tls();
  // While not wanted, nothing is read: the server is slowed down by its own socket.
  void read(bool wanted);
  // Bytes that wait for the socket to take them.
  std::size_t pending() const { return pending_ ? pending_->size() : 0; }
  bool is_open() const;
  bool is_secure() const;
  // Sends what waits if the socket takes it, then closes. Tells the listener nothing.
  void close();

  // "irc.example.org:6697", for logs.
  const std::string& peer() const { return peer_; }
  static constexpr std::size_t most_pending = 256 * 1024;

 private:
  struct opening;  // what exists only until the server is there
  void on_ready(readiness what) override;
  void find_servers();
  void begin_server();
  void resolve();
  void on_addresses(const std::string& why_none);
  void wait_for_turn();
  void on_turn();
  void connect_next();
  void connect_unix();
  bool may_have_turn() const;
  bool awaits_tls() const;
  void arm_timeout();
  void settle();
  void try_other_server(login_step step, failure why);
  bool begin_connect(int fd, const void* address, unsigned size);
  void on_connected();
  void begin_handshake();
  void continue_handshake();
  void on_timeout();
  void come_up();
  void read_all(bool to_the_end);
  void flush();
  bool drain();
  void lose_peer(const io_result& how);
  void fail(login_step step, failure why);
  void drop_stream();

  enum class state : std::uint8_t { idle, resolving, waiting, connecting, handshaking, up, down };

  link_home& home_;
  link_listener& listener_;
  byte_stream stream_;
  std::unique_ptr<opening> opening_;
  std::unique_ptr<std::string> pending_;  // only while the socket is full
  std::string peer_;
  std::shared_ptr<bool> alive_;
  state state_ = state::idle;
  bool starting_tls_ = false;
  prompt_ack acknowledging_;
  bool unwanted_ = false;  // nobody wants to read now
  bool unread_ = false;    // there was something to read meanwhile
};

}  // namespace halley
