// SPDX-License-Identifier: GPL-3.0-or-later
//
// One IRC connection of `halley check`: libircclient over a wire of ours. The library does neither
// TLS nor WEBIRC, so its socket is replaced by one end of a socket pair; lines pass between the
// other end and the wire, and what the library cannot bear (tags, empty lines, lines over 1 KB)
// stops there.
#pragma once

#include <libircclient.h>
#include <poll.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/check/wire.hpp"

namespace halley {

// One line from the server as the library reported it; "001" or "PRIVMSG".
struct heard {
  std::string command;
  std::string from;  // nick, or the server's name
  std::vector<std::string> params;
  check_clock::time_point at;

  std::string_view param(std::size_t which) const {
    return which < params.size() ? std::string_view(params[which]) : std::string_view();
  }
};

// The line as it may be given to the library; empty: keep it away.
std::string line_for_library(std::string_view line);

class irc_client {
 public:
  // `first_lines` go out before the library's NICK and USER: WEBIRC, PASS, CAP. `nick` is letters
  // and digits of ours, never a visitor's: the library takes it as a format string.
  irc_client(wire connection, const std::string& nick, const std::string& first_lines);
  irc_client(const irc_client&) = delete;
  irc_client& operator=(const irc_client&) = delete;
  ~irc_client();

  const std::vector<heard>& all() const { return heard_; }
  // The first with this command at or after place `from`; null when there is none yet.
  const heard* find(std::string_view verb, std::size_t from = 0) const;
  void send(const std::string& line);
  void quit() { send("QUIT :done checking"); }

  bool is_online() const { return online_; }  // 001 was seen
  bool is_over() const { return over_; }      // the connection is lost
  std::string error_text() const;             // the server's ERROR line; empty: none
  const std::string& nick() const { return nick_; }
  const wire& connection() const { return wire_; }

  // For run(): one round of moving bytes.
  void add_to(std::vector<pollfd>& list) const;
  void move();

 private:
  friend struct irc_callbacks_access;
  void give_to_library();
  void run_library();
  void take_from_library();

  wire wire_;
  std::string nick_;
  irc_session_t* session_ = nullptr;
  int library_fd_ = -1;  // the library's end of the pair
  int our_fd_ = -1;
  std::string from_server_;  // up to a line end
  std::string to_library_;
  std::vector<heard> heard_;
  bool online_ = false;
  bool over_ = false;
};

// Moves bytes for all of them until `enough` holds or the deadline passes; says whether it held.
bool run_until(const std::vector<irc_client*>& clients, check_clock::time_point deadline,
               const std::function<bool()>& enough);

}  // namespace halley
