// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever a browser sends, the chat dialect answers with commands that keep its promises or with a
// failure in words.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/base/utf8.hpp"
#include "gateway/dialects/chat.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace halley;
  static const chat_dialect chat;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = chat.decode(text);
  if (read.has_value()) {
    for (const auto& one : read->commands) {
      const auto* asked = std::get_if<numbered_command>(&one);
      if (asked == nullptr) continue;
      if (asked->n == 0) std::abort();
      const auto* say = std::get_if<say_command>(&asked->what);
      if (say != nullptr && (!is_utf8(say->text) || say->text.find('\0') != std::string::npos ||
                             say->text.find('\r') != std::string::npos || say->to.empty()))
        std::abort();
      const auto* join = std::get_if<join_command>(&asked->what);
      if (join != nullptr && join->room.find_first_of("\r\n") != std::string::npos) std::abort();
    }
  } else if (read.error().text.empty() || !is_utf8(chat.print_failure(read.error()))) {
    std::abort();
  }
  (void)chat.decode_enter(text);
  return 0;
}
