// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/link.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <vector>

#include "bridges/proxy_header.hpp"

namespace halley {
namespace {

using tcp = asio::ip::tcp;
using resolver = asio::ip::basic_resolver<tcp, executor>;

failure lost(std::string text) { return {failure_code::lost, std::move(text), ""}; }

std::string in_words(const error_code& ec) {
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

std::string tls_in_words(SSL* tls, const std::string& peer) {
  const long verdict = SSL_get_verify_result(tls);
  if (verdict == X509_V_OK) return peer + " does not speak TLS as we need it (1.2 or newer).";
  return "The certificate of " + peer +
         " is not valid: " + X509_verify_cert_error_string(verdict) + ".";
}

// COMPAT(InspIRCd 3): its sockets have Nagle on, and against a delayed acknowledgement that costs
// its users 40 ms in bursts. Linux 6.15 can shorten the delay once and for all (TCP_DELACK_MAX_US);
// false where that is not to be had, and each read must be acknowledged by hand.
bool answer_nagle(int fd) {
  constexpr int delack_max_us = 46;  // not in Debian 12's headers
  const int one_millisecond = 1000;
  return ::setsockopt(fd, IPPROTO_TCP, delack_max_us, &one_millisecond, sizeof one_millisecond) ==
             0 ||
         errno == EOPNOTSUPP;  // a Unix socket has nothing to acknowledge
}

}  // namespace

struct link::opening {
  opening(reactor& loop, link& owner)
      : names(loop.io().get_executor()), timeout(on_expiry<&link::on_timeout>, &owner) {}
  resolver names;
  wheel_timer timeout;
  std::vector<tcp::endpoint> addresses;
  std::size_t next = 0;
  std::string host;
  std::string tls_name;
  std::string visitor_address;
  std::uint16_t visitor_port = 0;
  error_code last_error;
};

link::link(reactor& loop, const network& config, const link_tls* tls, link_listener& listener)
    : loop_(loop), config_(config), tls_(tls), listener_(listener) {}

link::~link() { close(); }

void link::open(const endpoint& where, const visitor& who) {
  close();
  opening_ = std::make_unique<opening>(loop_, *this);
  opening_->visitor_address = who.address;
  opening_->visitor_port = who.port;
  opening_->host = where.host;
  opening_->tls_name = config_.tls_name.empty() ? where.host : config_.tls_name;
  opening_->timeout.arm(loop_.timers(), loop_.now() + config_.connect_timeout_s * 1000LL);
  alive_ = std::make_shared<bool>(true);
  state_ = state::resolving;
  if (!where.unix_path.empty()) {
    peer_ = "unix:" + where.unix_path;
    return connect_unix(where);
  }
  peer_ = where.host + ':' + std::to_string(where.port);
  resolve(where);
}

void link::resolve(const endpoint& where) {
  error_code not_an_address;
  const auto literal = asio::ip::make_address(where.host, not_an_address);
  if (!not_an_address) {
    opening_->addresses.emplace_back(literal, where.port);
    return connect_next();
  }
  opening_->names.async_resolve(
      where.host, std::to_string(where.port),
      [this, alive = std::weak_ptr<bool>(alive_)](const error_code& ec,
                                                  const resolver::results_type& found) {
        if (alive.expired() || state_ != state::resolving) return;
        if (ec || found.empty())
          return fail(login_step::resolve,
                      lost("The name " + opening_->host + " was not found: " + ec.message() + "."));
        for (const auto& one : found) opening_->addresses.push_back(one.endpoint());
        connect_next();
      });
}

void link::connect_unix(const endpoint& where) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (where.unix_path.size() >= sizeof address.sun_path)
    return fail(login_step::connect, lost("The path " + where.unix_path + " is too long."));
  std::memcpy(address.sun_path, where.unix_path.c_str(), where.unix_path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || !begin_connect(fd, &address, sizeof address))
    fail(login_step::connect, lost(peer_ + ' ' + in_words(opening_->last_error) + '.'));
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
    if (begin_connect(fd, address.data(), static_cast<unsigned>(address.size()))) return;
  }
  fail(login_step::connect, lost(peer_ + ' ' + in_words(opening_->last_error) + '.'));
}

// Takes `fd`. False if it cannot even begin; the descriptor is then closed.
bool link::begin_connect(int fd, const void* address, unsigned size) {
  drop_stream();
  stream_ = byte_stream(fd);
  acknowledge_each_read_ = !answer_nagle(fd);
  const int done = ::connect(fd, static_cast<const sockaddr*>(address), size);
  if (done != 0 && errno != EINPROGRESS) {
    // EAGAIN on a Unix socket: the server's backlog is full; the bridge tries again later.
    opening_->last_error = error_code(errno, boost::system::system_category());
    stream_.close();
    return false;
  }
  state_ = state::connecting;
  loop_.watch(fd, *this);  // writable at once if it is connected already
  return true;
}

void link::on_ready(readiness what) {
  switch (state_) {
    case state::connecting:
      if (what.writable || what.hang_up) on_connected();
      break;
    case state::handshaking:
      continue_handshake();
      break;
    case state::up:
      if (what.writable && !pending_.empty() && !flush()) return;
      if (what.readable) read_all(what.hang_up);
      break;
    default:
      break;
  }
}

