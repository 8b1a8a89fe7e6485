// SPDX-License-Identifier: GPL-3.0-or-later
//
// From an endpoint to a connected socket: servers in turn, addresses in turn, PROXY header.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "bridges/link_opening.hpp"
#include "bridges/proxy_header.hpp"
#include "gateway/base/random.hpp"

namespace halley {
namespace {

namespace ip = boost::asio::ip;
using ip::tcp;
constexpr steady_ms longest_turn = 1000;

// Nothing for a Unix socket.
std::pair<std::string, std::uint16_t> peer_of(int fd) {
  tcp::endpoint peer;
  socklen_t size = static_cast<socklen_t>(peer.capacity());
  if (::getpeername(fd, peer.data(), &size) != 0 || peer.data()->sa_family == AF_UNIX) return {};
  return {peer.address().to_string(), peer.port()};
}

}  // namespace

std::string link_error_in_words(const error_code& ec) {
  switch (ec.value()) {
    case ECONNREFUSED:
      return "refused the connection: nothing listens there";
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "cannot be reached";
    case ECONNRESET:
    case EPIPE:
      return "broke the connection off";
    default:
      return "cannot be used: " + ec.message();
  }
}

// --- which servers --------------------------------------------------------------------------------

void link::find_servers() {
  const std::string& domain = opening_->where.host;
  peer_ = "srv:" + domain;
  arm_timeout();
  std::vector<srv_service> services = srv_services_of(home_.config, domain);
  std::vector<std::string> names;
  for (const srv_service& one : services) names.push_back(one.name);
  home_.commons.names.find_services(
      std::move(names), home_.loop,
      [this, alive = std::weak_ptr<bool>(alive_),
       services = std::move(services)](const std::vector<srv_answer>& answers) {
        if (alive.expired() || state_ != state::resolving) return;
        const std::string name = opening_->where.host;
        srv_choice found = choose_servers(
            home_.config, name, services, answers, [](std::uint32_t most) {
              return static_cast<std::uint32_t>(random_u64() % (std::uint64_t{most} + 1));
            });
        if (found.targets.empty())
          return fail(login_step::resolve,
                      lost_link(name + " offers no such service, its SRV records say."));
        opening_->servers = std::move(found.targets);
        begin_server();
      });
}

void link::begin_server() {
  state_ = state::resolving;
  arm_timeout();
  opening_->addresses.clear();
  opening_->next = 0;
  if (!opening_->where.unix_path.empty()) {
    peer_ = "unix:" + opening_->where.unix_path;
    return wait_for_turn();
  }
  peer_ = opening_->server().host + ':' + std::to_string(opening_->server().port);
  resolve();
}

void link::try_other_server(login_step step, failure why) {
  if (!open_next()) fail(step, std::move(why));
}

bool link::open_next() {
  if (!opening_ || opening_->at + 1 >= opening_->servers.size()) return false;
  opening_->turn.give_back();
  drop_stream();
  pending_.reset();
  starting_tls_ = unread_ = false;
  ++opening_->at;
  begin_server();
  return true;
}

// --- its addresses --------------------------------------------------------------------------------

void link::resolve() {
  const srv_target& server = opening_->server();
  error_code not_an_address;
  const auto literal = ip::make_address(server.host, not_an_address);
  if (!not_an_address) {
    opening_->addresses.emplace_back(literal, server.port);
    return wait_for_turn();
  }
  home_.commons.names.find_addresses(
      server.host, home_.loop,
      [this, alive = std::weak_ptr<bool>(alive_), at = opening_->at](const address_answer& found) {
        if (alive.expired() || state_ != state::resolving || opening_->at != at) return;
        for (const auto& one : found.addresses)
          opening_->addresses.emplace_back(one, opening_->server().port);
        on_addresses(found.outcome == dns_outcome::no_answer ? "the resolver does not answer"
                                                             : "no such name");
      });
}

void link::on_addresses(const std::string& why_none) {
  if (!opening_->addresses.empty()) return wait_for_turn();
  try_other_server(login_step::resolve, lost_link("The name " + opening_->server().host +
                                                  " was not found: " + why_none + "."));
}

// --- connecting -----------------------------------------------------------------------------------

void link::wait_for_turn() {
  state_ = state::waiting;
  arm_timeout();
  if (opening_->turn.take(peer_)) on_turn();
}

void link::on_turn() {
  state_ = state::connecting;
  arm_timeout();
  if (opening_->where.unix_path.empty()) connect_next();
  else connect_unix();
}

bool link::may_have_turn() const {
  return state_ == state::connecting || state_ == state::handshaking || state_ == state::up;
}

// Each step has the same time. But a turn is over soon: whoever does not answer within a second has
// lost our SYN, which does not burden a backlog, or is far away or busy.
void link::arm_timeout() {
  opening_->deadline = home_.loop.now() + home_.config.connect_timeout_s * 1000LL;
  const steady_ms first =
      may_have_turn() ? home_.loop.now() + longest_turn : opening_->deadline;
  opening_->timeout.arm(home_.loop.timers(), std::min(first, opening_->deadline));
}

void link::on_timeout() {
  if (state_ == state::up && !awaits_tls()) return settle();
  if (may_have_turn() && home_.loop.now() < opening_->deadline) {
    opening_->turn.give_back();
    return opening_->timeout.arm(home_.loop.timers(), opening_->deadline);
  }
  failure late{failure_code::timed_out, peer_ + " did not answer in time.", ""};
  switch (state_) {
    case state::resolving:
      if (opening_->servers.empty()) return fail(login_step::resolve, std::move(late));
      return try_other_server(login_step::resolve, std::move(late));
    case state::waiting:
      late.text = "Too many connect to " + peer_ + " at this moment.";
      return try_other_server(login_step::connect, std::move(late));
    case state::connecting:
      if (opening_->next < opening_->addresses.size()) {
        arm_timeout();
        return connect_next();
      }
      return try_other_server(login_step::connect, std::move(late));
    default:
      if (starting_tls_) return fail(login_step::tls, std::move(late));
      return try_other_server(login_step::tls, std::move(late));
  }
}

void link::connect_unix() {
  const endpoint& where = opening_->where;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (where.unix_path.size() >= sizeof address.sun_path)
    return fail(login_step::connect, lost_link("The path " + where.unix_path + " is too long."));
  std::memcpy(address.sun_path, where.unix_path.c_str(), where.unix_path.size() + 1);
  acknowledging_ = {};
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || !begin_connect(fd, &address, sizeof address))
    fail(login_step::connect, lost_link(peer_ + ' ' + link_error_in_words(opening_->last_error) + '.'));
}

