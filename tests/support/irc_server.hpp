// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real IRC server (ngIRCd or InspIRCd) on free loopback ports, with a folder of its own, started
// as an unprivileged user and stopped with the object; and a person at a bare socket, who shares no
// code with the gateway.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/chat/network.hpp"

namespace halley::test {

enum class irc_kind { ngircd, inspircd };

class irc_server {
 public:
  // Throws std::runtime_error with the end of the output when the server does not come up.
  explicit irc_server(irc_kind kind);
  ~irc_server();
  irc_server(const irc_server&) = delete;
  irc_server& operator=(const irc_server&) = delete;

  std::uint16_t port() const { return port_; }
  std::uint16_t tls_port() const { return tls_port_; }                 // ngIRCd only
  std::string unix_path() const { return folder_ + "/clients.sock"; }  // InspIRCd only
  std::string certificate() const { return folder_ + "/cert.pem"; }
  // How a gateway would be told of it, with WEBIRC.
  network settings() const;

  // Ends the process at once, as a crash would; start() brings it back on the same port.
  void kill();
  void start();

 private:
  std::string folder_;
  std::string command_;
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  pid_t process_ = -1;
};

// Comes in under `nick` and joins `room` before the constructor returns. Answers PING.
class irc_person {
 public:
  irc_person(const irc_server& server, const std::string& nick, const std::string& room);
  ~irc_person();
  void send(const std::string& line);
  // The first line with all of these parts, within ten seconds; empty without it.
  std::string hears(const std::vector<std::string>& parts);
  std::vector<std::string> lines();

 private:
  void run();
  int fd_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::thread thread_;
};

}  // namespace halley::test
