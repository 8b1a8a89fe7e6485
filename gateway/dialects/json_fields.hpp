// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading checked fields out of a JSON object. The first mistake is kept as a failure that names its
// field; what is read after it has no meaning. This is where everything a browser sends is checked:
// UTF-8, NUL, CR, LF, code points XML 1.0 forbids, and length.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/errors.hpp"
#include "gateway/chat/failure.hpp"

namespace halley {

// Parses text that may come from anybody: bounded depth, no exception, an answer in plain words.
result<nlohmann::json, failure> parse_json(std::string_view text);

// Whether it is one JSON value, no deeper than parse_json() takes.
bool is_json(std::string_view text);

// Nothing if the value may be used; `lines` allows LF and TAB.
std::optional<std::string> find_fault(std::string_view value, std::size_t limit, bool lines);

class json_fields {
 public:
  explicit json_fields(const nlohmann::json& object) : object_(object) {}

  // A non-empty string.
  std::string required(const char* name, std::size_t limit) { return read(name, limit, true, false); }
  // A string, empty if it is not there.
  std::string optional(const char* name, std::size_t limit) {
    return read(name, limit, false, false);
  }
  std::string lines(const char* name, std::size_t limit) { return read(name, limit, true, true); }
  std::int64_t integer(const char* name, std::int64_t otherwise);
  bool flag(const char* name, bool otherwise);
  std::vector<std::string> texts(const char* name, std::size_t limit, std::size_t most);
  // Index of the string in `choices`; `otherwise` if the field is not there.
  std::size_t choice(const char* name, const std::vector<std::string_view>& choices,
                     std::size_t otherwise);
  bool has(const char* name) const { return object_.contains(name); }
  const nlohmann::json* find(const char* name) const;

  void fail(std::string field, std::string text);
  bool ok() const { return !why_; }
  const failure& why() const { return *why_; }

 private:
  std::string read(const char* name, std::size_t limit, bool needed, bool lines);

  const nlohmann::json& object_;
  std::optional<failure> why_;
};

}  // namespace halley
