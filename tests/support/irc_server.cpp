// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/irc_server.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gateway/base/random.hpp"

namespace halley::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Below the kernel's ephemeral range, so that no outgoing connection takes it before the server
// does.
std::uint16_t free_port() {
  for (int i = 0; i < 200; ++i) {
    const auto port = static_cast<std::uint16_t>(12000 + random_u64() % 20000);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    if (free) return port;
  }
  throw std::runtime_error("no free port");
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

const char* const ngircd_settings = R"([Global]
Name = plain.irc.test
Info = live tests
Listen = 127.0.0.1
Ports = @port
MotdPhrase = Welcome to the plain server.
AdminEMail = admin@plain.irc.test
Network = LiveNet
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
MaxNickLength = 30
MaxListSize = 1000
[Options]
DNS = no
Ident = no
PAM = no
WebircPassword = gateway-secret
SyslogFacility = local1
[SSL]
CertFile = @folder/cert.pem
KeyFile = @folder/key.pem
Ports = @tls_port
)";

// defaultmodes needs the o: without it nobody becomes an operator of a new room.
const char* const inspircd_settings =
    R"(<server name="rich.irc.test" description="live tests" network="LiveNet" id="1AA">
<admin name="admin" nick="admin" email="admin@rich.irc.test">
<bind address="127.0.0.1" port="@port" type="clients">
<bind path="@folder/clients.sock" type="clients" permissions="0777" replace="yes">
@modules
<cgihost type="webirc" mask="127.0.0.*" password="gateway-secret">
<cgihost type="webirc" mask="*/clients.sock" password="gateway-secret">
<chanhistory maxlines="100" maxduration="1h" bots="no">
<connect name="main" allow="*" timeout="30" pingfreq="120" hardsendq="8M" softsendq="4M" recvq="64K"
 threshold="1000000" commandrate="1000000000" fakelag="no" localmax="100000" globalmax="100000"
 maxchans="1000" resolvehostnames="no" useident="no" maxconnwarn="no" limit="100000">
<class name="X" commands="*" usermodes="*" chanmodes="*">
<type name="NetAdmin" classes="X">
<files motd="@folder/motd">
<path configdir="@folder" datadir="@folder" logdir="@folder" moduledir="/usr/lib/inspircd/modules"
 runtimedir="@folder">
<pid file="@folder/pid">
<dns server="127.0.0.1" timeout="1">
<options defaultmodes="not" allowzerolimit="no" allowhalfop="yes">
<performance netbuffersize="10240" somaxconn="1024" softlimit="100000" quietbursts="yes">
<security hidewhois="" customversion="" maxtargets="20">
<limits maxnick="30" maxchan="64" maxuser="20" maxhost="64" maxline="512">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="@folder/log">
)";

const char* const inspircd_modules[] = {"cgiirc",
                                        "sha1",
                                        "md5",
                                        "cap",
                                        "ircv3",
                                        "ircv3_accounttag",
                                        "ircv3_batch",
                                        "ircv3_capnotify",
                                        "ircv3_chghost",
                                        "ircv3_ctctags",
                                        "ircv3_echomessage",
                                        "ircv3_invitenotify",
                                        "ircv3_labeledresponse",
                                        "ircv3_msgid",
                                        "ircv3_servertime",
                                        "namesx",
                                        "uhnames",
                                        "monitor",
                                        "chanhistory",
                                        "services_account",
                                        "setname",
                                        "sslmodes",
                                        "muteban"};

}  // namespace

