// SPDX-License-Identifier: GPL-3.0-or-later
//
// IRC over WebSocket: whatever a server or a browser sends, a frame is one line of UTF-8 without line
// end, and what goes to the server is whole lines.
#include <cstdlib>

#include "gateway/base/utf8.hpp"
#include "gateway/dialects/irc_lines.hpp"

using namespace halley;

namespace {

struct checking_sink final : framing_sink {
  bool connect(std::string_view) override { return true; }
  void to_browser(std::string_view frame) override {
    if (frame.find('\n') != std::string_view::npos || !is_utf8(frame)) std::abort();
  }
  void to_server(std::string_view bytes) override {
    if (!bytes.ends_with("\r\n")) std::abort();
    bytes.remove_suffix(2);
    if (bytes.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) std::abort();
  }
  void start_tls() override {}
  void end(farewell, std::string_view) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  network config;
  config.webirc_password = "secret";
  checking_sink sink;
  irc_lines lines(config, true);
  lines.on_browser(sink);
  // The first byte cuts the rest in two; what the browser says is a part of it, too.
  const std::size_t cut = size == 0 ? 0 : std::min<std::size_t>(data[0], size);
  lines.from_server(text.substr(0, cut), sink);
  lines.from_browser(text.substr(cut), sink);
  lines.on_quiet(0, sink);
  lines.from_server(text.substr(cut), sink);
  lines.on_lost({failure_code::lost, "gone", ""}, sink);
  (void)lines.last_words();
  return 0;
}