// Addresses of one name in turn, as the resolver sorted them (RFC 6724).
void link::connect_next() {
  while (opening_->next < opening_->addresses.size()) {
    const tcp::endpoint& address = opening_->addresses[opening_->next++];
    const int fd = ::socket(address.protocol().family(),
                            SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      opening_->last_error = error_code(errno, boost::system::system_category());
      continue;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    acknowledging_ = prompt_ack(fd);
    if (begin_connect(fd, address.data(), static_cast<unsigned>(address.size()))) return;
  }
  try_other_server(login_step::connect,
                   lost_link(peer_ + ' ' + link_error_in_words(opening_->last_error) + '.'));
}

// Takes `fd`. False if it cannot even begin; the descriptor is then closed.
bool link::begin_connect(int fd, const void* address, unsigned size) {
  drop_stream();
  stream_ = byte_stream(fd);
  const int done = ::connect(fd, static_cast<const sockaddr*>(address), size);
  if (done != 0 && errno != EINPROGRESS) {
    // EAGAIN on a Unix socket: the server's backlog is full; the bridge tries again later.
    opening_->last_error = error_code(errno, boost::system::system_category());
    stream_.close();
    return false;
  }
  state_ = state::connecting;
  home_.loop.watch(fd, *this);  // writable at once if it is connected already
  return true;
}

void link::on_connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    opening_->last_error = error_code(error, boost::system::system_category());
    return connect_next();
  }
  // COMPAT(ejabberd 23.01): listens with a backlog of 5. Connected, we stand in it; that we have left
  // it is known when the server speaks. IRC servers have room for more, and may speak late.
  if (home_.config.kind == network_kind::irc) opening_->turn.give_back();
  if (home_.config.proxy_header != proxy_version::none) {
    const auto [address, port] = peer_of(stream_.fd());
    // Fits any send buffer: the connection has just been made.
    (void)stream_.write(print_proxy_header(home_.config.proxy_header, opening_->visitor_address,
                                           opening_->visitor_port, address, port));
  }
  if (opening_->server().direct_tls) return begin_handshake();
  come_up();
}

}  // namespace halley
