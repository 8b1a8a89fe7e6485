// SPDX-License-Identifier: GPL-3.0-or-later
//
// IRCv3 draft/resume-0.5 before a server that does not have it: offers the capability, gives and takes
// tokens, and tells who comes back where he stands. Sees the lines that pass, and answers those that
// are its own. A server that offers the capability itself is left to it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/irc_standing.hpp"
#include "gateway/session/framing.hpp"

namespace halley {

class irc_return {
 public:
  static constexpr std::string_view capability = "draft/resume-0.5";

  // A line of the browser: what the server shall hear of it, or nothing. Replies are told at once; the
  // conversation may be over afterwards.
  std::optional<std::string> take_from_browser(std::string_view line, bool welcomed,
                                               framing_sink& out);
  // A line of the server: those the browser shall hear, if it is not that very line. What follows it
  // is said by after_server().
  std::optional<std::vector<std::string>> take_from_server(std::string_view line);
  void after_server(framing_sink& out);

  void on_away() { away_ = true; }
  bool is_away() const { return away_; }
  bool is_agreed() const { return standing_ != nullptr; }
  // Of an agreed one.
  const std::string& nick() const { return standing_->nick(); }
  const std::string& server() const { return standing_->server(); }
  // What the browser hears first: the welcome, its rooms. The server is asked who is in them.
  std::vector<std::string> tell(missed_frames& missed, std::string_view since, framing_sink& out);
  // The client did not ask for it by this draft's words, but its own protocol will bring it back.
  void keep_standing();
  // What comes now is a login again, of somebody who is in.
  void settle() { settling_ = true; }
  bool is_settling() const { return settling_; }
  std::string words_of_loss() const;
  void refuse(framing_sink& out) const;
  // Given with BRB; empty if it was not said.
  const std::string& parting_words() const { return parting_words_; }

 private:
  std::optional<std::string> take_request(const irc_words& said, std::string_view line,
                                          bool welcomed, framing_sink& out);
  std::optional<std::vector<std::string>> take_reply(const irc_words& said, std::string_view line);
  void let_go(const irc_words& said, framing_sink& out);
  void fail(std::string_view command, std::string_view code, std::string_view text,
            framing_sink& out) const;
  std::string prefix() const;

  std::unique_ptr<irc_standing> standing_;  // once the capability is agreed
  std::string server_;
  std::string parting_words_;
  bool natively_ = false;    // the server has the capability
  bool lists_more_ = false;  // the client reads capabilities in several lines (302)
  bool awaited_ = false;     // ours was asked for with others: goes with the server's answer
  bool token_due_ = false;
  bool away_ = false;
  bool settling_ = false;
};

}  // namespace halley
