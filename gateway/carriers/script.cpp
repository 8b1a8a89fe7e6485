// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/carriers/script.hpp"

#include <algorithm>

namespace halley {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_digit_or_dot(char c) {
  return (c >= '0' && c <= '9') || c == '.';
}

}  // namespace

bool is_callback_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit_or_dot(c); });
}

std::string print_call(std::string_view callback, std::string_view json) {
  std::string out = "/**/";
  out.append(callback).append("(").append(json).append(");");
  return out;
}

}  // namespace halley
