// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a request for events asks for in its address: gateway/dialects/README.md, "URLs". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/base/errors.hpp"
#include "gateway/base/time.hpp"
#include "gateway/carriers/carrier_kind.hpp"
#include "gateway/chat/failure.hpp"
#include "gateway/http/request.hpp"
#include "gateway/session/readers.hpp"
#include "gateway/session/session.hpp"

namespace halley {

struct reading {
  carrier_kind carrier = carrier_kind::long_poll;
  reader_tag reader = 0;  // whose cursor on the log
  std::optional<std::uint64_t> since;  // none: the reader knows nothing
  std::string epoch;
  steady_ms hold = 0;
  steady_ms heartbeat = 0;
  // forever_frame: the page around it, as its browser writes it, and what that page calls the frame.
  std::string origin;
  std::string frame;
};

// The failure names the parameter. Times are brought between one second and what is configured.
result<reading, failure> parse_reading(const http_request& request, const session_limits& limits);

// The `reader` parameter alone.
result<reader_tag, failure> parse_reader(const http_request& request);

// The `within` parameter of a goodbye, ms, brought below the grace time; none: at once.
result<std::optional<steady_ms>, failure> parse_within(const http_request& request,
                                                       const session_limits& limits);

}  // namespace halley
