// SPDX-License-Identifier: GPL-3.0-or-later
//
// XMPP over WebSocket (RFC 7395): one element a frame, <open/> and <close/> for the ends of the
// stream. The domain of the browser's first <open/> chooses the network. A page may ask to be able to
// come back after its connection broke (xmpp_resumption.hpp).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/dialects/xmpp_resumption.hpp"
#include "gateway/dialects/xmpp_stream.hpp"

namespace halley {

// Which settings a domain means; null: there is no such network.
class domain_directory {
 public:
  virtual const network* settings_of(std::string_view domain) const = 0;
  // Where pages should go when this gateway leaves (RFC 7395, 3.6.1); empty for nowhere.
  virtual std::string_view successor() const { return {}; }

 protected:
  ~domain_directory() = default;
};

class xmpp_frames final : public framing, private xmpp_stream::listener {
 public:
  // As Prosody and ejabberd have it for a stanza.
  static constexpr std::size_t longest = 256 * 1024;

  // `domains` outlives it.
  explicit xmpp_frames(const domain_directory& domains) : domains_(domains) {}

  void from_browser(std::string_view frame, framing_sink& out) override;
  std::size_t frame_limit() const override { return longest; }
  void on_open(bool secure, framing_sink& out) override;
  void on_secure(framing_sink& out) override;
  void from_server(std::string_view bytes, framing_sink& out) override;
  void on_lost(const failure& why, framing_sink& out) override;
  void on_shut_down(framing_sink& out) override;
  void on_quiet(unsigned asked, framing_sink& out) override;
  bool keeps_missed() const override { return resumption_ != nullptr; }
  void on_resumed(missed_frames& missed, std::string_view has, framing_sink& out) override;
  void on_resume_refused(framing_sink& out) override;
  std::string_view last_words() const override;

 private:
  void say(std::string_view frame, framing_sink& out);
  void take_resume_frame(std::string_view name, std::string_view frame, framing_sink& out);
  void open(std::string_view frame, framing_sink& out);
  void close(framing_sink& out);
  // RFC 7395, 3.5: a stream error in a frame of its own, after an <open/>, before a <close/>.
  void fail(std::string_view condition, std::string_view text, farewell how, framing_sink& out);
  void print_open(const stream_header& header, framing_sink& out);

  void on_header(const stream_header& header) override;
  void on_features(std::string_view features) override;
  void on_element(std::string_view element) override;
  void on_stream_error(std::string_view error) override;
  void on_footer() override;
  void on_trouble(std::string_view why) override;

  const domain_directory& domains_;
  std::unique_ptr<xmpp_stream> stream_;  // from the first <open/> on
  framing_sink* out_ = nullptr;          // during from_server()
  std::unique_ptr<xmpp_resumption> resumption_;  // of a page that asked for it
  std::string domain_;
  bool opened_ = false;         // our <open/> has been sent
  bool browser_closed_ = false;
  bool close_sent_ = false;
  bool over_ = false;
};

}  // namespace halley
