// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/irc_lines.hpp"

#include <algorithm>

#include "gateway/base/ascii.hpp"
#include "gateway/base/utf8.hpp"

namespace halley {
namespace {

constexpr std::string_view ping_token = "halley-are-you-there";

// What stands behind the tags.
std::size_t tags_end(std::string_view line) {
  if (!line.starts_with('@')) return 0;
  const std::size_t space = line.find(' ');
  return space == std::string_view::npos ? line.size() : space + 1;
}

// The words of a line without tags and source: "464 * :Invalid password".
std::string_view command_part(std::string_view line) {
  line.remove_prefix(tags_end(line));
  while (line.starts_with(' ')) line.remove_prefix(1);
  if (line.starts_with(':')) line.remove_prefix(std::min(line.find(' '), line.size()));
  while (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

bool is_command(std::string_view part, std::string_view name) {
  if (part.size() < name.size() || (part.size() > name.size() && part[name.size()] != ' '))
    return false;
  return equal_ignoring_case(part.substr(0, name.size()), name);
}

std::string_view without_line_end(std::string_view frame) {
  if (frame.ends_with('\n')) frame.remove_suffix(1);
  if (frame.ends_with('\r')) frame.remove_suffix(1);
  return frame;
}

}  // namespace

irc_frames choose_irc_frames(const std::vector<std::string_view>& offered) {
  for (const std::string_view one : offered) {
    if (one == "text.ircv3.net") return {"text.ircv3.net", true};
    if (one == "binary.ircv3.net") return {"binary.ircv3.net", false};
  }
  return {};
}

std::string repair_line(std::string_view line) {
  const std::size_t tags = tags_end(line);
  std::string out = repair_utf8(line.substr(0, tags));
  const std::string body = repair_utf8(line.substr(tags));
  // Never shorter than what the server itself sent: its lines may be longer than 512.
  out += utf8_prefix(body, std::max(irc_lines::body_most, line.size() - tags));
  return out;
}

void irc_lines::on_browser(framing_sink& out) {
  (void)out;
  last_words_ = "QUIT :" + config_.quit_text + "\r\n";
}

// --- from the browser -----------------------------------------------------------------------------

void irc_lines::from_browser(std::string_view frame, framing_sink& out) {
  if (over_) return;
  // COMPAT(irc-framework before 4.10): ends its lines, which the specification forbids.
  const std::string_view line = without_line_end(frame);
  if (line.empty()) return;
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    return refuse(farewell::malformed, "A message is one line, without CR, LF and NUL", out);
  if (tags_end(line) > tags_most || line.size() - tags_end(line) > 4096)
    return refuse(farewell::too_large, "The line is too long", out);
  const std::string_view said = command_part(line);
  // The gateway's own word, said already: whoever else says it wants to be somebody else.
  if (is_command(said, "WEBIRC")) return refuse(farewell::malformed, "WEBIRC is not yours", out);
  if (is_command(said, "QUIT")) quit_said_ = true;
  auto bytes = return_.take_from_browser(line, welcomed_, out);
  if (!return_.parting_words().empty())
    last_words_ = "QUIT :" + return_.parting_words() + "\r\n";
  if (!bytes) return;
  // What a client says to log in it may have said before it was told anything.
  if (!return_.is_settling()) out.on_token_read();
  // Not before: who only comes back needs no other connection. The address of the gateway has chosen
  // the network, so there is one.
  (void)out.connect("");
  *bytes += "\r\n";
  out.to_server(*bytes);
}

// Only who was in can come back: a login does not wait.
void irc_lines::on_away(framing_sink& out) {
  return_.on_away();
  if (welcomed_ || over_) return;
  over_ = true;
  out.end(farewell::lost, "");
}

void irc_lines::on_resumed(missed_frames& missed, std::string_view since, framing_sink& out) {
  return_.settle();
  const std::string token = out.offer_resumption();
  if (!returning_) {
    const std::string from = ':' + return_.server() + ' ';
    out.to_this_leg(from + "RESUME SUCCESS " + return_.nick());
    out.to_this_leg(from + "RESUME TOKEN " + token);
  }
  for (const std::string& line : return_.tell(missed, since, out)) out.to_this_leg(fit_for_frame(line));
  if (missed.some_lost) forward(return_.words_of_loss(), out);
}

// The words an IRC server has for it (RFC 2812, 3.7.4), then the end.
void irc_lines::refuse(farewell how, std::string_view why, framing_sink& out) {
  over_ = true;
  out.to_browser(std::string("ERROR :") += why);
  out.end(how, why);
}

// --- from the server ------------------------------------------------------------------------------

void irc_lines::from_server(std::string_view bytes, framing_sink& out) {
  while (!over_ && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const bool too_long =
        partial_.size() + std::min(end, bytes.size()) > longest_from_server + 1;
    if (too_long) return refuse(farewell::lost, "The server sent a line without end", out);
    if (end == std::string_view::npos) {
      partial_.append(bytes);
      return;
    }
    std::string whole;
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (!partial_.empty()) {
      whole.swap(partial_);
      whole.append(line);
      line = whole;
    }
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !take_line(line, out)) return;
  }
}

bool irc_lines::take_line(std::string_view line, framing_sink& out) {
  if (!welcomed_) {
    if (!watch_login(line, out)) return false;
    if (welcomed_ && returning_) (void)out.offer_resumption();
  } else if (asked_) {
    // Only while it is waited for: nobody else's lines are looked at.
    if (is_command(command_part(line), "PONG") &&
        line.find(ping_token) != std::string_view::npos) {
      asked_ = false;
      return true;
    }
  }
  if (return_.is_away() && is_command(command_part(line), "PING")) {
    const std::string_view said = command_part(line);
    out.to_server("PONG" + std::string(said.substr(4)) + "\r\n");
    return true;
  }
  if (line.starts_with("ERROR")) {
    reason_ = repair_line(line.substr(std::min(line.find(':'), line.size() - 1) + 1));
  }
  // Others after their welcome are left alone.
  if (welcomed_ && !return_.is_agreed()) {
    forward(line, out);
    return true;
  }
  if (const auto instead = return_.take_from_server(line)) {
    for (const std::string& one : *instead) forward(one, out);
    return_.after_server(out);
  } else {
    forward(line, out);
  }
  return true;
}

void irc_lines::forward(std::string_view line, framing_sink& out) {
  if (!text_ || is_utf8(line)) return out.to_browser(line);
  out.to_browser(repair_line(line));
}

std::string irc_lines::fit_for_frame(std::string_view line) const {
  return text_ ? repair_line(line) : std::string(line);
}

// False when the login ends here. COMPAT(ngIRCd): a wrong WEBIRC password is answered with 464, and
// the connection goes on under the gateway's own address; nobody may be let in like that.
bool irc_lines::watch_login(std::string_view line, framing_sink& out) {
  const std::string_view said = command_part(line);
  if (is_command(said, "001")) {
    welcomed_ = true;
    return true;
  }
  if (config_.webirc_password.empty()) return true;
  const bool refused =
      is_command(said, "464") ||
      (is_command(said, "421") && said.find("WEBIRC") != std::string_view::npos);
  if (!refused) return true;
  forward(line, out);
  refuse(farewell::lost,
         is_command(said, "464") ? "Bad password, of the server or of the gateway"
                                 : "The server does not know WEBIRC",
         out);
  return false;
}

void irc_lines::on_lost(const failure& why, framing_sink& out) {
  if (over_) return;
  // What the server itself said is the better reason, and has been told.
  if (reason_.empty()) return refuse(farewell::lost, why.text, out);
  over_ = true;
  out.end(quit_said_ ? farewell::finished : farewell::lost, reason_);
}

void irc_lines::on_shut_down(framing_sink& out) {
  if (!over_) refuse(farewell::lost, "The chat service is restarting", out);
}

void irc_lines::on_quiet(unsigned asked, framing_sink& out) {
  if (!welcomed_ || over_) return;  // servers have a time limit of their own for a login
  if (asked >= quiet_questions) return refuse(farewell::lost, "The server does not answer", out);
  asked_ = true;
  out.to_server(std::string("PING :") += std::string(ping_token) + "\r\n");
}

}  // namespace halley
