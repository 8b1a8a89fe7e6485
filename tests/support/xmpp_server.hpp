// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real XMPP server (Prosody or ejabberd) on free loopback ports, with a folder of its own,
// started as an unprivileged user and stopped with the object. Three domains: accounts, guests
// (SASL ANONYMOUS) and rooms (`rooms.<domain>`). Throws std::runtime_error with the end of the log
// when the server does not come up.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "gateway/chat/network.hpp"

namespace halley::test {

struct xmpp_server_options {
  std::string domain = "chat.test";
  bool tls = false;           // STARTTLS offered and, for accounts, needed
  bool direct_tls = false;    // the port speaks TLS from the first byte (Prosody)
  bool lasting = false;       // rooms outlive a restart of the server, and their archives with them
  bool registration = false;  // anybody may open an account (XEP-0077)
  bool archive = true;        // rooms keep one (XEP-0313)
  // Prosody: what lets moderators take away what others said (XEP-0425): "muc_moderation" of
  // prosody-modules, or a module of tests/support.
  std::string moderation = {};
  // ejabberd: to be opened by registration.
  std::map<std::string, std::string> accounts = {{"juliet", "capulet"}, {"romeo", "montague"}};
};

class xmpp_server {
 public:
  static xmpp_server prosody(const xmpp_server_options& options = {});
  static xmpp_server ejabberd(const xmpp_server_options& options = {});
  ~xmpp_server();
  xmpp_server(xmpp_server&& other) noexcept;
  xmpp_server(const xmpp_server&) = delete;
  xmpp_server& operator=(const xmpp_server&) = delete;

  std::uint16_t port() const { return port_; }
  const std::string& domain() const { return options_.domain; }
  std::string certificate() const { return folder_ + "/cert.pem"; }
  std::string room(const std::string& name) const { return name + "@rooms." + options_.domain; }
  // How a gateway would be told of it.
  network settings() const;

  // Ends the process at once, as a crash would; start_again() brings it back on the same port.
  void kill();
  // Tells it to stop, as for a restart, and waits.
  void stop();
  void start_again();

 private:
  explicit xmpp_server(const xmpp_server_options& options);
  void make_certificate();
  void start();
  void wait_until_ready();
  std::string log_end() const;

  xmpp_server_options options_;
  std::string folder_;
  std::string command_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace halley::test
