// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/sockjs.hpp"

#include <nlohmann/json.hpp>

#include "gateway/dialects/json_fields.hpp"
#include "gateway/dialects/json_text.hpp"

namespace halley {
namespace {

// 5.1.1: browsers that wait for a stream to begin; the newline ends it.
const std::string stream_prelude = std::string(2048, 'h') + '\n';
// The same for a page that comes into a frame.
constexpr std::size_t html_padding = 1024;

// The client decodes it as a URI, and a field of an event is one line.
std::string with_escapes(std::string_view frame) {
  std::string out;
  for (const char c : frame) {
    if (c == '%') out += "%25";
    else if (c == '\r') out += "%0D";
    else if (c == '\n') out += "%0A";
    else out += c;
  }
  return out;
}

// A string of the language; without "<", so that it cannot end the script element it stands in.
std::string literal(std::string_view frame) {
  std::string out;
  append_json_string(out, frame);
  return out;
}

std::string print_html(const std::string& callback, std::string_view frame) {
  std::string out =
      "<!doctype html>\n<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
      "charset=UTF-8\"></head><body><h2>Don't panic!</h2>\n<script>\n"
      "  var c = parent." + callback + ";\n  c.start();\n"
      "  function p(d) {c.message(d);};\n  window.onload = c.stop;\n</script>";
  out.append(html_padding, ' ');
  return out + "\r\n\r\n<script>\np(" + literal(frame) + ");\n</script>\r\n";
}

}  // namespace

void sockjs_envelope::wrap(std::string& out, std::string_view message) const {
  out += "a[";
  append_json_string(out, message);
  out += ']';
}

bool sockjs_envelope::unwrap(std::string_view frame,
                             const std::function<bool(std::string_view)>& take) const {
  if (frame.empty()) return true;  // 3.4: ignored
  const auto parsed = parse_json(frame);
  if (!parsed) return false;
  if (parsed->is_string()) {
    (void)take(parsed->get_ref<const std::string&>());
    return true;
  }
  if (!parsed->is_array()) return false;
  for (const auto& one : *parsed)
    if (!one.is_string()) return false;
  for (const auto& one : *parsed)
    if (!take(one.get_ref<const std::string&>())) break;
  return true;
}

std::string sockjs_envelope::farewell_frame(farewell, std::string_view text) const {
  return print_sockjs_close(3000, text.empty() ? "Go away!" : text);
}

std::string print_sockjs(const std::vector<std::string>& messages) {
  std::string out = "a";
  append_json_array(out, messages, [](std::string& to, const std::string& one) {
    append_json_string(to, one);
  });
  return out;
}

std::string print_sockjs_close(int code, std::string_view reason) {
  std::string out = "c[" + std::to_string(code) + ',';
  append_json_string(out, reason);
  return out += ']';
}

std::string_view sockjs_content_type(sockjs_receiver kind) {
  switch (kind) {
    case sockjs_receiver::eventsource:
      return "text/event-stream; charset=UTF-8";
    case sockjs_receiver::htmlfile:
      return "text/html; charset=UTF-8";
    case sockjs_receiver::xhr:
    case sockjs_receiver::xhr_streaming:
    case sockjs_receiver::jsonp:
      break;
  }
  return "application/javascript; charset=UTF-8";
}

std::string print_sockjs_answer(const sockjs_form& form, std::string_view frame) {
  switch (form.kind) {
    case sockjs_receiver::xhr:
      break;
    case sockjs_receiver::xhr_streaming:
      return stream_prelude + std::string(frame) + '\n';
    case sockjs_receiver::eventsource:
      return "\r\ndata: " + with_escapes(frame) + "\r\n\r\n";
    case sockjs_receiver::htmlfile:
      return print_html(form.callback, frame);
    case sockjs_receiver::jsonp:
      // The comment keeps the caller from choosing the first bytes (CVE-2014-4671).
      return "/**/" + form.callback + '(' + literal(frame) + ");\r\n";
  }
  return std::string(frame) + '\n';
}

std::optional<std::string_view> sockjs_form_field(std::string_view body) {
  if (!body.starts_with("d=")) return std::nullopt;
  return body.substr(2, body.find('&') - 2);
}

std::string print_sockjs_info(std::uint32_t entropy) {
  std::string out;
  json_object fields(out);
  fields.flag("websocket", true);
  fields.flag("cookie_needed", false);
  append_json_array(fields.key("origins"), std::vector<std::string>{"*:*"},
                    [](std::string& to, const std::string& one) { append_json_string(to, one); });
  fields.number("entropy", entropy);
  fields.close();
  return out;
}

bool is_sockjs_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && id.find('.') == std::string_view::npos;
}

}  // namespace halley
