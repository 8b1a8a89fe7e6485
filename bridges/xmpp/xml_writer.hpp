// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes one stanza. The choke point of everything a browser says: every value passes escaped(),
// where bytes that are not UTF-8 and code points XML 1.0 forbids become U+FFFD. Names are literals
// of this program. A stream sends nothing but what stands in one of these.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/base/xml_text.hpp"

namespace halley::xmpp {

class xml_writer {
 public:
  xml_writer() = default;
  explicit xml_writer(std::string_view name) { open(name); }

  xml_writer& open(std::string_view name);
  xml_writer& open(std::string_view name, std::string_view space) {
    return open(name).attribute("xmlns", space);
  }
  // An attribute of the element opened last, before it has content. Empty values are left out.
  xml_writer& attribute(std::string_view name, std::string_view value);
  xml_writer& text(std::string_view value);
  xml_writer& close();
  // An element with text and nothing else.
  xml_writer& leaf(std::string_view name, std::string_view value);
  // Closes what is open and hands the stanza out.
  std::string finish();

 private:
  void end_tag();
  static constexpr std::size_t most_depth = 12;
  std::string out_;
  std::array<std::string_view, most_depth> open_{};
  std::size_t depth_ = 0;
  bool in_tag_ = false;
};

}  // namespace halley::xmpp
