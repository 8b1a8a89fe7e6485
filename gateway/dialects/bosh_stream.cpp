// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dialects/bosh_stream.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "gateway/base/xml_text.hpp"

namespace halley {
namespace {

constexpr std::string_view stream_error = "remote-stream-error";

std::string escaped(std::string_view text) {
  std::string out;
  xmpp::append_escaped(out, text);
  return out;
}

// One value after the other, each with a NUL behind it, which XML has not.
std::unique_ptr<const char[]> pack(const stream_header& header) {
  std::string out;
  for (const std::string* one : {&header.to, &header.from, &header.version, &header.lang})
    out.append(one->c_str(), one->size() + 1);
  auto packed = std::make_unique_for_overwrite<char[]>(out.size());
  std::copy(out.begin(), out.end(), packed.get());
  return packed;
}

stream_header unpack(const char* packed) {
  stream_header out;
  if (packed == nullptr) return out;
  for (std::string* one : {&out.to, &out.from, &out.version, &out.lang}) {
    *one = packed;
    packed += one->size() + 1;
  }
  return out;
}

}  // namespace

const stream_header bosh_stream::nothing_;

void bosh_stream::open(const bosh_request& as) {
  stream_header mine = unpack(mine_.get());
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
  return server().from.empty() ? unpack(mine_.get()).to : server().from;
}

void bosh_stream::on_header(const stream_header& header) {
  greeted_ = greeted_ || !header.id.empty();
  if (!told_) theirs_ = std::make_unique<stream_header>(header);
}

void bosh_stream::on_lost() {
  // A server that has said why it leaves need not say its farewell, too.
  if (!std::exchange(ended_, true) && !trouble_)
    trouble_ = std::make_unique<trouble>(trouble{"remote-connection-failed", {}});
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
  trouble_ = std::make_unique<trouble>(trouble{stream_error, std::string(error)});
}

void bosh_stream::on_trouble(std::string_view why) {
  ended_ = true;
  if (trouble_) return;
  std::string error =
      "<stream:error xmlns:stream=\"http://etherx.jabber.org/streams\">"
      "<undefined-condition xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>"
      "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\" xml:lang=\"en\">";
  xmpp::append_escaped(error, why);
  trouble_ = std::make_unique<trouble>(trouble{stream_error, error + "</text></stream:error>"});
}

}  // namespace halley
