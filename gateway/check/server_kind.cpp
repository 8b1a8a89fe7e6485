// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/check/server_kind.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace halley {

server_kind server_kind_of(std::string_view version) {
  static constexpr struct {
    const char* part;  // lower case
    server_kind kind;
  } table[] = {
      {"ngircd", server_kind::ngircd},      {"inspircd-4", server_kind::inspircd4},
      {"inspircd", server_kind::inspircd3}, {"unrealircd", server_kind::unrealircd},
      {"solanum", server_kind::solanum},    {"charybdis", server_kind::solanum},
      {"ergo-", server_kind::ergo},         {"oragono", server_kind::ergo},
      {"prosody", server_kind::prosody},    {"ejabberd", server_kind::ejabberd},
  };
  std::string lower(version);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& row : table)
    if (lower.find(row.part) != std::string::npos) return row.kind;
  return server_kind::unknown;
}

const char* print(server_kind kind) {
  switch (kind) {
    case server_kind::unknown:
      return "unknown";
    case server_kind::ngircd:
      return "ngIRCd";
    case server_kind::inspircd3:
      return "InspIRCd 3";
    case server_kind::inspircd4:
      return "InspIRCd 4";
    case server_kind::unrealircd:
      return "UnrealIRCd";
    case server_kind::solanum:
      return "Solanum";
    case server_kind::ergo:
      return "Ergo";
    case server_kind::prosody:
      return "Prosody";
    case server_kind::ejabberd:
      return "ejabberd";
  }
  return "";
}

}  // namespace halley
