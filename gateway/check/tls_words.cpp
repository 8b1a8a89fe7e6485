// SPDX-License-Identifier: GPL-3.0-or-later
//
// The TLS handshake, and everything that is wrong with a certificate said at once: the library
// stops at the first fault, an operator wants to mend all of them.
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <ctime>
#include <map>

#include "gateway/base/utf8.hpp"
#include "gateway/base/xmpp_alpn.hpp"
#include "gateway/check/wire.hpp"

namespace halley {

namespace {

using context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
constexpr int soon_days = 14;  // an expiry worth a warning

std::string join(const std::vector<std::string>& parts, const char* between) {
  std::string all;
  for (const std::string& one : parts) all += (all.empty() ? "" : between) + one;
  return all;
}

// What people call an authority: its organisation and common name.
std::string print_name(const X509_NAME* name) {
  std::string found;
  for (int id : {NID_organizationName, NID_commonName}) {
    char text[256];
    int size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), id, text, sizeof text);
    if (size > 0) found += (found.empty() ? "" : ", ") + quoted(text);
  }
  return found.empty() ? "somebody without a name" : found;
}

std::string print_day(const ASN1_TIME* time) {
  std::tm day{};
  if (!ASN1_TIME_to_tm(time, &day)) return "an unreadable date";
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", &day);
  return text;
}

std::vector<std::string> names_in(X509* certificate) {
  std::vector<std::string> names;
  auto* list = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; list && i < sk_GENERAL_NAME_num(list) && names.size() < 8; ++i) {
    const GENERAL_NAME* one = sk_GENERAL_NAME_value(list, i);
    if (one->type == GEN_DNS)
      names.push_back(quoted({reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName)),
                              static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName))}));
  }
  GENERAL_NAMES_free(list);
  if (names.empty()) names.push_back(print_name(X509_get_subject_name(certificate)));
  return names;
}

bool is_address(const std::string& name) {
  return !name.empty() && (name.find(':') != std::string::npos ||
                           name.find_first_not_of("0123456789.") == std::string::npos);
}

