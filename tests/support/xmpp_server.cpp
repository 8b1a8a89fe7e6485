// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/xmpp_server.hpp"

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
#include <thread>
#include <utility>

#include "gateway/base/random.hpp"

namespace halley::test {

namespace {

// Below the kernel's ephemeral range, so that no outgoing connection takes it before the server
// does.
std::uint16_t free_port() {
  for (int i = 0; i < 200; ++i) {
    const auto port = static_cast<std::uint16_t>(12000 + random_u64() % 20000);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    if (free) return port;
  }
  throw std::runtime_error("no free port");
}

bool accepts(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool done = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return done;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

void run(const std::string& command) {
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) {
    throw std::runtime_error("failed: " + command);
  }
}

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

const char* const prosody_settings = R"(
daemonize = false
pidfile = "@folder/prosody.pid"
data_path = "@folder/data"
plugin_paths = { "@folder" }
log = { info = "@folder/log"; }
network_backend = "epoll"
interfaces = { "127.0.0.1" }
c2s_ports = { @plain_port }
c2s_direct_tls_ports = { @tls_port }
c2s_direct_tls_ssl = { key = "@folder/key.pem"; certificate = "@folder/cert.pem" }
s2s_ports = { }
http_ports = { }
https_ports = { }
c2s_require_encryption = @needs_tls
allow_unencrypted_plain_auth = true
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "ping"; "carbons"; "posix"; "presence";
  "message"; "iq"; "c2s"; "csi_simple"; "smacks"; "vcard_legacy"; "pep"; @account_modules }
modules_disabled = { "offline"; "limits"; "s2s" }
allow_registration = @registration
storage = "internal"
VirtualHost "@domain"
  authentication = "internal_hashed"
  ssl = { key = "@folder/key.pem"; certificate = "@folder/cert.pem" }
VirtualHost "guest.@domain"
  authentication = "anonymous"
  ssl = { key = "@folder/key.pem"; certificate = "@folder/cert.pem" }
Component "rooms.@domain" "muc"
  modules_enabled = { @room_modules }
  restrict_room_creation = false
  muc_room_default_public = true
  muc_room_default_persistent = @lasting
  max_history_messages = 50
)";

const char* const ejabberd_settings = R"(
hosts: [ "@domain", "guest.@domain" ]
loglevel: warning
registration_timeout: infinity
certfiles: [ "@folder/both.pem" ]
listen:
  - { port: @port, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, shaper: none, access: all, starttls: @tls }
shaper: { normal: 1000000000 }
shaper_rules: { max_user_sessions: 100000 }
acl: { admin: { user: "nobody@nowhere" } }
auth_method: [ internal ]
auth_password_format: scram
host_config:
  guest.@domain:
    auth_method: [ anonymous ]
    anonymous_protocol: sasl_anon
    allow_multiple_connections: true
modules:
  mod_disco: {}
  mod_roster: {}
  mod_ping: {}
  mod_vcard: {}
  mod_carboncopy: {}
  mod_client_state: {}
  mod_stream_mgmt: {}
@registration
  mod_mam: { default: always, assume_mam_usage: true }
  mod_muc:
    host: rooms.@domain
    access: all
    access_create: all
    history_size: 20
    max_users: 5000
    min_message_interval: 0
    max_user_conferences: 1000
    default_room_options: { persistent: @lasting, max_users: 5000, mam: @mam, allow_change_subj: true }
)";

}  // namespace

xmpp_server::xmpp_server(const xmpp_server_options& options)
    : options_(options), port_(free_port()) {
  char name[] = "/tmp/halley-xmpp-XXXXXX";
  if (::mkdtemp(name) == nullptr) throw std::runtime_error("no folder");
  folder_ = name;
  make_certificate();
}

xmpp_server::xmpp_server(xmpp_server&& other) noexcept
    : options_(std::move(other.options_)),
      folder_(std::exchange(other.folder_, {})),
      command_(std::move(other.command_)),
      port_(other.port_),
      process_(std::exchange(other.process_, -1)) {}

xmpp_server::~xmpp_server() {
  kill();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

void xmpp_server::make_certificate() {
  run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
      options_.domain + " -addext subjectAltName=DNS:" + options_.domain + ",DNS:guest." +
      options_.domain + ",DNS:rooms." + options_.domain + " -keyout " + folder_ + "/key.pem -out " +
      folder_ + "/cert.pem");
  run("(cat " + folder_ + "/cert.pem " + folder_ + "/key.pem > " + folder_ + "/both.pem)");
}

