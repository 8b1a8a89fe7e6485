// SPDX-License-Identifier: GPL-3.0-or-later
//
// Content codings (RFC 9110, 8.4.1) that both sides of HTTP may use: gzip and deflate, with zlib.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/request.hpp"

namespace halley {

enum class content_coding : std::uint8_t { identity, gzip, deflate };

// "gzip"; empty for identity.
std::string_view coding_name(content_coding which);
// Whether the browser takes this coding; "br;q=0" says no (RFC 9110, 12.5.3).
bool accepts_coding(const http_request& request, std::string_view coding);
// The one the browser takes, of ours.
content_coding choose_coding(const http_request& request);
// That of the request's own body; nothing if it is none of ours, or several.
std::optional<content_coding> coding_of_body(const http_request& request);

std::string compress(content_coding with, std::string_view text);
// Nothing if it is broken, or more than `most` bytes come out.
std::optional<std::string> decompress(content_coding with, std::string_view bytes,
                                      std::size_t most);

}  // namespace halley
