// SPDX-License-Identifier: GPL-3.0-or-later
//
// An IRC server for the faults a real one does not produce on demand: it is silent, slow, rude or
// gone exactly when a story wants it. Knows just enough of RFC 2812 to let clients in and relay
// between them. Runs on a thread of its own; every member may be called from the test's thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace halley {

class fake_ircd {
 public:
  fake_ircd();
  ~fake_ircd();
  fake_ircd(const fake_ircd&) = delete;
  fake_ircd& operator=(const fake_ircd&) = delete;

  std::uint16_t port() const { return port_; }

  // --- faults; set them before clients connect --------------------------------------------------
  // Says nothing at all to new connections.
  void be_silent(bool silent);
  // Closes the connection as soon as a line begins with this command ("CAP", "NICK", "JOIN").
  void die_at(std::string command);
  // Answers this command with this line instead of doing it; "%n" is the client's nick.
  void answer(std::string command, std::string line);
  // Answers this command with what `reply` makes of the client's nick and its whole line, tags and
  // all, on the server's thread; the line "CLOSE" closes the connection there. An empty answer
  // leaves the command to the server.
  using replies = std::vector<std::string>;
  void answer_with(std::string command,
                   std::function<replies(const std::string& nick, const std::string& line)> reply);
  // Capabilities and tokens of 005 besides the usual ones.
  void offer(std::string capabilities, std::string tokens = {});
  // Closes every connection now.
  void drop_everybody();
  // Sends a raw line to one client, or to all ("").
  void send(const std::string& nick, const std::string& line);

  // --- what was seen; each waits for at most ten seconds ------------------------------------------
  // A line of this client (by nick; "" any) for which `matches` holds.
  bool receives(const std::string& nick, const std::function<bool(const std::string&)>& matches);
  bool receives_line_with(const std::string& nick, const std::string& part);
  int count_lines_with(const std::string& part);
  bool connections_reach(int count);  // open ones
  int connections_seen();

 private:
  struct client {
    std::string nick;
    std::string user;
    std::string partial;
    bool registered = false;
    bool cap_open = false;
    std::set<std::string> rooms;
  };
  void run();
  void accept_one();
  void read_from(int fd);
  void on_line(int fd, const std::string& line);
  bool play_fault(int fd, const std::string& command, const std::string& line);
  void join(int fd, client& who, const std::string& room);
  void register_if_ready(int fd, client& who);
  void relay(int fd, const std::string& room, const std::string& line, bool also_self);
  void write_line(int fd, const std::string& line);
  void close_one(int fd);

  int listener_ = -1;
  int wake_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, client> clients_;
  std::vector<std::pair<std::string, std::string>> seen_;  // nick, line
  std::map<std::string, std::string> answers_;
  std::map<std::string, std::function<replies(const std::string&, const std::string&)>> replies_;
  std::string capabilities_ = "server-time";
  std::string tokens_;
  std::string die_at_;
  bool silent_ = false;
  bool stopping_ = false;
  int accepted_ = 0;
  std::thread thread_;
};

}  // namespace halley
