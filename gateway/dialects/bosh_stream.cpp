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

}  // namespace

void bosh_stream::open(const bosh_request& as) {
  if (!as.to.empty()) mine_.to = escaped(as.to);
  if (!as.from.empty()) mine_.from = escaped(as.from);
  if (!as.lang.empty()) mine_.lang = escaped(as.lang);
  if (!as.xmpp_version.empty()) mine_.version = escaped(as.xmpp_version);
  if (mine_.version.empty()) mine_.version = "1.0";
  stream_.open(mine_, out_);
}

bool bosh_stream::is_ready(bool with_features) const {
  return !theirs_.id.empty() && (has_features_ || !with_features);
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
