// SPDX-License-Identifier: GPL-3.0-or-later
//
// One XMPP client stream over a link: STARTTLS (ours, before gloox sees a byte), login
// (negotiation), then stanzas in and out. Every stanza comes in through on_piece() and goes out
// through send(): the place where stream management (XEP-0198) will count. Owned by its bridge; one
// shard.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bridges/link.hpp"
#include "bridges/xmpp/negotiation.hpp"
#include "bridges/xmpp/stanza_reader.hpp"
#include "bridges/xmpp/xml_writer.hpp"

namespace halley::xmpp {

class stream_listener {
 public:
  // Logged in and bound to `jid`.
  virtual void on_stream_ready(const std::string& jid, const stream_offers& offers) = 0;
  // A message, presence or iq; the text is valid during the call.
  virtual void on_stream_stanza(std::string_view text, const stanza_head& head) = 0;
  // Over; nothing follows until the next open(). Never called from inside open().
  virtual void on_stream_down(login_step step, const stream_failure& why) = 0;

 protected:
  ~stream_listener() = default;
};

class stream final : private link_listener, private negotiation::output {
 public:
  stream(reactor& loop, const network& config, const link_tls* tls, stream_listener& listener);
  ~stream();

  void open(const endpoint& where, const visitor& from, const login& who);
  // False if there is no stream to send on.
  bool send(xml_writer&& stanza);
  // A stanza an operator's user wrote himself (network::allow_raw): one well-formed element.
  bool send_raw(std::string_view stanza);
  // Sends the end of the stream and closes. Tells the listener nothing.
  void close();
  // The stanza just handed out cannot be understood at all: the stream ends.
  void fail(std::string_view problem);
  bool is_ready() const { return state_ == state::ready; }
  // Where a login that does not end hangs.
  login_step step() const;
  // When bytes last came.
  steady_ms heard_at() const { return heard_at_; }
  const std::string& peer() const { return link_.peer(); }

 private:
  enum class state : std::uint8_t { closed, linking, asking_tls, securing, logging_in, ready };
  void on_link_up() override;
  void on_link_bytes(std::string_view bytes) override;
  void on_link_secure() override;
  void on_link_down(const link_error& why) override;
  void on_negotiation_bytes(const std::string& bytes) override;
  void send_header();
  void begin_login();
  // False when the stream is over or its bytes must not be read on.
  bool on_piece(stanza_reader::piece what);
  bool on_tls_piece(stanza_reader::piece what);
  bool on_login_piece(stanza_reader::piece what);
  void end(login_step step, stream_failure why);

  reactor& loop_;
  const network& config_;
  stream_listener& listener_;
  link link_;
  stanza_reader reader_;
  std::unique_ptr<login> who_;  // until logged in
  std::unique_ptr<negotiation> negotiation_;
  std::shared_ptr<int> epoch_;  // changes with every open() and close()
  steady_ms heard_at_ = 0;
  state state_ = state::closed;
};

}  // namespace halley::xmpp
