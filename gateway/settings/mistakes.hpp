// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with a settings file, collected so that all of it is said in one go. Internal to
// this room. Values are never repeated: some of them are secrets.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "gateway/settings/settings.hpp"

namespace halley {

class mistakes {
 public:
  explicit mistakes(std::string file) : file_(std::move(file)) {}

  // `key` is the whole one: "http.listen".
  void add(const toml::source_region& where, const std::string& key, const std::string& text);
  bool none() const { return lines_.empty(); }
  // Throws settings_error if there is any.
  void refuse() const;

 private:
  struct line {
    toml::source_position at;
    std::string text;
  };
  std::string file_;
  std::vector<line> lines_;
};

// Refuses what is right option by option and wrong together. `document` is the file `all` was read
// from; networks stand in both in the same order.
void find_contradictions(const toml::table& document, const settings& all, mistakes& found);

}  // namespace halley
