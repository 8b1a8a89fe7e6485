// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/irc_client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace halley {

// The library's way back to its client. Nothing may throw through its frames; what cannot be noted
// for want of memory is lost.
struct irc_callbacks_access {
  static void note(irc_session_t* session, const char* verb, const char* origin,
                   const char** params, unsigned count) noexcept try {
    auto& self = *static_cast<irc_client*>(irc_get_ctx(session));
    if (std::string_view(verb) == "CHANNEL") verb = "PRIVMSG";  // the library's word for a room's
    heard line{verb, "", {}, check_clock::now()};
    std::string_view from = origin ? origin : "";
    line.from = from.substr(0, from.find('!'));
    for (unsigned i = 0; i < count; ++i) line.params.emplace_back(params[i] ? params[i] : "");
    if (line.command == "001") {
      self.online_ = true;
      self.nick_ = line.param(0);
    }
    self.heard_.push_back(std::move(line));
  } catch (...) {
  }

  static void on_event(irc_session_t* session, const char* event, const char* origin,
                       const char** params, unsigned count) noexcept {
    note(session, event, origin, params, count);
  }

  static void on_numeric(irc_session_t* session, unsigned code, const char* origin,
                         const char** params, unsigned count) noexcept {
    char digits[8];
    std::snprintf(digits, sizeof digits, "%03u", code % 1000);
    note(session, digits, origin, params, count);
  }
};

std::string line_for_library(std::string_view line) {
  if (line.starts_with('@')) {
    std::size_t end = line.find(' ');
    line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
  }
  while (line.starts_with(' ')) line.remove_prefix(1);
  std::string_view words = line;
  const bool has_prefix = words.starts_with(':');
  if (has_prefix) words.remove_prefix(std::min(words.find(' '), words.size() - 1) + 1);
  std::size_t end = words.find(' ');
  // A line of a prefix or a command alone makes the library read what it never wrote, and a NICK
  // without a prefix ends it.
  if (end == std::string_view::npos || end == 0 || end + 1 == words.size()) return {};
  if (!has_prefix && words.substr(0, end) == "NICK") return {};
  constexpr std::size_t longest = 900;  // its buffer holds 1024 bytes and stalls when full
  return std::string(line.substr(0, longest)) + "\r\n";
}

irc_client::irc_client(wire connection, const std::string& nick, const std::string& first_lines)
    : wire_(std::move(connection)), nick_(nick) {
  irc_callbacks_t callbacks{};
  auto event = irc_callbacks_access::on_event;
  // event_connect repeats 376, which comes as a numeric too.
  callbacks.event_nick = callbacks.event_quit = callbacks.event_join = callbacks.event_part = event;
  callbacks.event_mode = callbacks.event_umode = callbacks.event_topic = event;
  callbacks.event_kick = callbacks.event_channel = callbacks.event_privmsg = event;
  callbacks.event_notice = callbacks.event_channel_notice = callbacks.event_invite = event;
  callbacks.event_ctcp_req = callbacks.event_ctcp_rep = callbacks.event_ctcp_action = event;
  callbacks.event_unknown = event;
  callbacks.event_numeric = irc_callbacks_access::on_numeric;
  session_ = irc_create_session(&callbacks);
  if (!session_) throw std::runtime_error("libircclient: no session");
  irc_set_ctx(session_, this);

  wire_.write(first_lines);
  int pair[2];
  // Any address will do: the socket it opens is replaced before it can matter.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0 ||
      irc_connect(session_, "127.0.0.1", 9, nullptr, nick.c_str(), "halley", "halley check") != 0)
    throw std::runtime_error("libircclient: no connection");
  fd_set in, out;
  FD_ZERO(&in);
  FD_ZERO(&out);
  irc_add_select_descriptors(session_, &in, &out, &library_fd_);
  ::dup2(pair[0], library_fd_);
  ::close(pair[0]);
  our_fd_ = pair[1];
}

irc_client::~irc_client() {
  irc_destroy_session(session_);  // closes library_fd_
  ::close(our_fd_);
}

const heard* irc_client::find(std::string_view verb, std::size_t from) const {
  for (std::size_t i = from; i < heard_.size(); ++i)
    if (heard_[i].command == verb) return &heard_[i];
  return nullptr;
}

std::string irc_client::error_text() const {
  const heard* line = find("ERROR");
  return line ? quoted(line->param(0)) : std::string();
}

// Past the library's own buffer of 1 KB, which would refuse a burst.
void irc_client::send(const std::string& line) {
  if (over_) return;
  take_from_library();
  wire_.write(line + "\r\n");  // a loss shows when reading, after the server's last words
}

void irc_client::add_to(std::vector<pollfd>& list) const {
  if (over_) return;
  list.push_back({wire_.fd(), POLLIN, 0});
  list.push_back({our_fd_, POLLIN, 0});
}

void irc_client::move() {
  if (over_) return;
  bool open = wire_.read(from_server_);
  give_to_library();
  // Sixteen rounds empty any burst a poll can bring; the rest waits for the next.
  for (int round = 0; round < 16; ++round) {
    run_library();
    if (to_library_.empty()) break;
    give_to_library();
  }
  take_from_library();
  if (!open && to_library_.empty()) over_ = true;
}

void irc_client::give_to_library() {
  std::size_t start = 0, end;
  while ((end = from_server_.find('\n', start)) != std::string::npos) {
    std::string_view line(from_server_.data() + start, end - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    to_library_ += line_for_library(line);
    start = end + 1;
  }
  from_server_.erase(0, start);
  if (from_server_.size() > 16384) from_server_.clear();  // tags end at 8191: no IRC server
  while (!to_library_.empty()) {
    ssize_t sent = ::send(our_fd_, to_library_.data(),
                          std::min<std::size_t>(to_library_.size(), 512), MSG_NOSIGNAL);
    if (sent <= 0) break;
    to_library_.erase(0, static_cast<std::size_t>(sent));
  }
}

// The library spins when told of readiness that is not there, so it is asked for each step.
void irc_client::run_library() {
  for (;;) {
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    int top = 0;
    irc_add_select_descriptors(session_, &in, &out, &top);
    timeval none{0, 0};
    if (::select(top + 1, &in, &out, nullptr, &none) <= 0) return;
    if (irc_process_select_descriptors(session_, &in, &out) != 0) {
      over_ = true;
      return;
    }
  }
}

void irc_client::take_from_library() {
  char buffer[4096];
  for (;;) {
    ssize_t got = ::recv(our_fd_, buffer, sizeof buffer, 0);
    if (got <= 0) return;
    wire_.write({buffer, static_cast<std::size_t>(got)});
  }
}

bool run_until(const std::vector<irc_client*>& clients, check_clock::time_point deadline,
               const std::function<bool()>& enough) {
  std::vector<pollfd> list;
  for (;;) {
    for (irc_client* one : clients) one->move();
    if (enough()) return true;
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - check_clock::now());
    if (left.count() <= 0) return false;
    list.clear();
    for (irc_client* one : clients) one->add_to(list);
    ::poll(list.data(), list.size(), static_cast<int>(left.count()));
  }
}

}  // namespace halley
