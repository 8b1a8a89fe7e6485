// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TCP relay before a server, for what happens to a connection on its way: cut, or bytes lost in one
// direction before it is cut. One thread; connections may follow each other.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <thread>

namespace halley::test {

class relay {
 public:
  explicit relay(std::uint16_t server) : server_(server) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~relay() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }

  // Ends the connection; the next one is let through, unless closed.
  void cut() { cut_ = true; }
  // What is sent from now on never arrives; both until the connection is cut.
  void lose_to_server() { lose_up_ = true; }
  void lose_to_client() { lose_down_ = true; }
  // No new connection gets through.
  void close_door(bool closed) { closed_ = closed; }
  // How many bytes the client sent that were thrown away.
  std::size_t lost() const { return lost_; }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  void run() {
    while (!stop_) {
      pollfd one{listener_, POLLIN, 0};
      if (::poll(&one, 1, 20) <= 0) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int up = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in address = loopback(server_);
      cut_ = lose_up_ = lose_down_ = false;
      if (!closed_ &&
          ::connect(up, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        while (!stop_ && !cut_ && pump(client, up)) {
        }
      }
      ::close(client);
      ::close(up);
    }
  }
  bool pump(int client, int up) {
    pollfd both[2] = {{client, POLLIN, 0}, {up, POLLIN, 0}};
    if (::poll(both, 2, 5) <= 0) return true;
    return (both[0].revents == 0 || move(client, up, lose_up_)) &&
           (both[1].revents == 0 || move(up, client, lose_down_));
  }
  bool move(int from, int to, bool lose) {
    char buffer[16384];
    const ssize_t got = ::recv(from, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    if (lose) {
      lost_ += static_cast<std::size_t>(got);
      return true;
    }
    return ::send(to, buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
  }

  std::uint16_t server_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cut_{false};
  std::atomic<bool> lose_up_{false};
  std::atomic<bool> lose_down_{false};
  std::atomic<bool> closed_{false};
  std::atomic<std::size_t> lost_{0};
  std::thread thread_;
};

}  // namespace halley::test
