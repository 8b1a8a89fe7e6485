// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/link.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <utility>

#include "bridges/link_opening.hpp"

namespace halley {
namespace {

// Of the handshake that has just failed.
std::string tls_in_words(SSL* tls, const std::string& peer) {
  if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_TLSV1_UNRECOGNIZED_NAME)
    return peer + " has no certificate for " + SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name) +
           '.';
  const long verdict = SSL_get_verify_result(tls);
  if (verdict == X509_V_OK) return peer + " does not speak TLS as we need it (1.2 or newer).";
  return "The certificate of " + peer +
         " is not valid: " + X509_verify_cert_error_string(verdict) + ".";
}

}  // namespace

link::link(link_home& home, link_listener& listener) : home_(home), listener_(listener) {}

link::~link() { close(); }

void link::open(const endpoint& where, const visitor& who) {
  close();
  opening_ = std::make_unique<opening>(home_, *this);
  opening_->where = where;
  opening_->visitor_address = who.address;
  opening_->visitor_port = who.port;
  // RFC 6125, 6.2.1: not what the records of the domain name, but the domain.
  opening_->tls_name = home_.config.tls_name.empty() ? where.host : home_.config.tls_name;
  alive_ = std::make_shared<bool>(true);
  state_ = state::resolving;
  if (where.by_srv) return find_servers();
  opening_->servers = {{where.host, where.port, home_.config.tls == tls_mode::direct}};
  begin_server();
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
      if (what.writable && pending_ && !drain()) return;
      if (what.readable) read_all(what.hang_up);
      break;
    default:
      break;
  }
}

void link::begin_handshake() {
  stream_.start_tls(home_.tls->make(opening_->tls_name, !starting_tls_));
  state_ = state::handshaking;
  arm_timeout();
  continue_handshake();
}

void link::continue_handshake() {
  const io_result step = stream_.handshake();
  if (step.state == io_state::would_block) return;
  if (step.state != io_state::ok) {
    const bool cut = step.state == io_state::closed;
    failure why = lost_link(cut ? peer_ + " broke the connection off during the TLS handshake."
                            : tls_in_words(stream_.tls(), peer_));
    // After STARTTLS the owner has to begin anew, so it is asked.
    if (starting_tls_) return fail(login_step::tls, std::move(why));
    return try_other_server(login_step::tls, std::move(why));
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
  if (awaits_tls()) arm_timeout();
  else if (stream_.is_tls() || home_.config.kind == network_kind::irc) settle();
  const std::weak_ptr<bool> alive = alive_;
  listener_.on_link_up();
  // A server may have spoken first, in the same wake-up.
  if (!alive.expired() && state_ == state::up) read_all(true);
}

// The server is there: what led to it is not needed any more, but STARTTLS still needs its name and the
// others there are, and has a time.
void link::settle() {
  opening_->turn.give_back();
  if (!awaits_tls()) opening_.reset();
}

bool link::awaits_tls() const {
  return home_.config.tls == tls_mode::starttls && !stream_.is_tls();
}

void link::start_tls() {
  starting_tls_ = true;
  flush();
  begin_handshake();
}

// The edge of a peer that has gone comes once: then everything is read, to the very end.
void link::read_all(bool to_the_end) {
  if (unwanted_) {
    unread_ = true;
    return;
  }
  const std::weak_ptr<bool> alive = alive_;
  const auto buffer = home_.loop.read_buffer();
  std::size_t told = 0;
  for (;;) {
    const io_result got = stream_.read(buffer);
    if (got.state == io_state::would_block) break;
    if (got.state != io_state::ok) return lose_peer(got);
    told += got.size;
    if (opening_) settle();
    listener_.on_link_bytes({buffer.data(), got.size});
    if (alive.expired() || state_ != state::up) return;
    if (unwanted_) {
      unread_ = true;
      break;
    }
    if (!to_the_end && got.emptied) break;
  }
  if (told == 0) return;
  acknowledging_.on_read(stream_, told);
  listener_.on_link_batch_end();
}

void link::read(bool wanted) {
  unwanted_ = !wanted;
  if (!wanted || !std::exchange(unread_, false)) return;
  // Not from inside the caller; and the edge that tells of a peer's end may have come long ago.
  home_.loop.at_batch_end([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired() && state_ == state::up) read_all(true);
  });
}

void link::lose_peer(const io_result& how) {
  fail(login_step::running, lost_link(how.state == io_state::closed
                                     ? peer_ + " closed the connection."
                                     : peer_ + ' ' + link_error_in_words(how.ec) + '.'));
}

bool link::send(std::string_view bytes) {
  if (state_ != state::up) return false;
  acknowledging_.on_written();
  if (!pending_) {
    // A broken connection shows at the next read; what is said now is lost with it.
    if (stream_.write_all(bytes) != io_state::would_block) return true;
  }
  if (pending() + bytes.size() > most_pending) {
    home_.loop.at_batch_end([this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired() && state_ == state::up)
        fail(login_step::running, lost_link(peer_ + " does not take what is sent to it."));
    });
    return false;
  }
  if (!pending_) pending_ = std::make_unique<std::string>();
  pending_->append(bytes);
  return true;
}

void link::flush() {
  if (!pending_) return;
  acknowledging_.on_written();
  std::string_view rest = *pending_;
  if (stream_.write_all(rest) == io_state::would_block)
    pending_->erase(0, pending_->size() - rest.size());
  else
    pending_.reset();  // of what is broken the next read tells
}

// False if the link is gone.
bool link::drain() {
  flush();
  if (pending_) return true;
  const std::weak_ptr<bool> alive = alive_;
  listener_.on_link_drained();
  return !alive.expired() && state_ == state::up;
}

// Told from the event loop, never from inside open().
void link::fail(login_step step, failure why) {
  drop_stream();
  pending_.reset();
  state_ = state::down;
  if (opening_) {
    opening_->timeout.cancel();
    opening_->turn.give_back();
  }
  home_.loop.at_batch_end([this, alive = std::weak_ptr<bool>(alive_),
                      error = link_error{step, std::move(why)}] {
    if (alive.expired() || state_ != state::down) return;
    listener_.on_link_down(error);
    if (!alive.expired() && state_ == state::down) opening_.reset();
  });
}

void link::drop_stream() {
  if (!stream_.is_open()) return;
  home_.loop.forget(stream_.fd(), *this);
  stream_.close();
}

bool link::is_open() const { return state_ == state::up; }
bool link::is_secure() const { return stream_.is_tls() && state_ == state::up; }

void link::close() {
  if (state_ == state::up) flush();
  drop_stream();
  opening_.reset();
  alive_.reset();
  pending_.reset();
  starting_tls_ = unread_ = false;
  state_ = state::idle;
}

}  // namespace halley
