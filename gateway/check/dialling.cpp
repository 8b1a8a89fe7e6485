// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the settings of a server to a connection.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "gateway/base/dns.hpp"
#include "gateway/check/wire.hpp"

namespace halley {
namespace {

using std::chrono::seconds;

std::string connect_words(int error, const std::string& where, unsigned seconds_waited) {
  switch (error) {
    case ECONNREFUSED:
      return where +
             " refuses the connection: nothing listens there. Is the server running, and is "
             "this its port?";
    case ETIMEDOUT:
      return "no answer from " + where + " within " + std::to_string(seconds_waited) +
             " s: a firewall drops the connection, or the machine is down";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "there is no route to " + where + " from this machine";
    case ENOENT:
      return "there is no socket " + where + ": is the server running, and is this its path?";
    case EACCES:
      return "this user may not open " + where + ": give it access to the socket";
    default:
      return where + ": " + std::strerror(error);
  }
}

// 0 or an errno. On success `fd` is connected and non-blocking.
int connect_to(const sockaddr* address, socklen_t size, check_clock::time_point deadline, int& fd) {
  fd = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  int error = 0;
  if (::connect(fd, address, size) != 0) error = errno;
  if (error == EINPROGRESS) {
    if (!wait_ready(fd, POLLOUT, deadline)) {
      error = ETIMEDOUT;
    } else {
      socklen_t length = sizeof error;
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    }
  }
  if (error) {
    ::close(fd);
    fd = -1;
  }
  return error;
}

step connect_unix(const network& config, const endpoint& server, int& fd) {
  const auto start = check_clock::now();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (server.unix_path.size() >= sizeof address.sun_path)
    return {"socket", outcome::failed, "the path " + server.unix_path + " is too long", -1};
  std::memcpy(address.sun_path, server.unix_path.data(), server.unix_path.size());
  int error = connect_to(reinterpret_cast<sockaddr*>(&address), sizeof address,
                         start + seconds(config.connect_timeout_s), fd);
  if (error)
    return {"socket", outcome::failed,
            connect_words(error, server.unix_path, config.connect_timeout_s), ms_since(start)};
  return {"socket", outcome::ok, server.unix_path, ms_since(start)};
}

struct address_list {
  std::vector<sockaddr_storage> all;
  std::vector<socklen_t> sizes;
};

// At the resolver of the settings, where the system's is not asked.
step resolve_there(const network& config, const endpoint& server, address_list& found) {
  const auto start = check_clock::now();
  std::string text;
  const address_answer answer = ask_addresses(server.host, config.resolver);
  for (const auto& one : answer.addresses) {
    const boost::asio::ip::tcp::endpoint at(one, server.port);
    sockaddr_storage address{};
    std::memcpy(&address, at.data(), at.size());
    found.all.push_back(address);
    found.sizes.push_back(static_cast<socklen_t>(at.size()));
    text += (text.empty() ? "" : ", ") + one.to_string();
  }
  if (!text.empty()) return {"name", outcome::ok, server.host + " is " + text, ms_since(start)};
  return {"name", outcome::failed,
          config.resolver + (answer.outcome == dns_outcome::no_answer
                                 ? " does not answer what " + server.host +
                                       " is: check resolver in halley.toml"
                                 : " knows no " + server.host + ": check its spelling and DNS"),
          ms_since(start)};
}

step resolve(const network& config, const endpoint& server, address_list& found) {
  in6_addr literal;
  const bool is_literal = ::inet_pton(AF_INET, server.host.c_str(), &literal) == 1 ||
                          ::inet_pton(AF_INET6, server.host.c_str(), &literal) == 1;
  if (!config.resolver.empty() && !is_literal) return resolve_there(config, server, found);
  const auto start = check_clock::now();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = AF_UNSPEC;
  addrinfo* list = nullptr;
  int error =
      ::getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &list);
  if (error)
    return {"name", outcome::failed,
            "the name " + server.host + " does not resolve (" + ::gai_strerror(error) +
                "): check its spelling, DNS and /etc/resolv.conf",
            ms_since(start)};
  std::string text;
  for (addrinfo* one = list; one; one = one->ai_next) {
    sockaddr_storage address{};
    std::memcpy(&address, one->ai_addr, one->ai_addrlen);
    found.all.push_back(address);
    found.sizes.push_back(one->ai_addrlen);
    text += (text.empty() ? "" : ", ") + print_address(address);
  }
  ::freeaddrinfo(list);
  return {"name", outcome::ok, server.host + " is " + text, ms_since(start)};
}

// Each address in turn, as the gateway does; one that fails beside one that works is a warning.
step connect_tcp(const network& config, const endpoint& server, const address_list& addresses,
                 int& fd) {
  const auto start = check_clock::now();
  std::string failures;
  for (std::size_t i = 0; i < addresses.all.size(); ++i) {
    const auto began = check_clock::now();
    endpoint at = server;
    at.host = print_address(addresses.all[i]);
    int error = connect_to(reinterpret_cast<const sockaddr*>(&addresses.all[i]), addresses.sizes[i],
                           began + seconds(config.connect_timeout_s), fd);
    if (!error) {
      int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      std::string text = "connected to " + name_of(at);
      if (failures.empty()) return {"tcp", outcome::ok, text, ms_since(began)};
      return {"tcp", outcome::warning, text + ", but " + failures, ms_since(began)};
    }
    failures += (failures.empty() ? "" : "; ") +
                connect_words(error, name_of(at), config.connect_timeout_s);
  }
  return {"tcp", outcome::failed, failures, ms_since(start)};
}

// PROXY protocol (haproxy, proxy-protocol.txt 2.1 and 2.2): TCP over IPv4, visitor to server. The
// visitor's port, 49152, is documentation, as his address is.
std::string proxy_header(proxy_version version, const wire& connection,
                         const std::string& visitor, std::uint16_t port) {
  std::string server = connection.peer_address();
  in_addr v4{};
  if (::inet_pton(AF_INET, server.c_str(), &v4) != 1) server = visitor;
  if (version == proxy_version::v1)
    return "PROXY TCP4 " + visitor + ' ' + server + " 49152 " + std::to_string(port) + "\r\n";
  std::string header("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", 16);
  in_addr from{}, to{};
  ::inet_pton(AF_INET, visitor.c_str(), &from);
  ::inet_pton(AF_INET, server.c_str(), &to);
  header.append(reinterpret_cast<const char*>(&from), 4);
  header.append(reinterpret_cast<const char*>(&to), 4);
  for (const unsigned one : {49152U, static_cast<unsigned>(port)}) {
    header += static_cast<char>(one >> 8);
    header += static_cast<char>(one & 255);
  }
  return header;
}

}  // namespace

dialled dial(const network& config, const endpoint& server, const std::string& visitor,
             const std::string& tls_name) {
  dialled done;
  int fd = -1;
  if (!server.unix_path.empty()) {
    done.steps.push_back(connect_unix(config, server, fd));
  } else {
    address_list addresses;
    step name = resolve(config, server, addresses);
    const bool found = name.how == outcome::ok;
    const bool was_address =
        addresses.all.size() == 1 && print_address(addresses.all[0]) == server.host;
    if (!was_address) done.steps.push_back(std::move(name));
    if (!found) return done;
    done.steps.push_back(connect_tcp(config, server, addresses, fd));
  }
  if (fd < 0) return done;
  wire connection(fd);
  if (config.proxy_header != proxy_version::none)
    connection.write(proxy_header(config.proxy_header, connection, visitor, server.port));
  if (config.tls == tls_mode::direct) {
    done.steps.push_back(connection.start_tls(config, tls_name));
    if (done.steps.back().how == outcome::failed) return done;
  }
  done.connection.emplace(std::move(connection));
  return done;
}

}  // namespace halley