void link::on_connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    opening_->last_error = error_code(error, boost::system::system_category());
    return connect_next();
  }
  if (config_.proxy_header) {
    // Fits any send buffer: the connection has just been made.
    (void)stream_.write(
        print_proxy_header(opening_->visitor_address, opening_->visitor_port, "", 0));
  }
  if (config_.tls == tls_mode::direct) return begin_handshake();
  come_up();
}

void link::begin_handshake() {
  stream_.start_tls(tls_->make(opening_->tls_name));
  state_ = state::handshaking;
  continue_handshake();
}

void link::continue_handshake() {
  const io_result step = stream_.handshake();
  if (step.state == io_state::would_block) return;
  if (step.state != io_state::ok) {
    const bool cut = step.state == io_state::closed;
    return fail(login_step::tls,
                lost(cut ? peer_ + " broke the connection off during the TLS handshake."
                         : tls_in_words(stream_.tls(), peer_)));
  }
  if (!starting_tls_) return come_up();
  starting_tls_ = false;
  opening_.reset();
  state_ = state::up;
  const std::weak_ptr<bool> alive = alive_;
  listener_.on_link_secure();
  if (!alive.expired() && state_ == state::up) read_all(true);
}

void link::come_up() {
  state_ = state::up;
  // STARTTLS still needs the name.
  if (config_.tls == tls_mode::starttls) opening_->timeout.cancel();
  else opening_.reset();
  const std::weak_ptr<bool> alive = alive_;
  listener_.on_link_up();
  // A server may have spoken first, in the same wake-up.
  if (!alive.expired() && state_ == state::up) read_all(true);
}

void link::start_tls() {
  starting_tls_ = true;
  opening_->timeout.arm(loop_.timers(), loop_.now() + config_.connect_timeout_s * 1000LL);
  if (!flush()) return;
  begin_handshake();
}

// The edge of a peer that has gone comes once: then everything is read, to the very end.
void link::read_all(bool to_the_end) {
  const std::weak_ptr<bool> alive = alive_;
  const auto buffer = loop_.read_buffer();
  bool told = false;
  for (;;) {
    const io_result got = stream_.read(buffer);
    if (got.state == io_state::would_block) break;
    if (got.state != io_state::ok) return lose_peer(got);
    told = true;
    listener_.on_link_bytes({buffer.data(), got.size});
    if (alive.expired() || state_ != state::up) return;
    // A short read has emptied a plain socket; the edge will tell of more. Under TLS records are
    // shorter than the buffer, so only would_block says so.
    if (!to_the_end && !stream_.is_tls() && got.size < buffer.size()) break;
  }
  if (!told) return;
  if (acknowledge_each_read_) stream_.acknowledge_now();
  listener_.on_link_batch_end();
}

void link::lose_peer(const io_result& how) {
  fail(login_step::running, lost(how.state == io_state::closed
                                     ? peer_ + " closed the connection."
                                     : peer_ + ' ' + in_words(how.ec) + '.'));
}

bool link::send(std::string_view bytes) {
  if (state_ != state::up) return false;
  if (pending_.empty()) {
    const io_result sent = stream_.write(bytes);
    if (sent.state == io_state::ok) bytes.remove_prefix(sent.size);
    // A broken connection shows at the next read; what is said now is lost with it.
    if (bytes.empty() || sent.state == io_state::failed || sent.state == io_state::closed)
      return true;
  }
  if (pending_.size() + bytes.size() > most_pending) {
    loop_.at_batch_end([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired() && state_ == state::up)
        fail(login_step::running, lost(peer_ + " does not take what is sent to it."));
    });
    return false;
  }
  pending_.append(bytes);
  // Only a write that would have blocked gets another edge.
  return flush();
}

// False if the link went down.
bool link::flush() {
  while (!pending_.empty()) {
    const io_result sent = stream_.write(pending_);
    if (sent.state == io_state::would_block) return true;
    if (sent.state != io_state::ok) {
      std::string().swap(pending_);
      return true;  // the next read tells
    }
    pending_.erase(0, sent.size);
  }
  std::string().swap(pending_);
  return true;
}

void link::on_timeout() {
  const auto step = state_ == state::resolving    ? login_step::resolve
                    : state_ == state::connecting ? login_step::connect
                                                  : login_step::tls;
  fail(step, {failure_code::timed_out, peer_ + " did not answer in time.", ""});
}

// Told from the event loop, never from inside open().
void link::fail(login_step step, failure why) {
  drop_stream();
  std::string().swap(pending_);
  state_ = state::down;
  if (opening_) opening_->timeout.cancel();
  loop_.at_batch_end([this, alive = std::weak_ptr<bool>(alive_),
                      error = link_error{step, std::move(why)}] {
    if (alive.expired() || state_ != state::down) return;
    opening_.reset();
    listener_.on_link_down(error);
  });
}

void link::drop_stream() {
  if (!stream_.is_open()) return;
  loop_.forget(stream_.fd(), *this);
  stream_.close();
}

bool link::is_open() const { return state_ == state::up; }
bool link::is_secure() const { return stream_.is_tls() && state_ == state::up; }

void link::close() {
  if (state_ == state::up) flush();
  drop_stream();
  opening_.reset();
  alive_.reset();
  std::string().swap(pending_);
  starting_tls_ = false;
  state_ = state::idle;
}

}  // namespace halley
