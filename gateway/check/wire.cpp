// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace halley {

std::int64_t ms_since(check_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(check_clock::now() - start).count();
}

std::string name_of(const endpoint& server) {
  if (!server.unix_path.empty()) return "unix:" + server.unix_path;
  if (server.by_srv) return "srv:" + server.host;
  bool six = server.host.find(':') != std::string::npos;
  return (six ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

bool wait_ready(int fd, short what, check_clock::time_point deadline) {
  for (;;) {
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - check_clock::now());
    if (left.count() < 0) return false;
    pollfd one{fd, what, 0};
    int ready = ::poll(&one, 1, static_cast<int>(left.count()) + 1);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

std::string print_address(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text,
                sizeof text);
  } else if (address.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
  }
  return text;
}

wire::wire(wire&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), tls_(std::move(other.tls_)) {}

wire& wire::operator=(wire&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(tls_, other.tls_);
  return *this;
}

wire::~wire() {
  tls_.reset();
  if (fd_ >= 0) ::close(fd_);
}

bool wire::read(std::string& into) {
  // Or a server with Nagle's algorithm waits 40 ms for our acknowledgement, and we measure that.
  int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  char buffer[16384];
  for (;;) {
    if (tls_) {
      int got = SSL_read(tls_.get(), buffer, sizeof buffer);
      if (got > 0) {
        into.append(buffer, static_cast<std::size_t>(got));
        continue;
      }
      int why = SSL_get_error(tls_.get(), got);
      return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    }
    ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got > 0) {
      into.append(buffer, static_cast<std::size_t>(got));
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    return got < 0 && errno == EAGAIN;
  }
}

bool wire::write(std::string_view bytes) {
  const auto deadline = check_clock::now() + std::chrono::seconds(10);
  while (!bytes.empty()) {
    ssize_t sent = 0;
    bool wait = false;
    if (tls_) {
      int put = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
      int why = put > 0 ? SSL_ERROR_NONE : SSL_get_error(tls_.get(), put);
      if (why != SSL_ERROR_NONE && why != SSL_ERROR_WANT_WRITE && why != SSL_ERROR_WANT_READ)
        return false;
      sent = put > 0 ? put : 0;
      wait = put <= 0;
    } else {
      sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
      wait = sent < 0;
    }
    if (wait && !wait_ready(fd_, POLLOUT, deadline)) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string wire::local_address() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  return print_address(address);
}

std::string wire::peer_address() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getpeername(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  return print_address(address);
}

}  // namespace halley
