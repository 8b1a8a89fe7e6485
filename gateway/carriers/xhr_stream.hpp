// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session's events as lines of text, for XMLHttpRequest or fetch that read an answer while it
// arrives: blanks to fill the browser's buffer, then "0 <hello>", "N <event>", an empty line as
// heartbeat, "! <error>", and "= " when the reader is to come again with its cursor.
#pragma once

#include <string>
#include <string_view>

#include "gateway/carriers/answer_stream.hpp"

namespace halley {

class xhr_stream_carrier final : public answer_stream {
 public:
  // Plain text, so that nobody takes it for a page (with nosniff).
  static constexpr std::string_view content_type = "text/plain; charset=utf-8";

  xhr_stream_carrier(const carrier_context& context, byte_stream stream);

 private:
  void append_hello(std::string& out, std::string_view hello) const override;
  void append_event(std::string& out, std::uint64_t number, std::string_view text) const override;
  void append_heartbeat(std::string& out) override;
  void append_end(std::string& out, const failure* why) override;
  void append_come_again(std::string& out) const override;
};

}  // namespace halley
