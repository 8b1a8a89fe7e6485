// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/json_fields.hpp"

#include <algorithm>

#include "gateway/base/utf8.hpp"
#include "gateway/chat/limits.hpp"

namespace halley {
namespace {

using nlohmann::json;

// Depth is counted before anything is built: a tree of 10,000 levels is never made.
bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limit::json_depth) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace

result<json, failure> parse_json(std::string_view text) {
  if (too_deep(text))
    return failure{failure_code::bad_request,
                   "The JSON is nested more than " + std::to_string(limit::json_depth) +
                       " levels deep.",
                   ""};
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded())
    return failure{failure_code::bad_request, "This is not JSON in UTF-8.", ""};
  return {boost::system::in_place_value, std::move(parsed)};
}

bool is_json(std::string_view text) {
  // The parser takes a NUL for the end and looks at nothing behind it.
  return text.find('\0') == std::string_view::npos && !too_deep(text) && json::accept(text);
}

std::optional<std::string> find_fault(std::string_view value, std::size_t limit, bool lines) {
  if (value.size() > limit)
    return "is longer than " + std::to_string(limit) + " bytes";
  if (!is_utf8(value)) return "is not UTF-8";
  for (const char c : value) {
    if (c == '\0') return "has a NUL character";
    if (c == '\r') return "has a carriage return";
    if (c == '\n' && !lines) return "has a line break";
  }
  if (find_xml_illegal(value) != std::string_view::npos)
    return "has a control character that no chat network can carry";
  return std::nullopt;
}

const json* json_fields::find(const char* name) const {
  const auto at = object_.find(name);
  return at == object_.end() || at->is_null() ? nullptr : &*at;
}

void json_fields::fail(std::string field, std::string text) {
  if (why_) return;
  std::string sentence = "The field " + field + ' ' + std::move(text) + '.';
  why_ = failure{failure_code::bad_field, std::move(sentence), std::move(field)};
}

std::string json_fields::read(const char* name, std::size_t limit, bool needed, bool lines) {
  const json* value = find(name);
  if (value == nullptr) {
    if (needed) fail(name, "is missing");
    return {};
  }
  if (!value->is_string()) {
    fail(name, "must be a string");
    return {};
  }
  const auto& text = value->get_ref<const std::string&>();
  if (needed && text.empty()) fail(name, "is empty");
  // IRC formatting codes are control characters: what people type has none of them, so they are
  // refused like all others; styles have their own place.
  if (auto fault = find_fault(text, limit, lines)) fail(name, *fault);
  return text;
}

std::int64_t json_fields::integer(const char* name, std::int64_t otherwise) {
  const json* value = find(name);
  if (value == nullptr) return otherwise;
  if (!value->is_number_integer() || (value->is_number_unsigned() &&
                                      value->get<std::uint64_t>() > (1ULL << 53))) {
    fail(name, "must be a whole number");
    return otherwise;
  }
  return value->get<std::int64_t>();
}

bool json_fields::flag(const char* name, bool otherwise) {
  const json* value = find(name);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) {
    fail(name, "must be true or false");
    return otherwise;
  }
  return value->get<bool>();
}

std::vector<std::string> json_fields::texts(const char* name, std::size_t limit,
                                            std::size_t most) {
  const json* value = find(name);
  std::vector<std::string> out;
  if (value == nullptr || !value->is_array()) {
    fail(name, "must be an array of strings");
    return out;
  }
  if (value->size() > most) fail(name, "has more than " + std::to_string(most) + " entries");
  for (const json& one : *value) {
    if (!one.is_string()) {
      fail(name, "must be an array of strings");
      return out;
    }
    const auto& text = one.get_ref<const std::string&>();
    if (auto fault = find_fault(text, limit, false)) fail(name, *fault);
    out.push_back(text);
  }
  return out;
}

std::size_t json_fields::choice(const char* name, const std::vector<std::string_view>& choices,
                                std::size_t otherwise) {
  if (find(name) == nullptr) return otherwise;
  const std::string given = optional(name, limit::nick);
  const auto at = std::find(choices.begin(), choices.end(), given);
  if (at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  std::string all;
  for (const auto one : choices) all += (all.empty() ? "" : ", ") + std::string(one);
  fail(name, "must be one of: " + all);
  return otherwise;
}

}  // namespace halley