irc_server::irc_server(irc_kind kind) : port_(free_port()), tls_port_(free_port()) {
  char name[] = "/tmp/halley-irc-XXXXXX";
  if (::mkdtemp(name) == nullptr) throw std::runtime_error("no folder");
  folder_ = name;
  std::string modules;
  for (const char* one : inspircd_modules)
    modules += "<module name=\"" + std::string(one) + "\">\n";
  std::string text = kind == irc_kind::ngircd ? ngircd_settings : inspircd_settings;
  text = replaced(text, "@folder", folder_);
  text = replaced(text, "@tls_port", std::to_string(tls_port_));
  text = replaced(text, "@port", std::to_string(port_));
  text = replaced(text, "@modules", modules);
  std::ofstream(folder_ + "/server.conf") << text;
  std::ofstream(folder_ + "/motd") << "Welcome to the rich server.\n";
  std::string prepare =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
      "-subj /CN=irc.test -addext subjectAltName=DNS:irc.test -keyout " +
      folder_ + "/key.pem -out " + folder_ + "/cert.pem >/dev/null 2>&1";
  const bool root = ::geteuid() == 0;
  if (root) prepare += " && chown -R nobody:nogroup " + folder_;
  if (std::system(prepare.c_str()) != 0) throw std::runtime_error("failed: " + prepare);
  command_ = root ? "setpriv --reuid=nobody --regid=nogroup --clear-groups " : "";
  command_ += kind == irc_kind::ngircd
                  ? "/usr/sbin/ngircd -n -f " + folder_ + "/server.conf"
                  : "/usr/sbin/inspircd --nofork --nopid --config " + folder_ + "/server.conf";
  start();
}

irc_server::~irc_server() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void irc_server::start() {
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("fork failed");
  if (process_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string line =
        "cd " + folder_ + " && exec " + command_ + " >>" + folder_ + "/out 2>&1 </dev/null";
    ::execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < until) {
    if (const int fd = connect_to(port_); fd >= 0) {
      ::close(fd);
      return;
    }
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // polls another process
  }
  std::ifstream out(folder_ + "/out");
  throw std::runtime_error("the server did not come up: " +
                           std::string(std::istreambuf_iterator<char>(out), {}));
}

void irc_server::kill() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

network irc_server::settings() const {
  network out;
  out.name = "irc";
  out.title = "Test";
  out.servers = {{"127.0.0.1", port_, ""}};
  out.webirc_password = "gateway-secret";
  out.flood_burst = 100;  // the tests are in a hurry; pacing has tests of its own
  out.flood_rate = 100;
  out.connect_timeout_s = 10;
  return out;
}

irc_person::irc_person(const irc_server& server, const std::string& nick, const std::string& room)
    : fd_(connect_to(server.port())) {
  if (fd_ < 0) throw std::runtime_error("no connection for " + nick);
  thread_ = std::thread([this] { run(); });
  send("NICK " + nick + "\r\nUSER p 0 * :a person");
  if (hears({" 376 "}).empty()) throw std::runtime_error(nick + " was not let in");
  send("JOIN " + room);
  if (hears({" 366 "}).empty()) throw std::runtime_error(nick + " did not get into " + room);
}

irc_person::~irc_person() {
  ::shutdown(fd_, SHUT_RDWR);
  thread_.join();
  ::close(fd_);
}

void irc_person::send(const std::string& line) {
  const std::string bytes = line + "\r\n";
  (void)!::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void irc_person::run() {
  std::string partial;
  char buffer[8192];
  for (ssize_t got; (got = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;) {
    partial.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t end; (end = partial.find("\r\n")) != std::string::npos;) {
      std::string line = partial.substr(0, end);
      partial.erase(0, end + 2);
      if (line.rfind("PING", 0) == 0) send("PONG" + line.substr(4));
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
      changed_.notify_all();
    }
  }
}

std::string irc_person::hears(const std::vector<std::string>& parts) {
  std::unique_lock lock(mutex_);
  std::string found;
  changed_.wait_for(lock, std::chrono::seconds(10), [&] {
    for (const std::string& line : lines_) {
      bool all = true;
      for (const std::string& part : parts) all = all && line.find(part) != std::string::npos;
      if (all) {
        found = line;
        return true;
      }
    }
    return false;
  });
  return found;
}

std::vector<std::string> irc_person::lines() {
  const std::lock_guard lock(mutex_);
  return lines_;
}

}  // namespace halley::test
