// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/load/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace load {
namespace {

// Any key and mask will do: nobody is to be protected here.
constexpr std::string_view key = "aGFsbGV5LWxvYWQtdGVzdA==";
constexpr std::array<unsigned char, 4> mask = {0x37, 0xfa, 0x21, 0x3d};

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

char* read_buffer() {
  static std::string buffer(buffer_size, '\0');
  return buffer.data();
}

wire::wire(const target& to, int source) : to_(&to) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) {
    failed_ = true;
    return;
  }
  const int one = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (source != 0) {
    // The port is chosen at connect, so that each source address has the whole range.
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    address.sin_addr.s_addr = htonl(0x7F000000u | static_cast<unsigned>(source));
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  address.sin_port = htons(to.port);
  ::inet_pton(AF_INET, to.host.c_str(), &address.sin_addr);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS)
    failed_ = true;
  if (to.how != framing::websocket) {
    open_ = true;
    return;
  }
  unsent_ = "GET " + to.path + " HTTP/1.1\r\nHost: " + to.host + ":" + std::to_string(to.port) +
            "\r\nOrigin: http://" + to.host + ":" + std::to_string(to.port) +
            "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: " + std::string(key) + "\r\n";
  if (!to.subprotocol.empty()) unsent_ += "Sec-WebSocket-Protocol: " + to.subprotocol + "\r\n";
  unsent_ += "\r\n";
}

wire::~wire() {
  if (fd_ >= 0) ::close(fd_);
}

long wire::read_some(char* into, std::size_t room) {
  const ssize_t got = ::recv(fd_, into, room, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) failed_ = true;
  return got;
}

void wire::on_writable() {
  connected_ = true;
  if (unsent_.empty()) return;
  const ssize_t sent = ::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EINTR) failed_ = true;
    return;
  }
  unsent_.erase(0, static_cast<std::size_t>(sent));
  if (unsent_.empty()) unsent_.shrink_to_fit();
}

void wire::put(std::string_view bytes) {
  unsent_.append(bytes);
  if (connected_) on_writable();
}

void wire::put_frame(unsigned opcode, std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 14);
  frame.push_back(static_cast<char>(0x80u | opcode));
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(0x80u | payload.size()));
  } else {
    frame.push_back(static_cast<char>(0x80u | 126u));
    frame.push_back(static_cast<char>(payload.size() >> 8u));
    frame.push_back(static_cast<char>(payload.size() & 255u));
  }
  for (const unsigned char one : mask) frame.push_back(static_cast<char>(one));
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame.push_back(static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]));
  put(frame);
}

void wire::send(std::string_view message) {
  if (to_->how == framing::websocket) return put_frame(1, message);
  if (to_->how == framing::http) {
    std::string request = "POST " + to_->path + " HTTP/1.1\r\nHost: " + to_->host + ":" +
                          std::to_string(to_->port) +
                          "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: " +
                          std::to_string(message.size()) + "\r\n\r\n";
    request += message;
    return put(request);
  }
  std::string line(message);
  line += "\r\n";
  put(line);
}

bool wire::upgrade_answered(std::string_view& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (bytes.substr(0, 12) != "HTTP/1.1 101") failed_ = true;
  bytes.remove_prefix(end + 4);
  return true;
}

// All the servers measured give the length.
bool wire::next_body(std::string_view& bytes, std::string_view& message) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  std::string head(bytes.substr(0, end));
  for (char& one : head)
    if (one >= 'A' && one <= 'Z') one = static_cast<char>(one - 'A' + 'a');
  constexpr std::string_view length = "\r\ncontent-length:";
  const std::size_t at = head.find(length);
  if (!head.starts_with("http/1.1 200") || at == std::string::npos) {
    failed_ = true;
    return false;
  }
  const std::size_t size = std::stoul(head.substr(at + length.size()));
  if (bytes.size() < end + 4 + size) return false;
  message = bytes.substr(end + 4, size);
  bytes.remove_prefix(end + 4 + size);
  return true;
}

bool wire::next_message(std::string_view& bytes, std::string_view& message, bool& is_text) {
  if (to_->how == framing::lines) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return false;
    message = bytes.substr(0, end);
    if (message.ends_with('\r')) message.remove_suffix(1);
    is_text = true;
    bytes.remove_prefix(end + 1);
    return true;
  }
  if (to_->how == framing::http) return is_text = next_body(bytes, message);
  if (bytes.size() < 2) return false;
  const unsigned opcode = byte_at(bytes, 0) & 15u;
  std::size_t size = byte_at(bytes, 1) & 127u;
  std::size_t header = 2;
  if (size == 126) {
    if (bytes.size() < 4) return false;
    size = byte_at(bytes, 2) << 8u | byte_at(bytes, 3);
    header = 4;
  } else if (size == 127) {
    if (bytes.size() < 10) return false;
    size = 0;
    for (std::size_t i = 2; i < 10; ++i) size = size << 8u | byte_at(bytes, i);
    header = 10;
  }
  if (bytes.size() < header + size) return false;
  message = bytes.substr(header, size);
  is_text = opcode == 1;
  if (opcode == 9) put_frame(10, message);
  if (opcode == 8) failed_ = true;
  bytes.remove_prefix(header + size);
  return true;
}

}  // namespace load
