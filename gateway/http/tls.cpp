// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>

namespace halley {
namespace {

[[noreturn]] void refuse(SSL_CTX* context, const std::string& what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  SSL_CTX_free(context);
  throw std::runtime_error(what + ": " + reason.data());
}

// RFC 7301: we speak HTTP/1.1, and say so to browsers that would like something else.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

server_tls::server_tls(const std::string& cert_file, const std::string& key_file)
    : context_(SSL_CTX_new(TLS_server_method())) {
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_options(context_, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);
  // Resumption by tickets alone: no session is kept here.
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context_, cert_file.c_str()) != 1)
    refuse(context_, "http.tls_cert_file: cannot use " + cert_file);
  if (SSL_CTX_use_PrivateKey_file(context_, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    refuse(context_, "http.tls_key_file: cannot use " + key_file);
  if (SSL_CTX_check_private_key(context_) != 1)
    refuse(context_, "http.tls_key_file: " + key_file + " is not the key of " + cert_file);
}

server_tls::~server_tls() {
  SSL_CTX_free(context_);
}

ssl_ptr server_tls::make() const {
  ssl_ptr made(SSL_new(context_));
  SSL_set_accept_state(made.get());
  return made;
}

}  // namespace halley
