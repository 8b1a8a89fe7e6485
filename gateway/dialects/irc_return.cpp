// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/irc_return.hpp"

#include <algorithm>
#include <utility>

#include "gateway/base/ascii.hpp"

namespace halley {
namespace {

constexpr std::size_t longest_body = 510;

// The words of a list of capabilities, without ours; `found` if it was among them.
std::string without_ours(std::string_view list, bool& found) {
  std::string rest;
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    if (one.empty()) continue;
    if (one == irc_return::capability) {
      found = true;
      continue;
    }
    if (!rest.empty()) rest += ' ';
    rest += one;
  }
  return rest;
}

bool lists_ours(std::string_view list) {
  bool found = false;
  (void)without_ours(list, found);
  return found || list.find("draft/resume-0.") != std::string_view::npos;
}

// "2026-11-25T01:02:03.004Z" of a line's tags, or nothing.
std::string_view time_of(std::string_view line) {
  std::string_view tags = split_irc(line).tags;
  while (!tags.empty()) {
    const std::string_view one = tags.substr(0, tags.find(';'));
    tags.remove_prefix(std::min(tags.size(), one.size() + 1));
    if (one.starts_with("time=")) return one.substr(5);
  }
  return {};
}

bool is_login(std::string_view command) {
  for (const char* one : {"NICK", "USER", "PASS", "AUTHENTICATE"})
    if (equal_ignoring_case(command, one)) return true;
  return false;
}

}  // namespace

std::string irc_return::prefix() const {
  return ':' + (server_.empty() ? std::string("halley") : server_) + ' ';
}

void irc_return::fail(std::string_view command, std::string_view code, std::string_view text,
                      framing_sink& out) const {
  out.to_browser(prefix() + "FAIL " + std::string(command) + ' ' + std::string(code) + " :" +
                 std::string(text));
}

void irc_return::keep_standing() {
  standing_ = std::make_unique<irc_standing>();
  natively_ = true;
}

// --- from the browser -----------------------------------------------------------------------------

std::optional<std::string> irc_return::take_from_browser(std::string_view line, bool welcomed,
                                                         framing_sink& out) {
  const irc_words said = split_irc(line);
  const bool cap = equal_ignoring_case(said.command, "CAP") && !said.params.empty();
  if (settling_) {
    if (is_login(said.command)) return std::nullopt;
    if (!cap || equal_ignoring_case(said.params[0], "END")) settling_ = false;
    if (cap && !settling_) return std::nullopt;
  }
  if (cap && equal_ignoring_case(said.params[0], "LS"))
    lists_more_ = said.params.size() > 1 && said.params[1] >= "302";
  if (natively_) return std::string(line);
  if (cap && equal_ignoring_case(said.params[0], "REQ") && said.params.size() > 1)
    return take_request(said, line, welcomed, out);
  if (equal_ignoring_case(said.command, "BRB") && standing_) {
    let_go(said, out);
    return std::nullopt;
  }
  if (!equal_ignoring_case(said.command, "RESUME")) return std::string(line);
  if (welcomed)
    fail("RESUME", "REGISTRATION_IS_COMPLETED", "You are connected already", out);
  else if (said.params.empty() ||
           !out.resume_other(said.params[0], said.params.size() > 1 ? said.params[1] : ""))
    refuse(out);
  return std::nullopt;
}

void irc_return::refuse(framing_sink& out) const {
  fail("RESUME", "INVALID_TOKEN", "There is nothing to resume with this token", out);
}

std::optional<std::string> irc_return::take_request(const irc_words& said, std::string_view line,
                                                    bool welcomed, framing_sink& out) {
  bool ours = false;
  const std::string rest = without_ours(said.params[1], ours);
  if (!ours) return std::string(line);
  // After the welcome it is too late to learn what whoever comes back must be told.
  if (welcomed && !standing_) {
    out.to_browser(prefix() + "CAP * NAK :" + std::string(said.params[1]));
    return std::nullopt;
  }
  if (!standing_) standing_ = std::make_unique<irc_standing>();
  if (!rest.empty()) {
    awaited_ = true;
    return "CAP REQ :" + rest;
  }
  out.to_browser(prefix() + "CAP " + (welcomed ? standing_->nick() : "*") + " ACK :" +
                 std::string(capability));
  token_due_ = true;
  after_server(out);
  return std::nullopt;
}

// BRB: the client will be back; its leg is closed by this side.
void irc_return::let_go(const irc_words& said, framing_sink& out) {
  parting_words_ = said.params.empty() ? std::string() : std::string(said.params[0]);
  out.to_browser(prefix() + "BRB " + std::to_string(out.grace_seconds()));
  out.let_browser_go("Be right back");
}

// --- from the server ------------------------------------------------------------------------------

std::optional<std::vector<std::string>> irc_return::take_from_server(std::string_view line) {
  if (standing_) standing_->take(line);
  const irc_words said = split_irc(line);
  if (said.command != "CAP" || said.params.size() < 3) return std::nullopt;
  server_ = said.source;
  return take_reply(said, line);
}

std::optional<std::vector<std::string>> irc_return::take_reply(const irc_words& said,
                                                               std::string_view line) {
  const std::string_view verb = said.params[1];
  const std::string_view list = said.params.back();
  const bool last = said.params[2] != "*" || said.params.size() == 3;
  const bool answer = verb == "ACK" || verb == "NAK";
  if (verb == "LS" && lists_ours(list)) natively_ = true;
  const bool add = last && !natively_ &&
                   (verb == "LS" || (verb == "LIST" && standing_) || (answer && awaited_));
  if (!add) return std::nullopt;
  if (answer) {
    awaited_ = false;
    token_due_ = verb == "ACK";
    if (verb == "NAK") standing_.reset();
  }
  std::string longer(line);
  // A list of nothing may come without its colon.
  if (list.empty() && !line.ends_with(':') && !line.ends_with(": ")) longer += ':';
  if (!longer.ends_with(' ') && !list.empty()) longer += ' ';
  longer += capability;
  if (longer.size() <= longest_body + (said.tags.empty() ? 0 : said.tags.size() + 2))
    return std::vector<std::string>{std::move(longer)};
  if (verb != "LS" || !lists_more_) return std::nullopt;
  return std::vector<std::string>{
      prefix() + "CAP " + std::string(said.params[0]) + " LS * :" + std::string(capability),
      std::string(line)};
}

void irc_return::after_server(framing_sink& out) {
  if (!std::exchange(token_due_, false)) return;
  out.to_this_leg(prefix() + "RESUME TOKEN " + out.offer_resumption());
}

// --- coming back ----------------------------------------------------------------------------------

std::vector<std::string> irc_return::tell(missed_frames& missed, std::string_view since,
                                          framing_sink& out) {
  away_ = false;
  parting_words_.clear();
  // What the client has seen, by its own account. Not up to that very moment: others may share it.
  if (!since.empty())
    std::erase_if(missed.frames, [since](const std::string& line) {
      const std::string_view at = time_of(line);
      return !at.empty() && at < since;
    });
  std::vector<std::string> told = standing_->tell();
  if (const std::string rooms = standing_->rooms(); !rooms.empty())
    out.to_server("NAMES " + rooms + "\r\n");
  return told;
}

std::string irc_return::words_of_loss() const {
  return prefix() + "WARN RESUME HISTORY_LOST :Some of what was said meanwhile is lost";
}

}  // namespace halley
