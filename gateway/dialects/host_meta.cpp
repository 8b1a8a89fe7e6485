// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/host_meta.hpp"

#include <algorithm>

namespace halley {
namespace {

struct addresses {
  addresses(std::string_view host, bool secure)
      : bosh((secure ? "https://" : "http://") + std::string(host) + "/http-bind"),
        websocket((secure ? "wss://" : "ws://") + std::string(host) + "/xmpp-websocket") {}
  std::string bosh;
  std::string websocket;
};

}  // namespace

bool is_host_field(std::string_view host) {
  return !host.empty() && host.size() <= 255 &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
         });
}

std::string print_host_meta(std::string_view host, bool secure) {
  const addresses at(host, secure);
  return "<?xml version='1.0' encoding='utf-8'?>\n"
         "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\n"
         "  <Link rel='urn:xmpp:alt-connections:xbosh' href='" + at.bosh + "'/>\n"
         "  <Link rel='urn:xmpp:alt-connections:websocket' href='" + at.websocket + "'/>\n"
         "</XRD>\n";
}

std::string print_host_meta_json(std::string_view host, bool secure) {
  const addresses at(host, secure);
  return R"({"links":[{"rel":"urn:xmpp:alt-connections:xbosh","href":")" + at.bosh +
         R"("},{"rel":"urn:xmpp:alt-connections:websocket","href":")" + at.websocket + R"("}]})";
}

}  // namespace halley
