// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server that follows a script, for what no real one does: waits until a text has come, then
// sends one of its own, in which `@id` stands for the id of the client's last request. On a thread
// of its own; ends when the script ends or the client goes.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace halley::test {

class scripted_server {
 public:
  struct line {
    std::string until;  // waited for; empty: nothing
    std::string send;
  };
  // After the script it goes on reading until the client closes, or closes at once.
  explicit scripted_server(std::vector<line> script, bool close_at_end = false)
      : script_(std::move(script)), close_at_end_(close_at_end) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~scripted_server() {
    ::shutdown(listener_, SHUT_RDWR);
    if (const int fd = client_.load(); fd >= 0) ::shutdown(fd, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }
  // All that the client has sent; only after the server is gone or the client has been answered.
  std::string received() const { return received_; }

 private:
  void serve() {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    client_ = fd;
    std::size_t from = 0;
    for (const line& step : script_) {
      std::size_t at = 0;
      while ((at = received_.find(step.until, from)) == std::string::npos) {
        if (!read_more(fd)) return finish(fd);
      }
      from = at + step.until.size();
      const std::string text = with_id(step.send);
      (void)!::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    }
    while (!close_at_end_ && read_more(fd)) {
    }
    finish(fd);
  }
  std::string with_id(std::string text) const {
    std::size_t begin = received_.rfind(" id=");
    if (begin == std::string::npos) return text;
    begin += 5;
    const std::string id =
        received_.substr(begin, received_.find(received_[begin - 1], begin) - begin);
    for (std::size_t at = 0; (at = text.find("@id", at)) != std::string::npos; at += id.size()) {
      text.replace(at, 3, id);
    }
    return text;
  }
  bool read_more(int fd) {
    char buffer[4096];
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  void finish(int fd) {
    client_ = -1;
    ::close(fd);
  }

  std::vector<line> script_;
  bool close_at_end_;
  int listener_ = -1;
  std::atomic<int> client_{-1};
  std::uint16_t port_ = 0;
  std::string received_;
  std::thread thread_;
};

}  // namespace halley::test
