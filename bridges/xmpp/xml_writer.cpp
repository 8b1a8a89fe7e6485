// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridges/xmpp/xml_writer.hpp"

#include <cassert>

namespace halley::xmpp {

void xml_writer::end_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

xml_writer& xml_writer::open(std::string_view name) {
  assert(depth_ < most_depth);
  end_tag();
  out_ += '<';
  out_ += name;
  open_[depth_++] = name;
  in_tag_ = true;
  return *this;
}

xml_writer& xml_writer::attribute(std::string_view name, std::string_view value) {
  assert(in_tag_);
  if (value.empty()) return *this;
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  append_escaped(out_, value);
  out_ += '"';
  return *this;
}

xml_writer& xml_writer::text(std::string_view value) {
  end_tag();
  append_escaped(out_, value);
  return *this;
}

xml_writer& xml_writer::close() {
  assert(depth_ > 0);
  --depth_;
  if (in_tag_) {
    out_ += "/>";
    in_tag_ = false;
  } else {
    out_ += "</";
    out_ += open_[depth_];
    out_ += '>';
  }
  return *this;
}

xml_writer& xml_writer::leaf(std::string_view name, std::string_view value) {
  return open(name).text(value).close();
}

std::string xml_writer::finish() {
  while (depth_ > 0) close();
  return std::move(out_);
}

}  // namespace halley::xmpp
