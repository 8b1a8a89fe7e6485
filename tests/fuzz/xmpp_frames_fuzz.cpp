// SPDX-License-Identifier: GPL-3.0-or-later
//
// XMPP over WebSocket: whatever comes from either side, a frame to the browser is one element within
// the bounds, and after the end nothing is said.
#include <cstdlib>

#include "gateway/dialects/xmpp_frames.hpp"

using namespace halley;

namespace {

struct checking_sink final : framing_sink, domain_directory {
  const network* settings_of(std::string_view) const override { return &config; }
  bool connect(std::string_view) override { return true; }
  void to_browser(std::string_view frame) override {
    const char* problem = nullptr;
    // An element gets namespaces on its way: a little longer, two attributes more.
    if (over || !xmpp::is_one_element(frame, {1 << 20, 70, 80}, problem)) std::abort();
  }
  void to_server(std::string_view) override {}
  void start_tls() override {}
  void end(farewell, std::string_view) override {
    if (over) std::abort();
    over = true;
  }
  network config;
  bool over = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  checking_sink sink;
  xmpp_frames frames(sink);
  frames.from_browser("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a'/>", sink);
  frames.on_open(false, sink);
  // A zero byte stands between what the server and what the browser says, in turn.
  for (bool server = true; !text.empty(); server = !server) {
    const std::string_view part = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (server)
      frames.from_server(part, sink);
    else
      frames.from_browser(part, sink);
  }
  (void)frames.last_words();
  return 0;
}
