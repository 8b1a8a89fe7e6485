// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/forever_frame.hpp"

#include <utility>

#include "gateway/base/random.hpp"

namespace halley {

std::string forever_frame_carrier::make_nonce() {
  return random_token(22);
}

std::string forever_frame_carrier::policy(std::string_view nonce, std::string_view origin) {
  std::string out = "default-src 'none'; script-src 'nonce-";
  out.append(nonce).append("'; frame-ancestors ").append(origin);
  return out;
}

forever_frame_carrier::forever_frame_carrier(const carrier_context& context, byte_stream stream,
                                             std::string nonce, frame_owner owner)
    : answer_stream(context, std::move(stream), carrier_kind::forever_frame,
                    context.limits.stream_bytes),
      nonce_(std::move(nonce)),
      owner_(std::move(owner)) {}

// `h` posts a line, `e` one that has an object; each takes its own element away again, or the
// document would grow with the conversation.
void forever_frame_carrier::append_hello(std::string& out, std::string_view hello) const {
  out += "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Halley</title></head><body>\n";
  out.append("<!--").append(prelude_size, ' ').append("-->\n");
  append_script(out, "function h(l){parent.postMessage({halley:\"" + owner_.frame +
                         "\",line:l},\"" + owner_.origin +
                         "\");document.currentScript.remove()}"
                         "function e(m,o){h(m+\" \"+JSON.stringify(o))}");
  append_event(out, 0, hello);
}

void forever_frame_carrier::append_script(std::string& out, std::string_view call) const {
  out += "<script nonce=\"";
  out += nonce_;
  out += "\">";
  out += call;
  out += "</script>\n";
}

// What a dialect prints is a JavaScript literal that may stand in a script element as it is
// (dialect.hpp), so that no recipient costs an encoding of his own.
void forever_frame_carrier::append_object(std::string& out, std::string_view mark,
                                          std::string_view text) const {
  out += "<script nonce=\"";
  out += nonce_;
  out += "\">e(";
  out += mark;
  out += ',';
  out += text;
  out += ")</script>\n";
}

void forever_frame_carrier::append_event(std::string& out, std::uint64_t number,
                                         std::string_view text) const {
  append_object(out, std::to_string(number), text);
}

void forever_frame_carrier::append_heartbeat(std::string& out) {
  append_script(out, "h(\"\")");
}

void forever_frame_carrier::append_end(std::string& out, const failure* why) {
  if (why != nullptr) append_object(out, "\"!\"", context().speech.print_failure(*why));
}

void forever_frame_carrier::append_come_again(std::string& out) const {
  append_script(out, "h(\"= \")");
}

}  // namespace halley
