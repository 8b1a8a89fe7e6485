// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/load/xmpp_login.hpp"

namespace load {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

xmpp_login::step say(std::string stanza) {
  return {xmpp_login::step::kind::stanza, std::move(stanza)};
}

}  // namespace

xmpp_login::step xmpp_login::take(std::string_view message, const std::string& room,
                                  const std::string& nick) {
  if (has(message, "<failure") || has(message, "terminate") || has(message, "<close") ||
      has(message, "<stream:error"))
    return {step::kind::failed, {}};
  switch (at_) {
    case state::mechanisms:
      if (!has(message, "ANONYMOUS")) return {};
      at_ = state::success;
      return say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    case state::success:
      if (!has(message, "<success")) return {};
      at_ = state::features;
      return {step::kind::restart, {}};
    case state::features:
      if (!has(message, "urn:ietf:params:xml:ns:xmpp-bind")) return {};
      at_ = state::bound;
      return say("<iq xmlns='jabber:client' type='set' id='bind1'>"
                 "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    case state::bound:
      if (!has(message, "bind1")) return {};
      at_ = state::presence;
      return say("<presence xmlns='jabber:client' to='" + room + "/" + nick +
                 "'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    case state::presence:
      if (!has(message, "code='110'") && !has(message, "code=\"110\"")) return {};
      at_ = state::in;
      return {};
    case state::in:
      return {};
  }
  return {};
}

std::string attribute(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(" " + std::string(name) + "=");
  if (at == std::string_view::npos) return {};
  const std::size_t quote = at + name.size() + 2;
  const std::size_t end = text.find(text[quote], quote + 1);
  return std::string(text.substr(quote + 1, end - quote - 1));
}

std::string frame_of(const xmpp_login::step& what, const std::string& domain) {
  if (what.what == xmpp_login::step::kind::stanza) return what.stanza;
  if (what.what == xmpp_login::step::kind::nothing) return {};
  return "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0' to='" + domain + "'/>";
}

std::string bosh_body(const xmpp_login::step& what, const std::string& domain, std::uint64_t rid,
                      const std::string& sid) {
  std::string body = "<body xmlns='http://jabber.org/protocol/httpbind' rid='" +
                     std::to_string(rid) + "'";
  switch (what.what) {
    case xmpp_login::step::kind::open:
      return body + " xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0' ver='1.6' wait='60' hold='1' "
                    "xml:lang='en' to='" + domain + "'/>";
    case xmpp_login::step::kind::restart:
      return body + " xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true' to='" + domain + "' sid='" +
             sid + "'/>";
    default:
      return body + " sid='" + sid + "'>" + what.stanza + "</body>";
  }
}

}  // namespace load
