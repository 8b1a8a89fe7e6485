// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http/coding.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "gateway/base/ascii.hpp"

namespace halley {
namespace {

// zlib's window, and its own flag for the gzip format. HTTP's "deflate" is the zlib format.
constexpr int window_of(content_coding which) {
  return which == content_coding::gzip ? MAX_WBITS + 16 : MAX_WBITS;
}

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

std::string_view coding_name(content_coding which) {
  switch (which) {
    case content_coding::gzip:
      return "gzip";
    case content_coding::deflate:
      return "deflate";
    case content_coding::identity:
      break;
  }
  return {};
}

bool accepts_coding(const http_request& request, std::string_view coding) {
  if (!request.lists("accept-encoding", coding)) return false;
  const std::string_view all = request.field("accept-encoding");
  const std::size_t at = all.find(coding);
  if (at == std::string_view::npos) return false;
  std::string item(all.substr(at, all.find(',', at) - at));
  std::erase(item, ' ');
  return item.find(";q=0") == std::string::npos || item.find(";q=0.") != std::string::npos;
}

content_coding choose_coding(const http_request& request) {
  if (accepts_coding(request, "gzip")) return content_coding::gzip;
  if (accepts_coding(request, "deflate")) return content_coding::deflate;
  return content_coding::identity;
}

std::optional<content_coding> coding_of_body(const http_request& request) {
  const std::string name = in_lower_case(request.field("content-encoding"));
  if (name.empty() || name == "identity") return content_coding::identity;
  if (name == "gzip" || name == "x-gzip") return content_coding::gzip;
  if (name == "deflate") return content_coding::deflate;
  return std::nullopt;
}

std::string compress(content_coding with, std::string_view text) {
  if (with == content_coding::identity) return std::string(text);
  z_stream state{};
  // The fastest: chat is small, and repeats itself within a few hundred bytes.
  if (deflateInit2(&state, Z_BEST_SPEED, Z_DEFLATED, window_of(with), 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&state, static_cast<uLong>(text.size())), '\0');
  state.next_in = bytes_of(text);
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = bytes_of(out);
  state.avail_out = static_cast<uInt>(out.size());
  deflate(&state, Z_FINISH);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}

std::optional<std::string> decompress(content_coding with, std::string_view bytes,
                                      std::size_t most) {
  if (with == content_coding::identity) return std::string(bytes);
  z_stream state{};
  if (inflateInit2(&state, window_of(with)) != Z_OK) throw std::bad_alloc();
  state.next_in = bytes_of(bytes);
  state.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int done = Z_OK;
  // Grows with what comes out: a small request that says it is large gets no memory for that.
  while (done == Z_OK && out.size() <= most) {
    const std::size_t had = out.size();
    out.resize(had + std::min<std::size_t>(16 * 1024, most + 1 - had));
    state.next_out = bytes_of(out) + had;
    state.avail_out = static_cast<uInt>(out.size() - had);
    done = inflate(&state, Z_NO_FLUSH);
    out.resize(out.size() - state.avail_out);
  }
  inflateEnd(&state);
  if (done != Z_STREAM_END || state.avail_in != 0 || out.size() > most) return std::nullopt;
  return out;
}

}  // namespace halley
