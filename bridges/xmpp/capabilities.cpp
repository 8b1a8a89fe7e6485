// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/capabilities.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <string>

#include "bridges/xmpp/names.hpp"
#include "gateway/base/random.hpp"

namespace halley::xmpp {

namespace {

constexpr std::array own_features{
    ns::disco_info, ns::ping,      ns::version, ns::chat_states,   ns::correct,      ns::retract,
    ns::reactions,  ns::reply,     ns::muc,     ns::direct_invite, ns::json_message, ns::caps};

// XEP-0115, 5.1.
std::string print_hash() {
  std::array<std::string, own_features.size() + 1> features;
  std::copy(own_features.begin(), own_features.end(), features.begin());
  features.back() = ns::displayed_notify;
  std::sort(features.begin(), features.end());
  std::string text = "client/web//Halley<";
  for (const std::string& one : features) text.append(one).append("<");
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

void write_capabilities(xml_writer& query, bool has_account) {
  query.open("identity").attribute("category", "client").attribute("type", "web");
  query.attribute("name", "Halley").close();
  for (const char* one : own_features) query.open("feature").attribute("var", one).close();
  if (has_account) query.open("feature").attribute("var", ns::displayed_notify).close();
}

void write_capabilities_hash(xml_writer& presence) {
  static const std::string hash = print_hash();
  presence.open("c", ns::caps).attribute("hash", "sha-1");
  presence.attribute("node", "urn:halley").attribute("ver", hash).close();
}

}  // namespace halley::xmpp