bool carries(X509* certificate, const std::string& name) {
  if (is_address(name)) return X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
  return X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

// What is wrong, each fault a clause; empty when nothing is. `chain` is the library's verdict.
std::vector<std::string> faults_of(X509* certificate, long chain, const std::string& name) {
  std::vector<std::string> faults;
  if (!carries(certificate, name))
    faults.push_back("the certificate is for " + join(names_in(certificate), ", ") + ", not for " +
                     name + " (set tls_name if that is the right name)");
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
    faults.push_back("the certificate expired on " + print_day(X509_get0_notAfter(certificate)));
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
    faults.push_back("the certificate is not valid before " +
                     print_day(X509_get0_notBefore(certificate)) +
                     " (is this machine's clock right?)");
  const std::string issuer = print_name(X509_get_issuer_name(certificate));
  switch (chain) {
    case X509_V_OK:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      faults.push_back("the certificate is self-signed (by " + issuer +
                       "): name a file with it in tls_ca_file");
      break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      faults.push_back("the certificate is issued by " + issuer +
                       ", which this machine does not trust: name that authority's certificate in "
                       "tls_ca_file, or let the server send its intermediate certificates");
      break;
    default:
      faults.push_back(std::string("the certificate: ") + X509_verify_cert_error_string(chain));
  }
  return faults;
}

std::string handshake_words(int why) {
  unsigned long error = ERR_peek_error();
  int reason = ERR_GET_REASON(error);
  if (why == SSL_ERROR_SSL &&
      (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
       reason == SSL_R_HTTP_REQUEST || reason == SSL_R_UNKNOWN_PROTOCOL))
    return "the server does not speak TLS on this port: use its TLS port (6697 for IRC), or set "
           "tls "
           "= \"none\" for a server on this machine";
  if (why == SSL_ERROR_SSL && reason == SSL_R_UNSUPPORTED_PROTOCOL)
    return "the server speaks only TLS older than 1.2";
  if (why == SSL_ERROR_SSL && reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)
    return "the server breaks the handshake off: it has no certificate for this name, or no cipher "
           "in "
           "common with us";
  if (why == SSL_ERROR_SSL && ERR_reason_error_string(error))
    return std::string("the handshake failed: ") + ERR_reason_error_string(error);
  return "the server closed the connection during the handshake: does this port speak TLS?";
}

// Null after a mistake in the settings, which goes into `words`.
context make_context(const network& config, std::string& words) {
  context made(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  // Judged after the handshake, so that the certificate can be described.
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (config.tls_ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(made.get());
  } else if (SSL_CTX_load_verify_file(made.get(), config.tls_ca_file.c_str()) != 1) {
    words = "tls_ca_file " + config.tls_ca_file + " cannot be read as PEM certificates";
    made.reset();
    return made;
  }
  if (!config.tls_cert_file.empty() &&
      (SSL_CTX_use_certificate_chain_file(made.get(), config.tls_cert_file.c_str()) != 1 ||
       SSL_CTX_use_PrivateKey_file(made.get(), config.tls_key_file.c_str(), SSL_FILETYPE_PEM) !=
           1)) {
    words = "tls_cert_file " + config.tls_cert_file + " and tls_key_file " + config.tls_key_file +
            " cannot be used together";
    made.reset();
  }
  return made;
}

// SSL_ERROR_NONE, or what SSL_get_error says; SSL_ERROR_WANT_READ when time is up.
int shake_hands(SSL* tls, int fd, check_clock::time_point deadline) {
  for (;;) {
    ERR_clear_error();
    int done = SSL_connect(tls);
    int why = done == 1 ? SSL_ERROR_NONE : SSL_get_error(tls, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return why;
    auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - check_clock::now());
    pollfd one{fd, static_cast<short>(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
    if (left.count() <= 0 || ::poll(&one, 1, static_cast<int>(left.count())) <= 0)
      return SSL_ERROR_WANT_READ;
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string found;
  for (char c : text.substr(0, 200))
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) found += c;
  return is_utf8(found) ? found : repair_utf8(found);
}

step wire::start_tls(const network& config, const std::string& name) {
  const auto start = check_clock::now();
  std::string words;
  context made = make_context(config, words);
  if (!made) return {"tls", outcome::failed, words, -1};
  tls_.reset(SSL_new(made.get()));
  SSL_set_fd(tls_.get(), fd_);
  if (!is_address(name)) SSL_set_tlsext_host_name(tls_.get(), name.c_str());
  if (config.kind == network_kind::xmpp && config.tls == tls_mode::direct)
    offer_xmpp_client(tls_.get());
  int why = shake_hands(tls_.get(), fd_, start + std::chrono::seconds(config.connect_timeout_s));
  if (why == SSL_ERROR_WANT_READ)
    return {"tls", outcome::failed,
            "no answer to the TLS handshake within " + std::to_string(config.connect_timeout_s) +
                " s: does this port speak TLS?",
            ms_since(start)};
  if (why != SSL_ERROR_NONE) return {"tls", outcome::failed, handshake_words(why), ms_since(start)};

  X509* certificate = SSL_get0_peer_certificate(tls_.get());
  if (!certificate)
    return {"tls", outcome::failed, "the server shows no certificate", ms_since(start)};
  auto faults = faults_of(certificate, SSL_get_verify_result(tls_.get()), name);
  if (!faults.empty()) return {"tls", outcome::failed, join(faults, "; "), ms_since(start)};
  std::string text = std::string(SSL_get_version(tls_.get())) + ", certificate for " +
                     join(names_in(certificate), ", ") + " by " +
                     print_name(X509_get_issuer_name(certificate)) + ", until " +
                     print_day(X509_get0_notAfter(certificate));
  int days = 0, rest = 0;
  ASN1_TIME_diff(&days, &rest, nullptr, X509_get0_notAfter(certificate));
  bool soon = days < soon_days;
  if (soon) text += ": only " + std::to_string(days) + " days, see to its renewal";
  return {"tls", soon ? outcome::warning : outcome::ok, text, ms_since(start)};
}

}  // namespace halley
