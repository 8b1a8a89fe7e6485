// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection of `halley check`, plain or under TLS, and the ways it can fail to come about,
// each in words an operator can act on. Blocks, with a deadline for each stage.
#pragma once

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/chat/network.hpp"
#include "gateway/check/report.hpp"

namespace halley {

using check_clock = std::chrono::steady_clock;
std::int64_t ms_since(check_clock::time_point start);
// Until poll() says so (POLLIN, POLLOUT); false when the deadline was first.
bool wait_ready(int fd, short what, check_clock::time_point deadline);

// Text of a server for people: printable UTF-8, no control characters, at most 200 bytes.
std::string quoted(std::string_view text);
// "192.0.2.1"; empty for a Unix socket.
std::string print_address(const sockaddr_storage& address);
// "127.0.0.1:6667", "[::1]:6667", "unix:/run/ircd.sock".
std::string name_of(const endpoint& server);

class wire {
 public:
  explicit wire(int fd) : fd_(fd) {}
  wire(wire&& other) noexcept;
  wire& operator=(wire&& other) noexcept;
  ~wire();

  // Handshake and verification. `name` is what the certificate must carry.
  step start_tls(const network& config, const std::string& name);

  // Appends what has arrived; false when the connection is over.
  bool read(std::string& into);
  // Waits until all is written; false when the connection is over.
  bool write(std::string_view bytes);
  bool is_secure() const { return static_cast<bool>(tls_); }
  int fd() const { return fd_; }
  // Our end and theirs: "192.0.2.1"; empty for a Unix socket.
  std::string local_address() const;
  std::string peer_address() const;

 private:
  int fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
};

// `connection` is empty after a failure: the last step says why.
struct dialled {
  std::optional<wire> connection;
  std::vector<step> steps;
};

// Name, TCP (or Unix socket), the PROXY header when the settings ask for one, and TLS when it is
// direct. `visitor` goes into the PROXY header; `tls_name` is what the certificate must carry.
dialled dial(const network& config, const endpoint& server, const std::string& visitor,
             const std::string& tls_name);

}  // namespace halley
