// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/jid.hpp"

#include <gloox/jid.h>

namespace halley::xmpp {

namespace {

constexpr std::size_t most_bytes = 3071;  // RFC 7622, 3.1
constexpr std::size_t most_part_bytes = 1023;

std::size_t slash_of(std::string_view jid) {
  return jid.find('/');
}

// gloox::JID throws nothing, but takes a domain of any length and an empty part for none.
bool has_fair_parts(std::string_view jid) {
  if (jid.empty() || jid.size() > most_bytes) return false;
  const std::size_t slash = slash_of(jid);
  const std::string_view left = jid.substr(0, slash);
  const std::size_t at = left.find('@');
  if (at == 0 ||
      (at != std::string_view::npos && left.find('@', at + 1) != std::string_view::npos)) {
    return false;
  }
  if (slash != std::string_view::npos && slash + 1 == jid.size()) return false;
  const std::string_view host = domain(jid);
  return !host.empty() && host.size() <= most_part_bytes && local(jid).size() <= most_part_bytes &&
         resource(jid).size() <= most_part_bytes &&
         host.find_first_of(" \t\"&'<>:") == std::string_view::npos;
}

}  // namespace

std::string_view bare(std::string_view jid) {
  return jid.substr(0, slash_of(jid));
}

std::string_view resource(std::string_view jid) {
  const std::size_t slash = slash_of(jid);
  return slash == std::string_view::npos ? std::string_view() : jid.substr(slash + 1);
}

std::string_view local(std::string_view jid) {
  const std::string_view left = bare(jid);
  const std::size_t at = left.find('@');
  return at == std::string_view::npos ? std::string_view() : left.substr(0, at);
}

std::string_view domain(std::string_view jid) {
  const std::string_view left = bare(jid);
  const std::size_t at = left.find('@');
  return at == std::string_view::npos ? left : left.substr(at + 1);
}

std::optional<std::string> prepare_jid(std::string_view jid) {
  if (!has_fair_parts(jid)) return std::nullopt;
  gloox::JID prepared;
  if (!prepared.setJID(std::string(jid)) || prepared.server().empty()) return std::nullopt;
  if (local(jid).empty() != prepared.username().empty()) return std::nullopt;
  if (resource(jid).empty() != prepared.resource().empty()) return std::nullopt;
  return prepared.full();
}

std::optional<std::string> prepare_bare_jid(std::string_view jid) {
  return prepare_jid(bare(jid));
}

std::optional<std::string> prepare_nick(std::string_view nick) {
  while (!nick.empty() && nick.front() == ' ') nick.remove_prefix(1);
  while (!nick.empty() && nick.back() == ' ') nick.remove_suffix(1);
  if (nick.empty() || nick.size() > most_part_bytes) return std::nullopt;
  gloox::JID prepared;
  prepared.setServer("example.org");
  if (!prepared.setResource(std::string(nick)) || prepared.resource().empty()) return std::nullopt;
  return prepared.resource();
}

std::optional<std::string> room_jid(std::string_view name, std::string_view service) {
  if (slash_of(name) != std::string_view::npos) return std::nullopt;
  if (name.find('@') != std::string_view::npos) return prepare_jid(name);
  if (service.empty()) return std::nullopt;
  return prepare_jid(std::string(name) + "@" + std::string(service));
}

}  // namespace halley::xmpp
