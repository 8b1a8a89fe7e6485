// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_ircd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

namespace halley {
namespace {

constexpr auto patience = std::chrono::seconds(10);
const std::string server = "fake.test";

std::string word(const std::string& line, std::size_t index) {
  std::size_t at = 0;
  for (std::size_t i = 0;; ++i) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    if (i == index) {
      const std::string found = line.substr(at, end - at);
      return !found.empty() && found[0] == ':' ? line.substr(at + 1) : found;
    }
    if (end == line.size()) return {};
    at = end + 1;
  }
}

}  // namespace

fake_ircd::fake_ircd() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("fake_ircd: cannot listen");
  port_ = ntohs(address.sin_port);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { run(); });
}

fake_ircd::~fake_ircd() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  thread_.join();
  for (const auto& [fd, who] : clients_) ::close(fd);
  ::close(listener_);
  ::close(wake_);
}

void fake_ircd::run() {
  for (;;) {
    std::vector<pollfd> polled{{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      for (const auto& [fd, who] : clients_) polled.push_back({fd, POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), 1000);
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (polled[0].revents != 0) accept_one();
    for (std::size_t i = 2; i < polled.size(); ++i)
      if (polled[i].revents != 0 && clients_.count(polled[i].fd) != 0) read_from(polled[i].fd);
  }
}

void fake_ircd::accept_one() {
  const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) return;
  clients_[fd];
  ++accepted_;
  changed_.notify_all();
}

void fake_ircd::read_from(int fd) {
  char buffer[4096];
  const ssize_t got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN)) return close_one(fd);
  if (got < 0) return;
  clients_[fd].partial.append(buffer, static_cast<std::size_t>(got));
  for (;;) {
    const auto at = clients_.find(fd);
    if (at == clients_.end()) return;
    std::string& partial = at->second.partial;
    const std::size_t end = partial.find("\r\n");
    if (end == std::string::npos) return;
    const std::string line = partial.substr(0, end);
    partial.erase(0, end + 2);
    seen_.emplace_back(at->second.nick, line);
    changed_.notify_all();
    if (!silent_) on_line(fd, line);
  }
}

bool fake_ircd::play_fault(int fd, const std::string& command, const std::string& line) {
  if (command == die_at_) {
    close_one(fd);
    return true;
  }
  replies lines;
  if (const auto planned = answers_.find(command); planned != answers_.end())
    lines.push_back(planned->second);
  if (const auto made = replies_.find(command); made != replies_.end())
    lines = made->second(clients_[fd].nick, line);
  for (std::string& one : lines) {
    if (one == "CLOSE") {
      close_one(fd);
      return true;
    }
    if (const auto at = one.find("%n"); at != std::string::npos)
      one.replace(at, 2, clients_[fd].nick.empty() ? "*" : clients_[fd].nick);
    write_line(fd, one);
  }
  return !lines.empty();
}

void fake_ircd::on_line(int fd, const std::string& whole) {
  const std::string line = whole[0] == '@' ? whole.substr(whole.find(' ') + 1) : whole;
  const std::string command = word(line, 0);
  client& who = clients_[fd];
  if (command == "NICK") who.nick = word(line, 1);
  if (play_fault(fd, command, whole)) return;
  const std::string me = who.nick + "!" + who.user + "@host.test";
  if (command == "CAP") {
    if (word(line, 1) == "LS") {
      who.cap_open = true;
      write_line(fd, ":" + server + " CAP * LS :" + capabilities_);
    } else if (word(line, 1) == "REQ") {
      write_line(fd, ":" + server + " CAP * ACK " + line.substr(line.find(" :") + 1));
    } else if (word(line, 1) == "END") {
      who.cap_open = false;
      register_if_ready(fd, who);
    }
  } else if (command == "NICK" || command == "USER") {
    if (command == "USER") who.user = word(line, 1);
    register_if_ready(fd, who);
  } else if (command == "PING") {
    write_line(fd, ":" + server + " PONG " + server + " :" + word(line, 1));
  } else if (command == "JOIN") {
    std::stringstream rooms(word(line, 1));
    for (std::string room; std::getline(rooms, room, ',');) join(fd, who, room);
  } else if (command == "PART") {
    const std::string room = word(line, 1);
    relay(fd, room, ":" + me + " PART " + room, true);
    who.rooms.erase(room);
  } else if (command == "PRIVMSG" || command == "NOTICE") {
    relay(fd, word(line, 1), ":" + me + " " + line, false);
  } else if (command == "QUIT") {
    write_line(fd, "ERROR :Closing link");
    close_one(fd);
  }
}

