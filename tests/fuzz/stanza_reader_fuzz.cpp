// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes, cut at any place: the reader must give the same pieces as from one read, never a piece
// that is not UTF-8, and never more than its limits.
#include "gateway/base/stanza_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bridges/xmpp/text.hpp"
#include "gateway/base/utf8.hpp"

using halley::xmpp::stanza_reader;
using piece = stanza_reader::piece;

namespace {

std::string read(std::string_view bytes, std::size_t chunk) {
  halley::xmpp::reader_limits limits;
  limits.stanza = 4096;
  stanza_reader reader(limits);
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    const std::string part(bytes.substr(at, chunk));
    reader.feed(part);
    for (piece p = reader.next(); p != piece::more; p = reader.next()) {
      if (p == piece::violation) return out + reader.problem();
      if (!halley::is_utf8(reader.text())) std::abort();
      const auto head = halley::xmpp::read_head(reader.text());
      if (head.to_at + head.to_size > reader.text().size()) std::abort();
      halley::xmpp::decode_references(head.from);
      if (p == piece::stanza) halley::xmpp::style(reader.text());
      out += reader.text();
      out += '\n';
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string bytes =
      "<stream:stream>" + std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read(bytes, bytes.size()) != read(bytes, 1u + data[0] % 16)) std::abort();
  return 0;
}
