// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_stream.hpp"

#include <utility>

#include "gateway/base/xml_text.hpp"

namespace halley {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  xmpp::append_escaped(out, text);
  return out;
}

// Both are about attributes of one tag: most sessions open their stream twice and never again.
std::string pack(const stream_header& header) {
  std::string out = "<a";
  const auto add = [&out](std::string_view name, const std::string& value) {
    if (!value.empty()) out.append(" ").append(name).append("=\"").append(value).append("\"");
  };
  add("to", header.to);
  add("from", header.from);
  add("version", header.version);
  add("xml:lang", header.lang);
  out += "/>";
  out.shrink_to_fit();
  return out;
}

stream_header unpack(std::string_view packed) {
  stream_header out;
  for_xml_attributes(packed, [&out](std::string_view name, std::string_view value) {
    if (name == "to") out.to = value;
    if (name == "from") out.from = value;
    if (name == "version") out.version = value;
    if (name == "xml:lang") out.lang = value;
  });
  return out;
}

}  // namespace

const stream_header bosh_stream::nothing_;

void bosh_stream::open(const bosh_request& as) {
  stream_header mine = unpack(mine_);
  if (!as.to.empty()) mine.to = escaped(as.to);
  if (!as.from.empty()) mine.from = escaped(as.from);
  if (!as.lang.empty()) mine.lang = escaped(as.lang);
  if (!as.xmpp_version.empty()) mine.version = escaped(as.xmpp_version);
  if (mine.version.empty()) mine.version = "1.0";
  mine_ = pack(mine);
  stream_.open(mine, out_);
}

bool bosh_stream::is_ready(bool with_features) const {
  return greeted_ && (has_features_ || !with_features);
}

std::string bosh_stream::from() const {
  return server().from.empty() ? unpack(mine_).to : server().from;
}

void bosh_stream::on_header(const stream_header& header) {
  greeted_ = greeted_ || !header.id.empty();
  if (!told_) theirs_ = std::make_unique<stream_header>(header);
}

void bosh_stream::on_lost() {
  if (!std::exchange(ended_, true)) ending_ = "remote-connection-failed";
}

std::string_view bosh_stream::last_words() const {
  return stream_.is_running() && !stream_.is_closed() ? std::string_view("</stream:stream>")
                                                      : std::string_view();
}

void bosh_stream::on_features(std::string_view features) {
  has_features_ = true;
  news_ += features;
}

void bosh_stream::on_stream_error(std::string_view error) {
  error_ = error;
  ending_ = "remote-stream-error";
}

void bosh_stream::on_trouble(std::string_view) {
  ended_ = true;
  ending_ = "remote-stream-error";
  if (error_.empty())
    error_ = "<stream:error xmlns:stream=\"http://etherx.jabber.org/streams\">"
             "<undefined-condition xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/></stream:error>";
}

}  // namespace halley
