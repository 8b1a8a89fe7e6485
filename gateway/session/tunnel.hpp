// SPDX-License-Identifier: GPL-3.0-or-later
//
// The port to a network for the raw dialects, where the browser speaks the network's own protocol:
// bytes to and from one server, unread. A tunnel is to such a dialect what a bridge is to the chat
// dialect; bridges/tunnels.hpp implements it. The server is told the visitor's address first (PROXY
// header, WEBIRC) and nothing else of ours.
//
// One thread: everything here is called on the shard that opened the tunnel.
#pragma once

#include <memory>
#include <string_view>

#include "gateway/chat/failure.hpp"
#include "gateway/chat/network.hpp"

namespace halley {

class tunnel_listener {
 public:
  // Connected (with direct TLS: verified); the visitor's address has been told. Once more, if the server failed
  // at STARTTLS: another one, and what the first was sent is void.
  virtual void on_tunnel_open(bool secure) = 0;
  // What arrived in one read; valid during the call. The tunnel may be left or destroyed from here.
  virtual void on_tunnel_bytes(std::string_view bytes) = 0;
  // TLS asked for by start_tls() is done.
  virtual void on_tunnel_secure() = 0;
  // send() answered false earlier, and what waited has left.
  virtual void on_tunnel_room() = 0;
  // No server of the network could be reached, or the connection is over; nothing follows.
  virtual void on_tunnel_lost(const failure& why) = 0;

 protected:
  ~tunnel_listener() = default;
};

class tunnel {
 public:
  // Once this much waits for the server, send() asks the sender to stop.
  static constexpr std::size_t enough_pending = 32 * 1024;

  // Closes at once; see tunnel_network::leave() for the proper way.
  virtual ~tunnel() = default;
  // Takes the bytes, also before the tunnel is open. False: the server is slower than the sender,
  // who should say nothing more until on_tunnel_room(). One that goes on all the same loses the
  // tunnel.
  virtual bool send(std::string_view bytes) = 0;
  // Backpressure the other way: while not wanted, nothing is read from the server.
  virtual void read(bool wanted) = 0;
  // STARTTLS: the server has agreed. Bytes that came in clear after it are an error.
  virtual void start_tls() = 0;
  // Leaves a server that does not do TLS as it should for another one of the network: on_tunnel_open()
  // follows once more, or on_tunnel_lost(). False: there is none, or TLS is done.
  virtual bool try_other_server() { return false; }
};

// One network on one shard. Owned by the shard; outlives its tunnels.
class tunnel_network {
 public:
  virtual ~tunnel_network() = default;
  // Starts connecting, a few at a time; nothing of the listener is called from here.
  virtual std::unique_ptr<tunnel> open(const visitor& who, tunnel_listener& listener) = 0;
  // Says the last words and closes when the server has, or after a few seconds. Closing at once
  // could reset the connection and the words with it. The listener hears nothing more.
  virtual void leave(std::unique_ptr<tunnel> gone, std::string_view last_words) = 0;
  virtual const network& config() const = 0;
};

}  // namespace halley
