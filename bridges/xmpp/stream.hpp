// SPDX-License-Identifier: GPL-3.0-or-later
//
// One XMPP client stream over a link: STARTTLS (ours, before gloox sees a byte), login
// (negotiation), then stanzas in and out. Every stanza comes in through on_piece() and goes out
// through send(): the place where stream management (XEP-0198) counts. After a loss the next open()
// resumes the old stream where both sides can. Owned by its bridge; one shard.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/link.hpp"
#include "bridges/xmpp/negotiation.hpp"
#include "bridges/xmpp/stream_management.hpp"
#include "bridges/xmpp/xml_writer.hpp"
#include "gateway/base/stanza_reader.hpp"

namespace halley::xmpp {

struct stream_start {
  bool resumed = false;  // the stream of before goes on, and nothing was lost: all else is empty
  std::string jid;
  stream_offers offers;
  // What the server has not acknowledged of a stream that could not be resumed, oldest first.
  std::vector<stream_management::unacked> unsure;
};

class stream_listener {
 public:
  // Logged in and bound, or resumed.
  virtual void on_stream_ready(stream_start&& start) = 0;
  // The server has every stanza up to this number (stream::last_sent).
  virtual void on_stream_acknowledged(std::uint64_t /*number*/) {}
  // A message, presence or iq; the text is valid during the call.
  virtual void on_stream_stanza(std::string_view text, const stanza_head& head) = 0;
  // Over; nothing follows until the next open(). Never called from inside open().
  virtual void on_stream_down(login_step step, const stream_failure& why) = 0;

 protected:
  ~stream_listener() = default;
};

class stream final : private link_listener, private negotiation::output {
 public:
  stream(link_home& home, stream_listener& listener);
  ~stream();

  void open(const endpoint& where, const visitor& from, const login& who);
  // False if there is no stream to send on.
  bool send(xml_writer&& stanza);
  // An element of the stream that is no stanza, so that nobody counts it.
  void send_element(xml_writer&& element);
  // A stanza already written: by an operator's user (network::allow_raw), or sent before.
  bool send_raw(std::string_view stanza);
  // The number of the stanza sent last, by which on_stream_acknowledged() counts.
  std::uint64_t last_sent() const { return management_ ? management_->last_sent() : 0; }
  // Whether the server acknowledges stanzas. If not, sent is all that can be known.
  bool is_acknowledged() const { return management_ && management_->is_counting(); }
  // Asks the server what it has, at the end of the batch.
  void request_acknowledgement();
  // Whether the next open() will try to go on with the stream of before.
  bool can_resume() const { return management_ && management_->can_resume(); }
  // Where the server wants to be found after a loss ("host:port"); empty: anywhere.
  std::string location() const { return can_resume() ? management_->location() : std::string(); }
  // Sends the end of the stream and closes. Tells the listener nothing.
  void close();
  // Closes without a word, so that the stream can be resumed.
  void drop();
  // The stanza just handed out cannot be understood at all: the stream ends.
  void fail(std::string_view problem);
  bool is_ready() const { return state_ == state::ready; }
  // The link sees itself to it that this ends.
  bool is_connecting() const { return state_ != state::closed && state_ < state::logging_in; }
  // Where a login that does not end hangs.
  login_step step() const;
  // When bytes last came.
  steady_ms heard_at() const { return heard_at_; }
  const std::string& peer() const { return link_.peer(); }

 private:
  enum class state : std::uint8_t { closed, linking, asking_tls, securing, logging_in, resuming, ready };
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
  bool try_other_server();
  void on_bound();
  void resume();
  bool on_resume_piece();
  // False when the piece is none of stream management's.
  bool on_management_piece(std::string_view name);
  bool on_acknowledged(std::string_view h);
  void report_received();
  void arm_talk();
  void on_talk();

  reactor& loop_;
  const network& config_;
  stream_listener& listener_;
  link link_;
  stanza_reader reader_;
  std::unique_ptr<login> who_;  // until logged in
  std::unique_ptr<negotiation> negotiation_;
  std::shared_ptr<int> epoch_;  // changes with every open() and close()
  std::unique_ptr<stream_management> management_;  // from the first offer on
  wheel_timer talk_;  // when counters are next compared
  steady_ms heard_at_ = 0;
  state state_ = state::closed;
  bool report_asked_ = false;    // the server wants to know what we have
  bool request_wanted_ = false;  // at the end of the batch
};

}  // namespace halley::xmpp
