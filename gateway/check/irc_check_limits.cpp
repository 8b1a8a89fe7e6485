// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many visitors at a time, and how many lines.
#include "gateway/check/irc_check.hpp"

#include <cstdio>

namespace halley {

namespace {

using std::chrono::seconds;
constexpr std::size_t most_connections = 8;

}  // namespace

// The others arrive all at once, as after a restart of the gateway.
void irc_check::count_connections() {
  std::vector<irc_login> others;
  for (std::size_t i = visitors_.size(); i < most_connections; ++i)
    others.push_back(begin_login(config_, server_, wants(i)));
  std::vector<irc_client*> all = everybody();
  for (irc_login& one : others)
    if (one.client) all.push_back(one.client.get());
  run_until(all, soon(), [&] {
    return std::all_of(all.begin(), all.end(),
                       [](irc_client* one) { return one->is_online() || one->is_over(); });
  });
  refusal why = refusal::none;
  std::string words;
  for (irc_login& one : others) {
    if (one.is_in() && !one.client->is_over()) {
      visitors_.push_back(std::move(one));
    } else if (words.empty()) {
      if (one.client) judge_login(one, config_);
      words = one.words;
      why = one.why;
    }
  }
  const std::string how =
      address_told_ ? ", each with an address of its own" : ", all from one address";
  const std::string count = std::to_string(visitors_.size());
  if (words.empty())
    return add("clones", outcome::ok, count + " connections at a time are accepted" + how);
  add("clones", outcome::failed,
      std::string(why == refusal::throttled ? "new connections are throttled: " : "clone limit: ") +
          "only " + count + (visitors_.size() == 1 ? " connection is" : " connections are") +
          " accepted at a time" + how + "; the next is refused: " + words);
}

void irc_check::write_fast() {
  // The last to come: nothing it did before counts against it.
  irc_client& writer = *visitors_.back().client;
  irc_client& reader = first();
  std::int64_t ms = 0;
  const bool in_room = &writer != &reader && !room_.empty() &&
                       (visitors_.size() == 2 || join(writer, room_, ms).empty());
  const std::string target = in_room ? room_ : reader.nick();
  const std::size_t sent = std::clamp<std::size_t>(config_.flood_burst + 8, 12, 20);
  const std::size_t from = reader.all().size();
  const auto start = check_clock::now();
  for (std::size_t i = 0; i < sent; ++i)
    writer.send("PRIVMSG " + target + " :halley check, line " + std::to_string(i + 1));
  std::vector<std::int64_t> arrivals;
  std::size_t at = from;
  run_until(everybody(), start + seconds(8), [&] {
    for (; at < reader.all().size(); ++at) {
      const heard& line = reader.all()[at];
      if (line.command == "PRIVMSG" && line.from == writer.nick())
        arrivals.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(line.at - start).count());
    }
    return arrivals.size() == sent || writer.is_over() || reader.is_over();
  });
  judge_pace(writer, sent, arrivals);
}

void irc_check::judge_pace(irc_client& writer, std::size_t sent,
                           const std::vector<std::int64_t>& arrivals) {
  const std::int64_t ms = arrivals.empty() ? -1 : arrivals.back();
  seen_.lines = pace_of(sent, arrivals);
  char ours[96];
  std::snprintf(ours, sizeof ours, "halley.toml lets a visitor send %u and then %.1f a second",
                config_.flood_burst, config_.flood_rate);
  if (writer.is_over()) {
    seen_.is_slowed = true;
    seen_.lines.at_once /= 2;  // a safe distance: what it counts besides lines is unknown
    return add("flood", outcome::failed,
               "flood limit: the server closed the connection after " +
                   std::to_string(arrivals.size()) + " of " + std::to_string(sent) +
                   " lines sent at one go (\"" + writer.error_text() + "\"); " + ours,
               ms);
  }
  if (arrivals.empty())
    return add("flood", outcome::failed,
               "none of " + std::to_string(sent) + " lines sent at one go arrived within 8 s");
  seen_.is_slowed = is_too_fast(seen_.lines, config_.flood_rate, config_.flood_burst);
  add("flood", seen_.is_slowed ? outcome::warning : outcome::ok,
      (seen_.is_slowed ? "flood limit: the server slows visitors down: " : "") +
          print_pace(seen_.lines) + (seen_.lines.at_once < sent ? std::string("; ") + ours : ""),
      ms);
}

}  // namespace halley
