// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many sessions in rooms, one epoll set, one thread: opens them, counts what each receives, and has
// somebody speak. A spoken line carries the moment it was sent, so that every copy tells its delay.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/load/wire.hpp"
#include "tests/load/xmpp_login.hpp"

namespace load {

// What the far side speaks.
enum class language : std::uint8_t { chat_dialect, irc, xmpp, bosh };

struct options {
  target to;
  language speaks = language::chat_dialect;
  std::string network = "irc";
  std::string domain;       // of XMPP, where guests log in
  std::string room_suffix;  // behind a room's number: "@rooms.example.org"
  target speaker;       // a bare IRC server, so that speaking costs the measured process nothing, or,
                        // where the crowd speaks XMPP, XMPP over WebSocket; without a port the first
                        // member of the room speaks
  int sources = 0;      // local addresses 127.0.0.2 ... used in turn; 0: the kernel's choice
  std::string nick_prefix = "u";
};

struct outcome {
  std::uint64_t expected = 0;
  std::uint64_t delivered = 0;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

class crowd {
 public:
  explicit crowd(options what);
  ~crowd();

  // Opens `count` more, `per_room` to a room named prefix + number; true when all have joined.
  bool open(std::size_t count, std::size_t per_room, const std::string& prefix,
            std::size_t in_flight, double timeout_s);
  // Until nothing has arrived for that long.
  void settle(int quiet_ms);
  // `count` lines of about `size` bytes into the room: one each `interval_ms`, or (0) as many as keep
  // at most `window` lines under way.
  outcome speak(const std::string& room, std::size_t count, int interval_ms, std::size_t window,
                std::size_t size);
  void close_all();
  // Handles what has arrived; waits at most that long.
  bool turn(int wait_ms);

  std::size_t joined() const { return joined_; }
  std::size_t failed() const { return failed_; }
  const std::string& last_trouble() const { return trouble_; }

 private:
  struct member {
    std::unique_ptr<wire> socket;
    std::string nick;
    std::string room;
    std::uint64_t events = 0;  // numbered events received
    std::uint64_t acked = 0;
    std::uint64_t said = 0;    // commands sent
    bool registered = false;
    bool joined = false;
    bool failed = false;
    bool is_speaker = false;
    language speaks = language::chat_dialect;
    xmpp_login login;          // of XMPP
    std::uint64_t request = 0;  // of BOSH: rid of the last one
    std::string session;        // of BOSH: sid
  };

  void add(member who, const target& to, int source);
  void on_open(member& who);
  void on_message(member& who, std::string_view message);
  void on_chat_event(member& who, std::string_view message);
  void on_irc_line(member& who, std::string_view message);
  void on_stanzas(member& who, std::string_view message);
  void send_xmpp(member& who, const xmpp_login::step& what);
  void on_stamp(std::string_view rest);
  void fail(member& who, std::string_view why);
  void acknowledge_all();
  member* speaker_of(const std::string& room);
  void say(member& who, const std::string& room, std::size_t size);

  options what_;
  int poll_;
  std::vector<std::unique_ptr<member>> members_;
  std::map<std::string, std::size_t> room_sizes_;
  std::unique_ptr<member> speaker_;
  std::size_t joined_ = 0;
  std::size_t failed_ = 0;
  std::uint64_t delivered_ = 0;
  std::vector<std::uint32_t> delays_us_;
  std::string trouble_;
};

}  // namespace load
