// SPDX-License-Identifier: GPL-3.0-or-later
//
// The framing of Kiwi's transport: whatever a client sends as SockJS, what is taken out of it is text, and
// what is said to it is a frame that its own reader takes apart again into the very messages.
#include <cstdlib>

#include "gateway/base/utf8.hpp"
#include "gateway/dialects/irc_return.hpp"
#include "gateway/dialects/sockjs.hpp"
#include "tests/unit/dialects/framing_recorder.hpp"

using namespace halley;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> messages;
  (void)sockjs.unwrap(text, [&messages](std::string_view one) {
    if (!is_utf8(one)) std::abort();
    messages.emplace_back(one);
    return messages.size() < 100;
  });
  std::vector<std::string> again;
  const auto take = [&again](std::string_view one) {
    again.emplace_back(one);
    return true;
  };
  if (!sockjs.unwrap(print_sockjs(messages).substr(1), take) || again != messages) std::abort();
  if (is_utf8(text)) {
    std::string frame;
    sockjs.wrap(frame, text);
    again.clear();
    if (!sockjs.unwrap(std::string_view(frame).substr(1), take) || again.at(0) != text)
      std::abort();
  }
  // The lines of a client that comes back, and of its server.
  framing_recorder sink;
  irc_return lines;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.empty()) continue;
    if (line.front() == '>')
      (void)lines.take_from_browser(line.substr(1), false, sink);
    else
      (void)lines.take_from_server(line);
    lines.after_server(sink);
  }
  if (!lines.is_agreed()) return 0;
  missed_frames missed{{std::string(text)}, true};
  (void)lines.tell(missed, "2026", sink);
  return 0;
}
