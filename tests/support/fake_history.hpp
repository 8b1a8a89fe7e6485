// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a fake_ircd needs to be a server with echoes, message ids and history (echo-message,
// labeled-response, draft/chathistory), none of which Debian has in one server; and the faults such
// a server may have with them.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"
#include "tests/support/fake_ircd.hpp"

namespace halley::test {

enum class echo_fault {
  none,
  swallowed,        // taken, told to the room, never echoed
  twice,            // echoed two times
  late,             // echoed only after the next PONG
  lost_with_line,   // the connection ends when the line has been taken
  lost_before_line  // the connection ends, the line was never taken
};

class fake_history {
 public:
  static constexpr const char* everything =
      "message-tags server-time echo-message labeled-response batch draft/chathistory";

  fake_history(fake_ircd& ircd, const std::string& capabilities, const std::string& tokens = {})
      : ircd_(ircd), labels_(capabilities.find("labeled") != std::string::npos),
        echoes_(capabilities.find("echo") != std::string::npos) {
    ircd.offer(capabilities, tokens);
    ircd.answer_with("PRIVMSG", [this](const std::string& nick, const std::string& line) {
      return take_said(nick, line);
    });
    ircd.answer_with("PING", [this](const std::string&, const std::string& line) {
      fake_ircd::replies out{":fake.test PONG fake.test " + line.substr(5)};
      const std::lock_guard lock(mutex_);
      for (std::string& echo : late_) out.push_back(std::move(echo));
      late_.clear();
      return out;
    });
    ircd.answer_with("CHATHISTORY", [this](const std::string&, const std::string& line) {
      return page(line);
    });
  }

  // Kept as history; `heard`: who is connected gets it as well.
  void say(const std::string& from, const std::string& room, const std::string& text,
           bool heard = true) {
    std::string line;
    {
      const std::lock_guard lock(mutex_);
      line = keep(from, room, text);
    }
    if (heard) ircd_.send("", line);
  }
  // For the next lines of clients, one each.
  void spoil(echo_fault how) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(how);
  }
  // Said, and heard, between the next question for history and its answer.
  void say_before_page(const std::string& from, const std::string& room, const std::string& text) {
    const std::lock_guard lock(mutex_);
    meanwhile_.push_back([=, this] { return keep(from, room, text); });
  }
  void refuse_ids() { refuses_ids_ = true; }
  // The next question for history ends the connection.
  void close_instead_of_page() { closes_ = true; }

 private:
  struct kept {
    std::string id;
    std::string room;
    unix_ms at;
    std::string line;  // without tags
  };
  std::string keep(const std::string& from, const std::string& room, const std::string& text) {
    kept one;
    one.id = "id" + std::to_string(lines_.size() + 1);
    one.at = std::chrono::duration_cast<std::chrono::milliseconds>(
                 std::chrono::system_clock::now().time_since_epoch())
                 .count();
    if (!lines_.empty()) one.at = std::max(one.at, lines_.back().at + 1);
    one.room = room;
    one.line = ":" + from + "!u@host.test PRIVMSG " + room + " :" + text;
    lines_.push_back(one);
    return tags_of(one) + " " + one.line;
  }
  static std::string tags_of(const kept& one) {
    return "@time=" + print_iso_time(one.at) + ";msgid=" + one.id;
  }
  fake_ircd::replies take_said(const std::string& nick, const std::string& line) {
    const std::lock_guard lock(mutex_);
    echo_fault fault = echo_fault::none;
    if (!faults_.empty()) {
      fault = faults_.front();
      faults_.pop_front();
    }
    if (fault == echo_fault::lost_before_line) return {"CLOSE"};
    const std::size_t at = line.find("PRIVMSG ");
    const std::size_t text = line.find(" :", at);
    std::string echo = keep(nick, line.substr(at + 8, text - at - 8), line.substr(text + 2));
    if (labels_ && line[0] == '@')
      echo = line.substr(0, line.find(' ')) + ";" + echo.substr(1);
    if (fault == echo_fault::lost_with_line) return {"CLOSE"};
    if (!echoes_ || fault == echo_fault::swallowed) return {"NOOP"};
    if (fault == echo_fault::late) {
      late_.push_back(echo);
      return {"NOOP"};
    }
    if (fault == echo_fault::twice) return {echo, echo};
    return {echo};
  }
  // CHATHISTORY AFTER #room msgid=x 100
  fake_ircd::replies page(const std::string& line) {
    if (closes_.exchange(false)) return {"CLOSE"};
    const std::lock_guard lock(mutex_);
    std::vector<std::string> words;
    for (std::size_t at = line.find("CHATHISTORY"); at < line.size();) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      words.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    const std::string& room = words[2];
    const std::string bound = words[3].substr(words[3].find('=') + 1);
    const bool by_id = words[3].starts_with("msgid=");
    if (by_id && refuses_ids_)
      return {":fake.test FAIL CHATHISTORY INVALID_MSGREFTYPE AFTER " + room + " :no ids here"};
    fake_ircd::replies out;
    for (const auto& said : meanwhile_) out.push_back(said());
    meanwhile_.clear();
    out.push_back(":fake.test BATCH +h chathistory " + room);
    const std::size_t most = out.size() + std::stoul(words[4]);
    bool after = false;
    for (const kept& one : lines_) {
      const bool wanted = by_id ? after : one.at > parse_iso_time(bound).value_or(0);
      if (by_id && one.id == bound) after = true;
      if (wanted && one.room == room && out.size() < most)
        out.push_back(tags_of(one) + ";batch=h " + one.line);
    }
    out.push_back(":fake.test BATCH -h");
    return out;
  }

  fake_ircd& ircd_;
  const bool labels_;
  const bool echoes_;
  std::atomic<bool> refuses_ids_{false};
  std::atomic<bool> closes_{false};
  std::vector<std::function<std::string()>> meanwhile_;
  std::mutex mutex_;
  std::vector<kept> lines_;
  std::deque<echo_fault> faults_;
  std::vector<std::string> late_;
};

}  // namespace halley::test
