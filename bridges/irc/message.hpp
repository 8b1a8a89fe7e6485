// SPDX-License-Identifier: GPL-3.0-or-later
//
// The codec of one IRC line (RFC 1459, 2.3; IRCv3 message-tags), both ways. Reading makes views
// into the line and allocates nothing. Writing goes through `outgoing`: the one place where what a
// visitor typed becomes part of a line, and the one place that refuses CR, LF, NUL and a parameter
// that would be read as two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halley::irc {

struct message {
  // RFC 2812 allows 15; some servers send more. What goes past stays inside the last one.
  static constexpr std::size_t most_params = 24;

  std::string_view tags;     // without '@'
  std::string_view prefix;   // without ':'
  std::string_view command;  // as it came; servers send capitals
  std::array<std::string_view, most_params> params;
  std::size_t count = 0;

  // Empty where there is none.
  std::string_view param(std::size_t at) const {
    return at < count ? params[at] : std::string_view();
  }
  std::string_view last() const { return count ? params[count - 1] : std::string_view(); }
  // The parts of nick!user@host; a server's prefix is all nick.
  std::string_view nick() const;
  std::string_view user_at_host() const;
  std::string_view host() const;
  bool from_server() const;  // no '!' or '@': a server, or nobody

  bool has_tag(std::string_view key) const;
  // As it stands in the line, still escaped; empty where there is none.
  std::string_view raw_tag(std::string_view key) const;
  std::string tag(std::string_view key) const;

  // 1 to 999; 0 for a word.
  int numeric() const;
};

// `line` without CR and LF. False if there is no command in it; `into` is then of no use.
bool parse_message(std::string_view line, message& into);

std::string unescape_tag(std::string_view raw);
void append_escaped_tag(std::string& out, std::string_view value);

// One line to a server.
class outgoing {
 public:
  explicit outgoing(std::string_view command);
  outgoing& tag(std::string_view key, std::string_view value = {});
  outgoing& with(std::string_view middle);    // not empty, no space, no leading ':'
  outgoing& text(std::string_view trailing);  // the last one; anything but CR, LF and NUL
  // Takes a whole line as it is (the `raw` command).
  static outgoing whole(std::string_view line);

  // Shortens the trailing text until the line without its tags has at most `bytes` with CRLF; a
  // line that is too long without any is refused.
  outgoing& fit(std::size_t bytes);

  bool refused() const { return refused_; }
  // As they will be sent, with the "@" (IRCv3 message-tags: at most 4,095 from a client).
  std::size_t tags_size() const { return tags_.size(); }
  // With CRLF; empty if a part of it was refused.
  std::string line() const;

 private:
  void check(std::string_view part);
  std::string tags_;
  std::string body_;
  std::size_t text_at_ = std::string::npos;  // where the trailing text begins
  bool refused_ = false;
};

// Cuts what a link delivers into lines. Keeps bytes only while a line is incomplete.
class line_splitter {
 public:
  // IRCv3 message-tags: 8191 bytes of tags; the rest 512, or what LINELEN says (up to 4096 in use).
  static constexpr std::size_t longest = 8191 + 4096;

  // Calls each(line) for every line that is not empty, until it returns false. False: a line was
  // longer than any server may send.
  template <class Each>
  bool feed(std::string_view bytes, Each&& each) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) {
        if (partial_.size() + bytes.size() > longest) return false;
        partial_.append(bytes);
        return true;
      }
      std::string_view line = bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      std::string whole;
      if (!partial_.empty()) {
        if (partial_.size() + line.size() > longest) return false;
        whole.swap(partial_);
        whole.append(line);
        line = whole;
      } else if (line.size() > longest) {
        return false;
      }
      while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (!line.empty() && !each(line)) return true;
    }
    return true;
  }
  void reset() { std::string().swap(partial_); }

 private:
  std::string partial_;
};

}  // namespace halley::irc
