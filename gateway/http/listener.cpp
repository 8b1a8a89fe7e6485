// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "gateway/base/log.hpp"
#include "gateway/http/client_address.hpp"

namespace halley {
namespace {

// Five thousand browsers that come back at once after a restart fit.
constexpr int backlog = 4096;

std::string name_of(const http_settings::listen_address& where) {
  if (where.host.starts_with("unix:")) return where.host;
  const bool v6 = where.host.find(':') != std::string::npos;
  return (v6 ? '[' + where.host + ']' : where.host) + ':' + std::to_string(where.port);
}

[[noreturn]] void refuse(const http_settings::listen_address& where, const std::string& why) {
  throw std::runtime_error("http.listen: " + name_of(where) + ": " + why);
}

[[noreturn]] void refuse_bind(const http_settings::listen_address& where, int error) {
  if (error == EADDRINUSE)
    refuse(where, "something else listens there; stop it or choose another port");
  if (error == EACCES) refuse(where, "not allowed; ports below 1024 need CAP_NET_BIND_SERVICE");
  if (error == EADDRNOTAVAIL) refuse(where, "this machine has no such address");
  refuse(where, std::strerror(error));
}

// Two of the writes a carrier makes: enough to keep a fast line busy.
constexpr int most_unsent = 128 * 1024;

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

listener::listener(reactor& loop, const http_settings::listen_address& where, target& to)
    : loop_(loop), address_(where), target_(to), retry_(on_expiry<&listener::accept_all>, this) {
  if (where.host.starts_with("unix:"))
    open_unix(where.host.substr(5));
  else
    open_tcp();
  if (::listen(socket_.fd(), backlog) != 0) refuse_bind(address_, errno);
  loop_.watch(socket_.fd(), *this);
}

listener::~listener() {
  loop_.forget(socket_.fd(), *this);
  if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
}

void listener::open_unix(const std::string& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof at.sun_path)
    refuse(address_, "the path must have 1 to 107 characters");
  std::memcpy(at.sun_path, path.c_str(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) refuse(address_, std::strerror(errno));
  socket_ = byte_stream(fd);
  const auto* address = reinterpret_cast<const sockaddr*>(&at);
  // A socket nobody listens on is what a gateway that was killed left behind.
  struct stat found {};
  if (::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) {
    const byte_stream probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(probe.fd(), address, sizeof at) != 0 && errno == ECONNREFUSED)
      ::unlink(path.c_str());
  }
  if (::bind(fd, address, sizeof at) != 0) refuse_bind(address_, errno);
  unix_path_ = path;
}

void listener::open_tcp() {
  const auto parsed = ip_address::parse(address_.host);
  if (!parsed)
    refuse(address_, "the host must be an address of this machine, such as 0.0.0.0 or ::");
  // "::" alone takes both families, as everybody expects of it.
  const bool v4 = parsed->is_v4();
  const int fd = ::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) refuse(address_, std::strerror(errno));
  socket_ = byte_stream(fd);
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  // Inherited by what is accepted: one system call here instead of one for each connection.
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  // What has not left the machine waits in the log, where it is shared and counted, and not in up to
  // 4 MiB of kernel memory for each reader that stands still.
  set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, most_unsent);
  sockaddr_storage at{};
  socklen_t size = 0;
  if (v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address_.port);
    std::memcpy(&in.sin_addr, parsed->bytes().data() + 12, 4);
    std::memcpy(&at, &in, size = sizeof in);
  } else {
    set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(address_.port);
    std::memcpy(&in.sin6_addr, parsed->bytes().data(), 16);
    std::memcpy(&at, &in, size = sizeof in);
  }
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&at), size) != 0) refuse_bind(address_, errno);
  size = sizeof at;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  sockaddr_in6 bound{};  // the port stands at the same place in both families
  std::memcpy(&bound, &at, std::min<std::size_t>(size, sizeof bound));
  address_.port = ntohs(bound.sin6_port);
}

void listener::on_ready(readiness what) {
  if (what.readable) accept_all();
}

void listener::accept_all() {
  for (;;) {
    const int fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      target_.on_accepted(byte_stream(fd));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return;
    // EMFILE, ENFILE, ENOMEM: those who are here go on; the others wait in the kernel's queue.
    if (!std::exchange(complained_, true))
      spdlog::warn("http: cannot accept connections just now: {}", std::strerror(errno));
    target_.on_accept_paused();
    retry_.arm(loop_.timers(), loop_.now() + pause);
    return;
  }
}

}  // namespace halley
