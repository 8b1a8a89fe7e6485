// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rooms and messages between two visitors.
#include "gateway/check/irc_check.hpp"

namespace halley {

namespace {

constexpr std::size_t most_rooms = 5;  // of the settings, joined and left again

}  // namespace

void irc_check::bring_second() {
  irc_login second = log_in(wants(1));
  if (second.is_in()) {
    visitors_.push_back(std::move(second));
    return;
  }
  if (second.why == refusal::clones || second.why == refusal::throttled) return;  // counted later
  add("second", outcome::failed, "a second visitor is not let in: " + second.words);
}

// Empty when joined, else why not.
std::string irc_check::join(irc_client& who, const std::string& room, std::int64_t& ms) {
  const auto start = check_clock::now();
  const std::size_t from = who.all().size();
  who.send("JOIN " + room);
  std::string refused;
  bool answered = run_until(everybody(), soon(), [&] {
    for (std::size_t i = from; i < who.all().size(); ++i) {
      const heard& line = who.all()[i];
      if (line.command == "JOIN" && line.from == who.nick()) return true;
      if (line.command.size() == 3 && line.command[0] >= '4' && line.command[0] <= '5') {
        const std::string words = numeric_words(line.command);
        refused = (words.empty() ? "" : words + ": ") + "the server answers " + line.command +
                  " \"" + quoted(line.params.empty() ? "" : line.params.back()) + "\"";
        return true;
      }
    }
    return who.is_over();
  });
  ms = ms_since(start);
  if (!answered) return "no answer to JOIN " + room;
  if (who.is_over()) return "the connection was lost: " + who.error_text();
  return refused;
}

void irc_check::enter_room() {
  const std::string name = "#" + check_nick();
  std::int64_t ms = 0;
  std::string why = join(first(), name, ms);
  if (why.empty() && has_second()) why = join(*visitors_[1].client, name, ms);
  if (!why.empty())
    return add("room", outcome::failed, "the room " + name + " could not be joined: " + why, ms);
  room_ = name;
  add("room", outcome::ok, "joined " + name + ", made for this check", ms);
}

void irc_check::talk() {
  irc_client& writer = first();
  const bool in_room = has_second() && !room_.empty();
  irc_client& reader = has_second() ? *visitors_[1].client : writer;
  const std::string to = in_room ? room_ : reader.nick();
  auto pass_on = [&](irc_client& by, irc_client& to_whom, const std::string& target) {
    std::size_t from = to_whom.all().size();
    by.send("PRIVMSG " + target + " :" + sample_text);
    const heard* line = nullptr;
    run_until(everybody(), soon(), [&] {
      line = to_whom.find("PRIVMSG", from);
      return line || by.is_over() || to_whom.is_over();
    });
    return line;
  };
  const auto start = check_clock::now();
  const std::size_t from = writer.all().size();
  const heard* there = pass_on(writer, reader, to);
  bool changed = there && there->param(1) != sample_text;
  const heard* back = there && in_room ? pass_on(reader, writer, to) : there;
  if (!back) {
    const heard* refused = writer.find("404", from);
    return add("message", outcome::failed,
               "a message to " + to + " was not relayed to the other visitor" +
                   (refused ? ": \"" + quoted(refused->params.back()) + "\" (404)" : ""),
               ms_since(start));
  }
  if (changed)
    return add("message", outcome::failed,
               "a message arrived, but not as it was sent: letters outside ASCII were changed",
               ms_since(start));
  add("message", outcome::ok,
      in_room ? "from one visitor to the other and back, through the room" : "to myself and back",
      ms_since(start));
}

void irc_check::enter_configured_rooms() {
  std::string missed;
  std::size_t tried = 0;
  for (const std::string& room : config_.rooms) {
    if (tried++ == most_rooms) break;
    std::int64_t ms = 0;
    std::string why = join(first(), room, ms);
    if (!why.empty()) missed += (missed.empty() ? "" : "; ") + room + ": " + why;
    if (why.empty()) first().send("PART " + room + " :done checking");
  }
  if (tried == 0) return;
  if (missed.empty())
    add("rooms", outcome::ok, "the rooms offered on the sign-in page can be joined");
  else
    add("rooms", outcome::failed, "offered on the sign-in page, but closed to us: " + missed);
}

}  // namespace halley
