// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_agreement.hpp"

#include <algorithm>

#include "gateway/base/ascii.hpp"

namespace halley {
namespace {

constexpr bosh_version our_version{1, 11};
const std::string content_types[] = {"text/xml; charset=utf-8", "application/xml; charset=utf-8",
                                     "text/html; charset=utf-8", "text/plain; charset=utf-8"};

// B-15: what a browser may be told that our answers are; anything else is ignored.
const std::string& choose_content_type(const std::string& asked) {
  const std::string kind = in_lower_case(asked.substr(0, asked.find(';'))) + ';';
  for (const std::string& one : content_types)
    if (one.starts_with(kind)) return one;
  return content_types[0];
}

// B-18: the lower of both.
bosh_version agree_on_version(const std::optional<std::string>& asked) {
  if (!asked) return {};
  const auto theirs = parse_bosh_version(*asked);
  return !theirs || theirs->is_none() ? our_version : std::min(*theirs, our_version);
}

}  // namespace

bosh_agreement::bosh_agreement() : content_type(content_types) {}

bosh_agreement::bosh_agreement(const bosh_request& first, const bosh_terms& terms)
    : content_type(&choose_content_type(first.content)),
      wait(static_cast<std::uint16_t>(std::min(first.wait.value_or(terms.wait_most), terms.wait_most))),
      version(agree_on_version(first.ver)),
      hold(static_cast<std::uint8_t>(std::min(first.hold.value_or(hold_most), hold_most))),
      acks(first.ack == 1),
      restarts(!first.xmpp_version.empty()),
      script(first.script) {}

int bosh_agreement::status_of(std::string_view condition) const {
  if (!version.is_none()) return 200;
  if (condition == "bad-request") return 400;
  if (condition == "policy-violation") return 403;
  if (condition == "item-not-found") return 404;
  return 200;
}

std::string print_creation(const bosh_creation& what, const bosh_agreement& agreed,
                           const bosh_terms& terms) {
  std::string out;
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (!value.empty()) out.append(" ").append(name).append("=\"").append(value).append("\"");
  };
  add("sid", what.sid);
  add("wait", std::to_string(agreed.wait));
  add("requests", std::to_string(agreed.requests()));
  if (!agreed.version.is_none())
    add("ver", std::to_string(agreed.version.major) + '.' + std::to_string(agreed.version.minor));
  add("polling", std::to_string(terms.polling));
  add("inactivity", std::to_string(terms.inactivity));
  add("maxpause", std::to_string(terms.pause_most));
  add("hold", std::to_string(agreed.hold));
  add("from", what.from);
  add("authid", what.server.id);
  add("stream", what.stream);
  add("charsets", "UTF-8");
  if (!agreed.script) add("accept", "gzip,deflate");
  if (agreed.restarts) {
    add("xmlns:xmpp", "urn:xmpp:xbosh");
    add("xmlns:stream", stream_namespace);
    add("xmpp:version", what.server.version.empty() ? "1.0" : what.server.version);
    add("xmpp:restartlogic", "true");
  }
  return out;
}

}  // namespace halley
