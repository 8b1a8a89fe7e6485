// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/xhr_stream.hpp"

#include <utility>

namespace halley {

xhr_stream_carrier::xhr_stream_carrier(const carrier_context& context, byte_stream stream)
    : answer_stream(context, std::move(stream), carrier_kind::xhr_stream,
                    context.limits.stream_bytes) {}

void xhr_stream_carrier::append_hello(std::string& out, std::string_view hello) const {
  out.append(prelude_size, ' ');
  out += '\n';
  append_event(out, 0, hello);
}

void xhr_stream_carrier::append_event(std::string& out, std::uint64_t number,
                                      std::string_view text) const {
  out += std::to_string(number);
  out += ' ';
  out += text;
  out += '\n';
}

void xhr_stream_carrier::append_heartbeat(std::string& out) {
  out += '\n';
}

void xhr_stream_carrier::append_end(std::string& out, const failure* why) {
  if (why == nullptr) return;
  out += "! ";
  out += context().speech.print_failure(*why);
  out += '\n';
}

void xhr_stream_carrier::append_come_again(std::string& out) const {
  out += "= \n";
}

}  // namespace halley
