// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a client stands on its network: the welcome it got, its nick, its rooms and their topics, read
// from the lines that pass. Kept only for clients that may come back (draft/resume), who are told it
// again. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halley {

// The words of a line; views of it. Tags and source apart.
struct irc_words {
  std::string_view tags;    // without "@"
  std::string_view source;  // without ":"
  std::string_view command;
  std::vector<std::string_view> params;
};
irc_words split_irc(std::string_view line);

class irc_standing {
 public:
  // Every line of the server, in order.
  void take(std::string_view line);
  const std::string& nick() const { return nick_; }
  const std::string& server() const { return server_; }
  // 001 to 005, the end of a message of the day, and the rooms with their topics, as on the way in.
  std::vector<std::string> tell() const;
  // Their names, for NAMES; as many as fit one line.
  std::string rooms() const;

 private:
  struct room {
    std::string name;
    std::string topic;
  };
  bool is_own(std::string_view source) const;
  room* find(std::string_view name);
  void leave(std::string_view name);

  std::vector<std::string> welcome_;  // what follows the nick in 001 to 005: "001", "002" ... in order
  std::string nick_;
  std::string self_;  // nick!user@host, as the server last said it
  std::string server_;
  std::vector<room> rooms_;
};

}  // namespace halley
