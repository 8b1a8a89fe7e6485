// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever a browser sends, the chat dialect answers with commands that keep its promises or with a
// failure in words.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "gateway/base/utf8.hpp"
#include "gateway/dialects/chat.hpp"
#include "gateway/dialects/json_fields.hpp"

namespace {

// Data from a network is told as the value it is, or as the text it is, and never breaks out.
void look_at_data(const halley::chat_dialect& chat, std::string_view text) {
  using namespace halley;
  if (!is_utf8(text)) return;
  data_event event;
  event.value = text;
  const std::string told = chat.encode(event);
  if (told.find_first_of("<\n\r") != std::string::npos) std::abort();
  const auto read = nlohmann::json::parse(told, nullptr, false);
  if (read.is_discarded() || read["ev"] != "data") std::abort();
  const auto value = nlohmann::json::parse(text, nullptr, false);
  if (read["value"] != (is_json(text) ? value : nlohmann::json(text))) std::abort();
}

}  // namespace

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
  look_at_data(chat, text);
  return 0;
}