void fake_ircd::join(int fd, client& who, const std::string& room) {
  who.rooms.insert(room);
  relay(fd, room, ":" + who.nick + "!" + who.user + "@host.test JOIN " + room, true);
  std::string names;
  for (const auto& [other, one] : clients_)
    if (one.rooms.count(room) != 0) names += (names.empty() ? "" : " ") + one.nick;
  write_line(fd, ":" + server + " 353 " + who.nick + " = " + room + " :" + names);
  write_line(fd, ":" + server + " 366 " + who.nick + " " + room + " :End of NAMES");
}

void fake_ircd::register_if_ready(int fd, client& who) {
  if (who.registered || who.cap_open || who.nick.empty() || who.user.empty()) return;
  who.registered = true;
  write_line(fd, ":" + server + " 001 " + who.nick + " :Welcome");
  write_line(fd, ":" + server + " 005 " + who.nick +
                     " CHANTYPES=# PREFIX=(ov)@+ NICKLEN=20 CASEMAPPING=ascii " +
                     tokens_ + " :are supported");
  write_line(fd, ":" + server + " 422 " + who.nick + " :No MOTD");
}

void fake_ircd::relay(int fd, const std::string& room, const std::string& line, bool also_self) {
  for (const auto& [other, one] : clients_)
    if (one.rooms.count(room) != 0 && (also_self || other != fd)) write_line(other, line);
}

void fake_ircd::write_line(int fd, const std::string& line) {
  const std::string bytes = line + "\r\n";
  (void)!::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void fake_ircd::close_one(int fd) {
  clients_.erase(fd);
  ::close(fd);
  changed_.notify_all();
}

void fake_ircd::be_silent(bool silent) {
  const std::lock_guard lock(mutex_);
  silent_ = silent;
}
void fake_ircd::die_at(std::string command) {
  const std::lock_guard lock(mutex_);
  die_at_ = std::move(command);
}
void fake_ircd::answer(std::string command, std::string line) {
  const std::lock_guard lock(mutex_);
  answers_[std::move(command)] = std::move(line);
}
void fake_ircd::answer_with(
    std::string command,
    std::function<replies(const std::string& nick, const std::string& line)> reply) {
  const std::lock_guard lock(mutex_);
  replies_[std::move(command)] = std::move(reply);
}
void fake_ircd::offer(std::string capabilities, std::string tokens) {
  const std::lock_guard lock(mutex_);
  capabilities_ = std::move(capabilities);
  tokens_ = std::move(tokens);
}
void fake_ircd::drop_everybody() {
  const std::lock_guard lock(mutex_);
  while (!clients_.empty()) close_one(clients_.begin()->first);
}
void fake_ircd::send(const std::string& nick, const std::string& line) {
  const std::lock_guard lock(mutex_);
  for (const auto& [fd, who] : clients_)
    if (nick.empty() || who.nick == nick) write_line(fd, line);
}

bool fake_ircd::receives(const std::string& nick,
                         const std::function<bool(const std::string&)>& matches) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] {
    return std::any_of(seen_.begin(), seen_.end(), [&](const auto& one) {
      return (nick.empty() || one.first == nick) && matches(one.second);
    });
  });
}
bool fake_ircd::receives_line_with(const std::string& nick, const std::string& part) {
  return receives(nick, [&](const std::string& line) { return line.find(part) != line.npos; });
}
int fake_ircd::count_lines_with(const std::string& part) {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count_if(seen_.begin(), seen_.end(), [&](const auto& one) {
    return one.second.find(part) != std::string::npos;
  }));
}
bool fake_ircd::connections_reach(int count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience,
                           [&] { return static_cast<int>(clients_.size()) == count; });
}
int fake_ircd::connections_seen() {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

}  // namespace halley
