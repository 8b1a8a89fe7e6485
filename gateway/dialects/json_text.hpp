// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing JSON by appending (RFC 8259): events are encoded on the hot path, where a tree per event
// costs six times as much. Reading is nlohmann/json's work.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace halley {

// `text` must be valid UTF-8. Also escapes U+2028, U+2029 and '<', so that the result may stand in a
// script element.
void append_json_string(std::string& out, std::string_view text);

// A JSON value that is known to be one, without white space outside of strings, and escaped for the
// same places. Numbers stay as they are written.
void append_json_value(std::string& out, std::string_view value);

// Members of one object, with commas where they belong. Writes "{" at once and "}" in close().
class json_object {
 public:
  explicit json_object(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  // The key alone; the value is the caller's to append.
  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void text_if(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    key(name).append(digits, end);
  }
  void number_if(std::string_view name, std::int64_t value) {
    if (value != 0) number(name, value);
  }
  void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void flag_if(std::string_view name, bool value) {
    if (value) flag(name, true);
  }

 private:
  std::string& out_;
  bool first_ = true;
};

// Appends an array of what `each(out, item)` writes.
template <class Range, class Each>
void append_json_array(std::string& out, const Range& items, Each&& each) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    each(out, item);
  }
  out += ']';
}

}  // namespace halley
