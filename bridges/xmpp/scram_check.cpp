// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/scram_check.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/base/random.hpp"

namespace halley::xmpp {
namespace {

// RFC 7677 asks for 4096, careful servers take 10,000: 16 ms of work. More would be an attack on
// the shard's thread.
constexpr unsigned most_iterations = 20000;

// The value of one attribute of a SCRAM message ("r=...,s=...,i=...").
std::string_view scram_value(std::string_view message, char name) {
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t end = std::min(message.find(',', at), message.size());
    const std::string_view part = message.substr(at, end - at);
    if (part.size() > 2 && part[0] == name && part[1] == '=') return part.substr(2);
    at = end + 1;
  }
  return {};
}

}  // namespace

void scram_check::on_auth(std::string_view auth) {
  const std::size_t begin = auth.find('>');
  const std::size_t end = auth.rfind("</");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return;
  bool valid = false;
  const std::string message = decode_base64(auth.substr(begin + 1, end - begin - 1), valid);
  if (valid) nonce_ = scram_value(message, 'r');
}

bool scram_check::is_fair(std::string_view challenge) const {
  bool valid = false;
  const std::string message = decode_base64(challenge, valid);
  if (!valid) return false;
  const std::string_view count = scram_value(message, 'i');
  unsigned iterations = 0;
  std::from_chars(count.data(), count.data() + count.size(), iterations);
  const std::string_view theirs = scram_value(message, 'r');
  return iterations > 0 && iterations <= most_iterations && !nonce_.empty() &&
         theirs.size() > nonce_.size() && theirs.starts_with(nonce_);
}

}  // namespace halley::xmpp
