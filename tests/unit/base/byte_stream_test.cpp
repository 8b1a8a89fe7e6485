// SPDX-License-Identifier: GPL-3.0-or-later
//
// A socket under TLS, with the other end's records in the test's own hands.
#include <openssl/ec.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "gateway/base/byte_stream.hpp"

using namespace halley;

namespace {

int watched_fd = -1;
int reads = 0;  // system calls on it

}  // namespace

// In place of libc's; OpenSSL reads its sockets with it.
extern "C" ssize_t read(int fd, void* into, size_t size) {
  if (fd == watched_fd) ++reads;
  return ::syscall(SYS_read, fd, into, size);
}

namespace {

using context_ptr = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

context_ptr server_context() {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> own(X509_new(), X509_free);
  X509_gmtime_adj(X509_getm_notBefore(own.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(own.get()), 3600);
  X509_set_pubkey(own.get(), key.get());
  REQUIRE(X509_sign(own.get(), key.get(), EVP_sha256()) > 0);
  context_ptr made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  REQUIRE(SSL_CTX_use_certificate(made.get(), own.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(made.get(), key.get()) == 1);
  return made;
}

struct tls_pair {
  tls_pair() {
    int fds[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    near = byte_stream(fds[0]);
    far = byte_stream(fds[1]);
    ssl_ptr own(SSL_new(server.get()));
    SSL_set_accept_state(own.get());
    near.start_tls(std::move(own));
    SSL_set_bio(peer.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(peer.get());
    for (bool done = false; !done;) {
      done = SSL_do_handshake(peer.get()) == 1;
      send(records());
      done = near.handshake().state == io_state::ok && done;
      char buffer[8192];
      const io_result got = far.read(buffer);
      if (got.state == io_state::ok)
        BIO_write(SSL_get_rbio(peer.get()), buffer, static_cast<int>(got.size));
    }
    watched_fd = near.fd();
    reads = 0;
  }
  ~tls_pair() { watched_fd = -1; }

  // What the peer has encrypted since the last time.
  std::string records() {
    BIO* const out = SSL_get_wbio(peer.get());
    std::string bytes(BIO_ctrl_pending(out), '\0');
    if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }
  std::string encrypt(std::string_view text) {
    REQUIRE(SSL_write(peer.get(), text.data(), static_cast<int>(text.size())) > 0);
    return records();
  }
  void send(std::string_view bytes) { REQUIRE(far.write_all(bytes) == io_state::ok); }
  bool has_more() const {
    pollfd one{near.fd(), POLLIN, 0};
    return ::poll(&one, 1, 0) > 0 || SSL_pending(near.tls()) > 0;
  }

  context_ptr server = server_context();
  context_ptr client{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  ssl_ptr peer{SSL_new(client.get())};
  byte_stream far;  // outlives the other, which says good-bye
  byte_stream near;
};

}  // namespace

TEST_CASE("what is read says whether there is more, plain", "[byte_stream]") {
  int fds[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
  byte_stream near(fds[0]);
  byte_stream far(fds[1]);
  REQUIRE(far.write("12345678").size == 8);
  char buffer[4];
  CHECK_FALSE(near.read(buffer).emptied);
  CHECK_FALSE(near.read(buffer).emptied);
  REQUIRE(far.write("123").size == 3);
  CHECK(near.read(buffer).emptied);
}

TEST_CASE("records that came together are read with one call, under TLS", "[byte_stream]") {
  tls_pair pair;
  const std::string one = pair.encrypt("one");
  pair.send(one + pair.encrypt("two"));
  char buffer[100];
  const io_result first = pair.near.read(buffer);
  CHECK(std::string_view(buffer, first.size) == "one");
  CHECK_FALSE(first.emptied);
  const io_result second = pair.near.read(buffer);
  CHECK(std::string_view(buffer, second.size) == "two");
  CHECK(second.emptied);
  CHECK(reads == 1);
}

TEST_CASE("a record that has come in part is no end of reading, under TLS", "[byte_stream]") {
  tls_pair pair;
  const std::string two = pair.encrypt("two");
  const std::string three = pair.encrypt("three");
  pair.send(two + three.substr(0, 9));
  char buffer[100];
  CHECK_FALSE(pair.near.read(buffer).emptied);
  CHECK(pair.near.read(buffer).state == io_state::would_block);
  pair.send(three.substr(9));
  CHECK(std::string_view(buffer, pair.near.read(buffer).size) == "three");
  CHECK(pair.near.read(buffer).state == io_state::would_block);
}

TEST_CASE("who stops where the socket says that it is empty misses nothing, under TLS",
          "[byte_stream]") {
  tls_pair pair;
  std::minstd_rand dice(1);
  std::string said;
  std::string heard;
  std::string on_the_way;
  std::vector<char> buffer(dice() % 2 == 0 ? 64 * 1024 : 5000);
  for (int round = 0; round < 400; ++round) {
    for (auto i = dice() % 4; i-- > 0;) {
      const std::string text(1 + dice() % 16384, static_cast<char>('a' + dice() % 26));
      said += text;
      on_the_way += pair.encrypt(text);
    }
    // Cut anywhere, as networks do.
    std::string_view some = std::string_view(on_the_way).substr(0, dice() % 60000);
    const std::size_t offered = some.size();
    (void)pair.far.write_all(some);
    on_the_way.erase(0, offered - some.size());
    for (;;) {
      const io_result got = pair.near.read(buffer);
      if (got.state == io_state::would_block) break;
      REQUIRE(got.state == io_state::ok);
      heard.append(buffer.data(), got.size);
      if (!got.emptied) continue;
      REQUIRE_FALSE(pair.has_more());
      break;
    }
  }
  REQUIRE(said.starts_with(heard));
  CHECK(said.size() - heard.size() <= on_the_way.size() + 16384);
}
