// SPDX-License-Identifier: GPL-3.0-or-later
//
// A browser reduced to its socket: bytes out, bytes in, five seconds of patience.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "gateway/base/byte_stream.hpp"
#include "gateway/http/request.hpp"

namespace halley {

struct http_answer {
  int status = 0;
  std::string head;
  std::string body;
  std::string field(std::string_view name) const {
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(wanted);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + wanted.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class wire {
 public:
  explicit wire(std::uint16_t port) : wire(AF_INET) { connect(port); }
  // Not connected yet.
  wire() : wire(AF_INET) {}
  void connect(std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_.fd(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  explicit wire(const std::string& path) : wire(AF_UNIX) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, path.data(), path.size());
    connected_ = ::connect(socket_.fd(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }

  bool connected() const { return connected_; }
  int fd() const { return socket_.fd(); }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const io_result done = socket_.write(bytes);
      if (done.state != io_state::ok) return;
      bytes.remove_prefix(done.size);
    }
  }
  void end_writing() { socket_.end_writing(); }
  // Reads until `mark` is there and takes everything up to its end; what there is, if it never
  // comes.
  std::string read_until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = received_.find(mark)) == std::string::npos && read_more()) {
    }
    return take(at == std::string::npos ? received_.size() : at + mark.size());
  }
  std::string read_exactly(std::size_t size) {
    while (received_.size() < size && read_more()) {
    }
    return take(std::min(size, received_.size()));
  }
  // True when the other side has closed in good order and said nothing more.
  bool is_closed() { return received_.empty() && !read_more() && closed_; }
  std::string read_all() {
    while (read_more()) {
    }
    return take(received_.size());
  }

  http_answer read_answer(bool has_body = true) {
    http_answer out;
    out.head = read_until("\r\n\r\n");
    if (out.head.size() > 12) out.status = std::stoi(out.head.substr(9, 3));
    const std::string length = out.field("Content-Length");
    if (has_body && !length.empty()) out.body = read_exactly(std::stoul(length));
    return out;
  }
  http_answer get(const std::string& target, const std::string& fields = "") {
    send("GET " + target + " HTTP/1.1\r\nHost: chat.test\r\n" + fields + "\r\n");
    return read_answer();
  }
  http_answer post(const std::string& target, const std::string& body,
                   const std::string& fields = "") {
    send("POST " + target + " HTTP/1.1\r\nHost: chat.test\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body);
    return read_answer();
  }

 private:
  explicit wire(int family) : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{5, 0};
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  bool read_more() {
    char buffer[16384];
    const io_result done = socket_.read(buffer);
    if (done.state == io_state::ok) received_.append(buffer, done.size);
    closed_ = done.state == io_state::closed;
    return done.state == io_state::ok;
  }
  std::string take(std::size_t size) {
    std::string out = received_.substr(0, size);
    received_.erase(0, size);
    return out;
  }

  byte_stream socket_;
  std::string received_;
  bool connected_ = false;
  bool closed_ = false;
};

}  // namespace halley
