// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/base/byte_stream.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace halley {
namespace {

io_result from_errno() {
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {io_state::would_block, 0, {}};
  return {io_state::failed, 0, error_code(errno, boost::system::system_category())};
}

// SSL_get_error reads the thread's error queue, so it must be empty before each call.
io_result from_tls(SSL* tls, int returned) {
  switch (SSL_get_error(tls, returned)) {
    case SSL_ERROR_NONE:
      return {io_state::ok, returned > 0 ? static_cast<std::size_t>(returned) : 0, {}};
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {io_state::would_block, 0, {}};
    case SSL_ERROR_ZERO_RETURN:
      return {io_state::closed, 0, {}};
    case SSL_ERROR_SYSCALL:
      if (errno == 0) return {io_state::closed, 0, {}};
      return from_errno();
    default:
      return {io_state::failed, 0, error_code(EPROTO, boost::system::generic_category())};
  }
}

// Marks a socket whose last read took all there was, by its callback's argument.
char emptied_mark;
long note_reading(BIO* socket, int what, const char*, std::size_t asked, int, long, int returned,
                  std::size_t* read) {
  if (what == (BIO_CB_READ | BIO_CB_RETURN))
    BIO_set_callback_arg(socket, returned > 0 && *read < asked ? &emptied_mark : nullptr);
  return returned;
}

// OpenSSL may have read more than it has given.
bool is_emptied(SSL* tls) {
  return BIO_get_callback_arg(SSL_get_rbio(tls)) != nullptr && SSL_has_pending(tls) == 0;
}

int tls_size(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

void ssl_deleter::operator()(SSL* tls) const { SSL_free(tls); }

byte_stream& byte_stream::operator=(byte_stream&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    tls_ = std::move(other.tls_);
  }
  return *this;
}

void byte_stream::start_tls(ssl_ptr tls) {
  tls_ = std::move(tls);
  SSL_set_fd(tls_.get(), fd_);
  // As much as there is in one call, or each record costs two; how much that was tells whether the
  // socket is empty now.
  SSL_set_read_ahead(tls_.get(), 1);
  BIO_set_callback_ex(SSL_get_rbio(tls_.get()), note_reading);
  // Partial and moved buffers: what was not written is kept by the owner and may move meanwhile.
  // Idle buffers go back: a session that says nothing should not own 34 KB of OpenSSL's.
  SSL_set_mode(tls_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
}

io_result byte_stream::handshake() {
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_do_handshake(tls_.get());
  if (returned == 1) return {};
  return from_tls(tls_.get(), returned);
}

io_result byte_stream::read(std::span<char> into) {
  if (tls_) {
    ERR_clear_error();
    errno = 0;
    io_result done =
        from_tls(tls_.get(), SSL_read(tls_.get(), into.data(), tls_size(into.size())));
    done.emptied = done.state == io_state::ok && is_emptied(tls_.get());
    return done;
  }
  for (;;) {
    const ssize_t n = ::recv(fd_, into.data(), into.size(), 0);
    const auto size = static_cast<std::size_t>(n);
    if (n > 0) return {io_state::ok, size, {}, size < into.size()};
    if (n == 0) return {io_state::closed, 0, {}};
    if (errno != EINTR) return from_errno();
  }
}

io_result byte_stream::write(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (tls_) {
    ERR_clear_error();
    errno = 0;
    return from_tls(tls_.get(), SSL_write(tls_.get(), bytes.data(), tls_size(bytes.size())));
  }
  for (;;) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) return {io_state::ok, static_cast<std::size_t>(n), {}};
    if (errno != EINTR) return from_errno();
  }
}

io_state byte_stream::write_all(std::string_view& bytes) {
  while (!bytes.empty()) {
    const io_result done = write(bytes);
    if (done.state != io_state::ok) return done.state;
    bytes.remove_prefix(done.size);
    // A plain socket that took less than all is full; TLS takes one record at a time.
    if (!bytes.empty() && !tls_) return io_state::would_block;
  }
  return io_state::ok;
}

std::size_t byte_stream::unacknowledged() const {
  int bytes = 0;
  if (fd_ < 0 || ::ioctl(fd_, SIOCOUTQ, &bytes) != 0 || bytes < 0) return 0;
  return static_cast<std::size_t>(bytes);
}

void byte_stream::acknowledge_now() {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void byte_stream::end_writing() {
  if (fd_ < 0) return;
  if (tls_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  ::shutdown(fd_, SHUT_WR);
}

void byte_stream::close() {
  if (tls_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());  // close_notify on a best effort; the reply is not awaited
    tls_.reset();
  }
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace halley
