// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as the address of a request for events, the name of a callback and the origin of a page:
// no crash, and nothing gets through that could end a header, a policy, a script or a bound.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/carriers/script.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/reading.hpp"

using namespace halley;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

bool has_any(std::string_view text, std::string_view forbidden) {
  return text.find_first_of(forbidden) != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  http_request request;
  request.path = "/e";
  request.target = "/e?" + text;
  request.fields = {{"host", "chat.test"}, {"last-event-id", text}};
  const session_limits limits;
  if (const auto how = parse_reading(request, limits)) {
    check(how->hold >= 1000 && how->hold <= limits.hold_ms);
    check(how->heartbeat >= 1000 && how->heartbeat <= limits.heartbeat_ms);
    check(!has_any(how->frame, "\"\\<>'\r\n ") && how->frame.size() <= 32);
    check(how->carrier != carrier_kind::script);
  }
  const origin_policy origins({"https://*.example.org"}, false);
  request.fields.pop_back();
  request.target = "/e?carrier=forever_frame&origin=" + text;
  const auto page = request.query("origin");
  if (page && origins.allows(request, true, origin_rule::frame))
    check(!has_any(*page, "\"\\<>';, \r\n\t") && is_plain_origin(*page));
  if (is_callback_name(text)) check(!has_any(text, "()[]{}<>;,'\"/\\ \r\n") && text.size() <= 64);
  return 0;
}