xmpp_server xmpp_server::prosody(const xmpp_server_options& options) {
  xmpp_server server(options);
  const std::string& folder = server.folder_;
  std::string text = prosody_settings;
  text = replace_all(text, "@folder", folder);
  const std::string module = "/mod_" + options.moderation + ".lua";
  if (const std::string ours = HALLEY_TEST_SUPPORT + module; std::filesystem::exists(ours)) {
    std::filesystem::copy_file(ours, folder + module);  // which the server's user can read
  }
  const std::string port = std::to_string(server.port_);
  text = replace_all(text, "@plain_port", options.direct_tls ? "" : port);
  text = replace_all(text, "@tls_port", options.direct_tls ? port : "");
  text = replace_all(text, "@lasting", options.lasting ? "true" : "false");
  text = replace_all(text, "@needs_tls", options.tls ? "true" : "false");
  text = replace_all(text, "@account_modules",
                     std::string(options.archive ? "\"mam\";" : "") +
                         (options.registration ? "\"register_ibr\";" : ""));
  text = replace_all(text, "@registration", options.registration ? "true" : "false");
  text = replace_all(text, "@room_modules",
                     std::string(options.archive ? "\"muc_mam\"; " : "") +
                         (options.moderation.empty() ? "" : '"' + options.moderation + '"'));
  text = replace_all(text, "@domain", options.domain);
  write_file(folder + "/prosody.cfg.lua", text);
  // Straight into the storage, as plain passwords: hashed when first used.
  const std::string accounts =
      folder + "/data/" + replace_all(options.domain, ".", "%2e") + "/accounts";
  std::filesystem::create_directories(accounts);
  for (const auto& [name, password] : options.accounts) {
    write_file(accounts + "/" + name + ".dat",
               "return {\n\t[\"password\"] = \"" + password + "\";\n}\n");
  }
  const bool root = ::geteuid() == 0;
  if (root) run("chown -R nobody:nogroup " + folder);
  server.command_ = std::string(root ? "setpriv --pdeathsig KILL "
                                       "--reuid=nobody --regid=nogroup --clear-groups "
                                     : "") +
                    "prosody --config " + folder + "/prosody.cfg.lua -F";
  server.start();
  return server;
}

xmpp_server xmpp_server::ejabberd(const xmpp_server_options& options) {
  xmpp_server server(options);
  const std::string& folder = server.folder_;
  std::string text = ejabberd_settings;
  text = replace_all(text, "@folder", folder);
  text = replace_all(text, "@port", std::to_string(server.port_));
  text = replace_all(text, "@tls", options.tls ? "true" : "false");
  text = replace_all(text, "@lasting", options.lasting ? "true" : "false");
  text = replace_all(text, "@registration", options.registration
                                                ? "  mod_register: { ip_access: all, access: all }"
                                                : "");
  text = replace_all(text, "@mam", options.archive ? "true" : "false");
  text = replace_all(text, "@domain", options.domain);
  write_file(folder + "/ejabberd.yml", text);
  write_file(folder + "/inetrc", "{lookup,[\"file\",\"native\"]}.\n");
  // A mapper of its own (epmd) on a port of its own, so that it can be stopped with the server.
  const std::string epmd = std::to_string(free_port());
  write_file(folder + "/ejabberdctl.cfg",
             "INET_DIST_INTERFACE=127.0.0.1\nERL_EPMD_ADDRESS=127.0.0.1\n"
             "ERL_OPTIONS=\"-start_epmd false -erl_epmd_port " +
                 epmd + "\"\n");
  const bool root = ::geteuid() == 0;
  if (root) run("chown -R ejabberd:ejabberd " + folder);
  server.command_ = std::string(root ? "setpriv --pdeathsig KILL "
                                       "--reuid=ejabberd --regid=ejabberd --clear-groups "
                                     : "") +
                    "env HOME=" + folder + " ejabberdctl --config-dir " + folder +
                    " --ctl-config " + folder + "/ejabberdctl.cfg --config " + folder +
                    "/ejabberd.yml --spool " + folder + "/spool --logs " + folder +
                    "/logs --node e" + epmd + "@localhost foreground";
  server.start();
  return server;
}

void xmpp_server::start() {
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("fork failed");
  if (process_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string line = "exec " + command_ + " >" + folder_ + "/out 2>&1 </dev/null";
    ::execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  wait_until_ready();
}

void xmpp_server::wait_until_ready() {
  // ejabberd takes a second, on a busy machine half a minute.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < until) {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      throw std::runtime_error("the server ended: " + log_end());
    }
    if (accepts(port_)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // polls another process
  }
  throw std::runtime_error("the server does not answer: " + log_end());
}

std::string xmpp_server::log_end() const {
  std::string all;
  for (const char* name : {"/out", "/log", "/logs/ejabberd.log"}) {
    std::ifstream file(folder_ + name);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all.size() > 3000 ? all.substr(all.size() - 3000) : all;
}

void xmpp_server::kill() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);  // its own group: the runtime's children with it
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

void xmpp_server::stop() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGTERM);
  // Its group lives on while any of it does: a server may be the child of a script.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (::kill(-process_, 0) == 0 && std::chrono::steady_clock::now() < until) {
    (void)::waitpid(process_, nullptr, WNOHANG);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // polls another process
  }
  kill();
}

void xmpp_server::start_again() {
  kill();
  start();
}

network xmpp_server::settings() const {
  network out;
  out.name = "xmpp";
  out.title = "Test";
  out.kind = network_kind::xmpp;
  endpoint where;
  where.host = "127.0.0.1";
  where.port = port_;
  out.servers = {where};
  out.domain = options_.domain;
  out.anonymous_domain = "guest." + options_.domain;
  out.muc_service = "rooms." + options_.domain;
  if (options_.tls || options_.direct_tls) {
    out.tls = options_.direct_tls ? tls_mode::direct : tls_mode::starttls;
    out.tls_ca_file = certificate();
  }
  out.connect_timeout_s = 10;
  return out;
}

}  // namespace halley::test
