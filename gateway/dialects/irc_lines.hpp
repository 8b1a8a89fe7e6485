// SPDX-License-Identifier: GPL-3.0-or-later
//
// IRC over WebSocket (IRCv3, extensions/websocket): one line a frame, without CR and LF. Text frames
// are UTF-8, whatever the server sends; binary frames have its very bytes. Looks at no more than it
// must: the numeric that ends the login, the server's ERROR, the answer to its own PING, and of
// clients that may come back where they stand (irc_return.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/chat/network.hpp"
#include "gateway/dialects/irc_return.hpp"
#include "gateway/session/framing.hpp"

namespace halley {

class irc_lines : public framing {
 public:
  // IRCv3 message-tags: 8191 bytes of tags with "@" and the space; RFC 2812, 2.3: 512 with CRLF.
  // Servers may have longer lines (LINELEN, up to 4096 in use).
  static constexpr std::size_t tags_most = 8191;
  static constexpr std::size_t body_most = 510;
  static constexpr std::size_t longest_from_server = tags_most + 4096;
  static constexpr unsigned quiet_questions = 2;

  // `config` outlives it. `text`: frames must be UTF-8.
  irc_lines(const network& config, bool text) : config_(config), text_(text) {}
  // For a client whose own protocol brings it back: it need not ask for resumption, and hears nothing
  // of it.
  struct returning {};
  irc_lines(const network& config, returning) : config_(config), text_(true), returning_(true) {
    return_.keep_standing();
  }

  void on_browser(framing_sink& out) override;
  void from_browser(std::string_view frame, framing_sink& out) override;
  std::size_t frame_limit() const override { return tags_most + body_most + 2; }
  void on_open(bool, framing_sink&) override {}
  void from_server(std::string_view bytes, framing_sink& out) override;
  void on_lost(const failure& why, framing_sink& out) override;
  void on_shut_down(framing_sink& out) override;
  void on_quiet(unsigned asked, framing_sink& out) override;
  void on_away(framing_sink& out) override;
  void on_resumed(missed_frames& missed, std::string_view since, framing_sink& out) override;
  void on_resume_refused(framing_sink& out) override { return_.refuse(out); }
  std::string_view last_words() const override {
    return quit_said_ ? std::string_view() : std::string_view(last_words_);
  }

 private:
  bool take_line(std::string_view line, framing_sink& out);
  bool watch_login(std::string_view line, framing_sink& out);
  void forward(std::string_view line, framing_sink& out);
  std::string fit_for_frame(std::string_view line) const;
  void refuse(farewell how, std::string_view why, framing_sink& out);

  const network& config_;
  std::string partial_;  // a line whose end has not come; no memory otherwise
  std::string reason_;   // of the server's ERROR
  std::string last_words_;
  irc_return return_;
  bool text_;
  bool returning_ = false;
  bool welcomed_ = false;   // 001
  bool asked_ = false;      // a PING of ours is out
  bool quit_said_ = false;  // by the browser itself
  bool over_ = false;
};

// What is agreed with a client that offers these subprotocols, in its order: the first we speak. None
// of ours, or none at all: text without a subprotocol, which is what older clients expect.
struct irc_frames {
  std::string_view subprotocol;  // empty: no field in the answer
  bool text = true;
};
irc_frames choose_irc_frames(const std::vector<std::string_view>& offered);

// The text of a line as a text frame may carry it: invalid bytes replaced, which makes them longer,
// and the part after the tags cut again to what a line holds, at a code point border.
std::string repair_line(std::string_view line);

}  // namespace halley
