// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>

#include "bridges/link_home.hpp"
#include "gateway/base/xmpp_alpn.hpp"

namespace halley {
namespace {

[[noreturn]] void refuse(const network& config, const std::string& what) {
  std::array<char, 256> reason;
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  throw std::runtime_error("network " + config.name + ": " + what + ": " + reason.data());
}

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes;
  return ::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

}  // namespace

link_tls::link_tls(const network& config)
    : context_(SSL_CTX_new(TLS_client_method())), xmpp_(config.kind == network_kind::xmpp) {
  if (context_ == nullptr) throw std::runtime_error("TLS cannot be set up");
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
  // All records that are there in one system call, instead of two for each. The link reads until
  // nothing is left, so none stays behind in OpenSSL's buffer.
  SSL_CTX_set_read_ahead(context_, 1);
  const auto failed = [&](const std::string& what) {
    SSL_CTX_free(context_);
    refuse(config, what);
  };
  if (config.tls_ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context_);
  } else if (SSL_CTX_load_verify_locations(context_, config.tls_ca_file.c_str(), nullptr) != 1) {
    failed("cannot read tls_ca_file " + config.tls_ca_file);
  }
  if (config.tls_cert_file.empty()) return;
  if (SSL_CTX_use_certificate_chain_file(context_, config.tls_cert_file.c_str()) != 1)
    failed("cannot read tls_cert_file " + config.tls_cert_file);
  if (SSL_CTX_use_PrivateKey_file(context_, config.tls_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    failed("cannot read tls_key_file " + config.tls_key_file);
}

link_tls::~link_tls() { SSL_CTX_free(context_); }

ssl_ptr link_tls::make(const std::string& name, bool first_byte) const {
  ssl_ptr tls(SSL_new(context_));
  SSL_set_connect_state(tls.get());
  if (xmpp_ && first_byte) offer_xmpp_client(tls.get());
  if (is_address(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), name.c_str());
  } else {
    SSL_set_tlsext_host_name(tls.get(), name.c_str());
    SSL_set_hostflags(tls.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(tls.get(), name.c_str());
  }
  return tls;
}

}  // namespace halley
