// SPDX-License-Identifier: GPL-3.0-or-later
//
// Login: stream header, features, SASL (ANONYMOUS, SCRAM-SHA-1, PLAIN), resource binding and
// session by a gloox::Client that sees no socket and no TLS. It lives only from the first stream
// header until the session stands: an idle session pays nothing for it, and no stanza of a running
// session takes its slow path. Features reach it without what it must not choose: STARTTLS,
// compression, stream management, an optional session, mechanisms that do not fit.
//
// Nothing is destroyed inside a gloox callback: callbacks only note what happened, and the owner
// looks at outcome() once feed() or start() has returned.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bridges/xmpp/conditions.hpp"

namespace halley::xmpp {

struct login {
  std::string domain;  // the stream's `to`
  std::string user;    // local part; empty: a guest, by SASL ANONYMOUS
  std::string password;
  std::string resource;
  bool may_send_password = false;  // SASL PLAIN: only under TLS or on this machine
  bool opens_account = false;      // register `user` instead of logging in (XEP-0077)
  bool wants_to_resume = false;    // an earlier stream, where the server offers it (XEP-0198)
  std::string email;               // for that
};

// What the server offers beside what gloox negotiates.
struct stream_offers {
  bool csi = false;           // XEP-0352
  bool registration = false;  // XEP-0077
  bool management = false;    // XEP-0198
};

class negotiation {
 public:
  class output {
   public:
    virtual void on_negotiation_bytes(const std::string& bytes) = 0;

   protected:
    ~output() = default;
  };
  // may_resume: logged in, nothing bound yet; go_on() binds if resuming fails.
  enum class outcome : std::uint8_t { going_on, may_resume, bound, failed };

  negotiation(const login& who, output& to);
  ~negotiation();
  negotiation(const negotiation&) = delete;
  negotiation& operator=(const negotiation&) = delete;

  // Sends the stream header.
  void start();
  // A header or a stanza of the stream. After <success/> a new stream begins: restarts() tells.
  void feed(std::string_view piece);
  bool restarts() const;
  void go_on();
  outcome state() const;
  const stream_failure& why() const;
  const std::string& jid() const;  // full, once bound; empty for an account just opened
  const stream_offers& offers() const;
  bool is_authenticating() const;  // mechanisms were offered, success has not come

 private:
  struct client;
  std::unique_ptr<client> client_;
};

}  // namespace halley::xmpp
